"""Versions: the numbered contents of an artifact at a point, by create-only manifests."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote

from ...compiler.fingerprint import Fingerprint
from ...compiler.point import Point, key_of, parse_point
from ..content import Content
from ..contracts.report import ContractReport
from . import layout
from .append import append, new_nonce, numbers
from .at_once import each
from .backend import Backend, Damaged, Missing
from .objects import is_content_whole, touch_content
from .records import TagTarget, Version
from .records_json import decode_version, encode_version
from .sealed import damaged_record
from .survey import surveyed


def newest(backend: Backend, pipeline: str, artifact: str, point: Point) -> Version | None:
    """Return the version with the highest number, or None where there is none.

    Raises Damaged where its manifest is.
    """
    found = numbers(backend, layout.versions_of(pipeline, artifact, point))
    return _read(backend, pipeline, artifact, point, found[-1]) if found else None


def find(
    backend: Backend, pipeline: str, artifact: str, point: Point, number: int
) -> Version | None:
    """Return the version with this number, or None where there is none. Raises Damaged."""
    try:
        return _read(backend, pipeline, artifact, point, number)
    except Missing:
        return None


def history(backend: Backend, pipeline: str, artifact: str, point: Point) -> tuple[Version, ...]:
    """Return all versions, the oldest first. Raises Damaged at the first damaged manifest."""
    found = numbers(backend, layout.versions_of(pipeline, artifact, point))
    return tuple(
        each(backend, lambda number: _read(backend, pipeline, artifact, point, number), found)
    )


def publish(
    backend: Backend,
    *,
    pipeline: str,
    artifact: str,
    point: Point,
    content: Content,
    run: str,
    task: str,
    fingerprint: Fingerprint,
    reused_from: str | None,
    contract: ContractReport | None,
    created: str,
    inputs: tuple[tuple[str, str, str], ...] | None = None,
    location: str | None = None,
    was_stored: bool = False,
) -> tuple[Version, bool]:
    """Make a content the newest version; return that version and whether it was appended.

    The objects of the content must be stored before: during this run, or else `was_stored` has
    them touched before they are named, and Missing raised where one has gone. Nothing is appended
    where the newest version has the same digest, unless objects of that one are gone and this
    content brings others. Of racing writers each gets its own number, without gaps. Raises
    StoreError.
    """
    nonce = new_nonce()
    kept: list[Version] = []

    def version(number: int) -> Version:
        return Version(
            pipeline=pipeline,
            artifact=artifact,
            point=point,
            number=number,
            content=content,
            run=run,
            task=task,
            fingerprint=fingerprint,
            reused_from=reused_from,
            contract=contract,
            created=created,
            nonce=nonce,
            inputs=inputs,
            location=location,
        )

    def seal(last: int) -> bytes | None:
        current = _readable(backend, pipeline, artifact, point, last)
        if current is not None and _says_the_same(backend, current.content, content):
            kept.append(current)
            return None
        if was_stored:
            touch_content(backend, content)
        return encode_version(version(last + 1))

    number = append(backend, layout.versions_of(pipeline, artifact, point), seal)
    return (kept[-1], False) if number is None else (version(number), True)


def are_there(backend: Backend, pipeline: str, artifact: str, targets: Sequence[TagTarget]) -> bool:
    """Say whether the manifests of all these versions are there."""
    keys = [layout.version_key(pipeline, artifact, one.point, one.number) for one in targets]
    return all(each(backend, lambda key: backend.stat(key) is not None, keys))


def artifacts(backend: Backend, pipeline: str | None = None) -> tuple[tuple[str, str], ...]:
    """Return the pairs of pipeline and artifact that have versions, sorted."""
    names = _folders(backend, layout.PIPELINES) if pipeline is None else (pipeline,)
    return tuple(
        (name, artifact)
        for name in names
        for artifact in _folders(backend, layout.artifacts_of(name))
    )


def newest_of_all(backend: Backend, pipeline: str | None = None) -> tuple[Version, ...]:
    """Return the newest version of every artifact at every point, of one pipeline or of all.

    They are sorted by pipeline, artifact and point. Raises Damaged where a manifest is.
    """
    names = _folders(backend, layout.PIPELINES) if pipeline is None else (pipeline,)
    found: list[Version] = []
    for name in names:
        view = surveyed(backend, name)
        places = [
            (view, name, artifact, point)
            for _, artifact in artifacts(view, name)
            for point in points(view, name, artifact)
        ]
        versions = each(view, lambda place: newest(*place), places)
        found += (version for version in versions if version is not None)
    return tuple(found)


def points(backend: Backend, pipeline: str, artifact: str) -> tuple[Point, ...]:
    """Return the points at which an artifact has versions, in order of their axes' values."""
    folder = layout.versions_of(pipeline, artifact, ())
    names = backend.children(folder)
    found: list[Point] = [()] if any(layout.number_of(name) for name in names) else []
    for name in names:
        if name.endswith("/") and (point := _point(backend, folder + name)) is not None:
            found.append(point)
    return tuple(sorted(found, key=lambda point: [(axis, key_of(value)) for axis, value in point]))


def _says_the_same(backend: Backend, current: Content, content: Content) -> bool:
    if current.digest != content.digest:
        return False
    return current.parts == content.parts or is_content_whole(backend, current)


def _readable(
    backend: Backend, pipeline: str, artifact: str, point: Point, number: int
) -> Version | None:
    """Return a version to compare with; a damaged manifest is no reason not to publish."""
    if not number:
        return None
    try:
        return find(backend, pipeline, artifact, point, number)
    except Damaged:
        return None


def _read(backend: Backend, pipeline: str, artifact: str, point: Point, number: int) -> Version:
    key = layout.version_key(pipeline, artifact, point, number)
    place = f"{backend.url}/{key}"
    version = decode_version(backend.get(key), place)
    found = layout.version_key(version.pipeline, version.artifact, version.point, version.number)
    if found != key:
        raise damaged_record(place)
    return version


def _folders(backend: Backend, prefix: str) -> tuple[str, ...]:
    return tuple(name[:-1] for name in backend.children(prefix) if name.endswith("/"))


def _point(backend: Backend, folder: str) -> Point | None:
    """Return the point of a folder: by its name where that is whole, else by a manifest."""
    name = folder.rstrip("/").rpartition("/")[2]
    try:
        point = parse_point(unquote(name))
    except ValueError:
        point = ()
    if layout.point_folder(point) == name:
        return point
    for number in reversed(numbers(backend, folder)):
        try:
            data = backend.get(folder + layout.numbered(number))
            return decode_version(data, f"{backend.url}/{folder}").point
        except (Damaged, Missing):
            continue
    return None
