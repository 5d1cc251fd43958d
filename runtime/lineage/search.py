"""Find what versions were made from, and what was made from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from ...compiler.point import point_text
from ..store.records import Version
from .archive import Archive, place_of
from .graph import Edge, Lineage, VersionKey, key_of_version

Direction = Literal["up", "down"]
_Neighbours = Callable[
    [Archive, Version], "Iterator[tuple[str, VersionKey, Version | None]] | None"
]


def trace(
    archive: Archive, roots: Sequence[Version], direction: Direction, *, depth: int | None
) -> Lineage:
    """Return what leads to some versions (`up`) or away from them (`down`), to `depth` edges.

    What is gone or damaged is in the result as unknown. Raises StoreError for the world alone.
    """
    neighbours: _Neighbours = _made_from if direction == "up" else _made_of_it
    found: dict[VersionKey, Version | None] = {key_of_version(one): one for one in roots}
    edges: list[Edge] = []
    unknown: list[VersionKey] = []
    level = list(found)
    for _ in _levels(depth):
        after: list[VersionKey] = []
        for key in level:
            version = found[key]
            beside = None if version is None else neighbours(archive, version)
            if beside is None:
                unknown.append(key)
                continue
            for parameter, other, record in beside:
                ends = (other, key) if direction == "up" else (key, other)
                edges.append(Edge(source=ends[0], target=ends[1], parameter=parameter))
                if other not in found:
                    found[other] = record
                    after.append(other)
        level = after
        if not level:
            break
    return Lineage(
        roots=tuple(key_of_version(one) for one in roots),
        versions=tuple(found.items()),
        edges=tuple(edges),
        unknown=tuple(unknown),
        cut=tuple(key for key in level if _goes_on(archive, found[key], neighbours)),
    )


def _levels(depth: int | None) -> Iterator[int]:
    level = 0
    while depth is None or level < depth:
        yield level
        level += 1


def _goes_on(archive: Archive, version: Version | None, neighbours: _Neighbours) -> bool:
    beside = None if version is None else neighbours(archive, version)
    return beside is not None and any(True for _ in beside)


def _made_from(
    archive: Archive, version: Version
) -> Iterator[tuple[str, VersionKey, Version | None]] | None:
    inputs = archive.inputs(version)
    return None if inputs is None else _inputs(archive, version, inputs)


def _inputs(
    archive: Archive, version: Version, inputs: tuple[tuple[str, str, str], ...]
) -> Iterator[tuple[str, VersionKey, Version | None]]:
    for parameter, artifact, digest in inputs:
        place = place_of(version.pipeline, artifact)
        if place is None:
            continue
        source = archive.resolve(place, digest, version.run)
        key = (*place, 0, digest) if source is None else key_of_version(source)
        yield parameter, key, source


def _made_of_it(
    archive: Archive, version: Version
) -> Iterator[tuple[str, VersionKey, Version | None]]:
    here = (version.pipeline, version.artifact, point_text(version.point))
    for reader in archive.readers(version.pipeline, version.content.digest):
        for parameter, artifact, digest in archive.inputs(reader) or ():
            if digest != version.content.digest or place_of(reader.pipeline, artifact) != here:
                continue
            met = archive.resolve(here, digest, reader.run)
            if met is not None and met.number == version.number:
                yield parameter, key_of_version(reader), reader
