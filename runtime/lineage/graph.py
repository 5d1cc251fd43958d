"""A lineage: versions, and which was made from which."""

from __future__ import annotations

from dataclasses import dataclass

from ...compiler.point import point_text
from ..store.records import Version

VersionKey = tuple[str, str, str, int, str]
"""Pipeline, artifact, point as text, number, digest; number 0 where no version with the digest is
left. (As text, because to Python the points `x=1` and `x=true` are equal.)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """`target` was made from `source`, which arrived as `parameter`."""

    source: VersionKey
    target: VersionKey
    parameter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """What leads to some versions, or away from them.

    `versions` begin with the `roots`, in the order in which they were found; None stands for a
    manifest that is gone or damaged. `unknown` are versions whose inputs no record tells. `cut`
    are those at which the search ended for its depth, though there is more.
    """

    roots: tuple[VersionKey, ...]
    versions: tuple[tuple[VersionKey, Version | None], ...]
    edges: tuple[Edge, ...]
    unknown: tuple[VersionKey, ...]
    cut: tuple[VersionKey, ...]


def key_of_version(version: Version) -> VersionKey:
    """Return what tells a version from all others."""
    return (
        version.pipeline,
        version.artifact,
        point_text(version.point),
        version.number,
        version.content.digest,
    )


def name_of(key: VersionKey) -> str:
    """Write a version as a person names it: `chain/weights[width=2]@1`.

    One that is gone is named by its digest.
    """
    pipeline, artifact, point, number, digest = key
    return f"{pipeline}/{artifact}{f'[{point}]' if point else ''}@{number or digest}"
