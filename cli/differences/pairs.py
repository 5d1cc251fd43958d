"""Which versions `diff` holds against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...compiler.point import Point, point_text, with_point
from ..reference import Reference, find_versions, parse_reference, points_of, with_pipeline
from ..status import REFUSED
from ..stop import Stop

if TYPE_CHECKING:
    from ...runtime.store.backend import Backend
    from ...runtime.store.records import Version

    Pairs = list[tuple[Version | None, Version | None]]


def find_pairs(backend: Backend, old: str, new: str) -> Pairs:
    """Return the versions of two references side by side.

    One version each are a pair, whatever they are; where either names several points they pair
    by point, and a point that one of them lacks has None there.
    """
    one, other = _found(backend, old), _found(backend, new)
    if len(one) == len(other) == 1:
        return [(one[0], other[0])]
    if one[0].content.kind != other[0].content.kind:
        raise other_kind(one[0], other[0])
    before = {point_text(version.point): version for version in one}
    after = {point_text(version.point): version for version in other}
    points = [*before, *(point for point in after if point not in before)]
    return [(before.get(point), after.get(point)) for point in points]


def newest_pairs(backend: Backend, name: str) -> Pairs:
    """Return the newest version at each point with the one before it.

    A point that has had one version only has None there; not all can be such.
    """
    reference = with_pipeline(backend, parse_reference(name))
    if reference.version is not None:
        raise Stop(
            f"`{name}` is one version, and a second one is missing",
            status=REFUSED,
            help=f"write `reprocc diff {name} {reference.name}` to compare it with the newest",
        )
    found: Pairs = []
    for point in points_of(backend, reference):
        pair = _last_two(backend, reference, point)
        if pair is not None:
            found.append(pair)
    if all(old is None for old, _ in found):
        raise Stop(
            f"`{with_point(reference.name, reference.point or ())}` has one version only",
            status=REFUSED,
            help="name two versions: `reprocc diff A B`",
        )
    return found


def other_kind(old: Version, new: Version) -> Stop:
    """Return the end of a comparison that makes no sense."""
    return Stop(
        f"`{old.artifact}` is of kind {old.content.kind}, "
        f"but `{new.artifact}` is of kind {new.content.kind}",
        status=REFUSED,
        help="compare two versions of one kind",
    )


def _found(backend: Backend, text: str) -> list[Version]:
    return find_versions(backend, with_pipeline(backend, parse_reference(text)))


def _last_two(
    backend: Backend, reference: Reference, point: Point
) -> tuple[Version | None, Version | None] | None:
    from ...runtime.store import versions

    assert reference.pipeline is not None, "the pipeline was found"
    place = (reference.pipeline, reference.artifact, point)
    new = versions.newest(backend, *place)
    if new is None:
        return None
    if new.number == 1:
        return None, new
    return versions.find(backend, *place, new.number - 1), new
