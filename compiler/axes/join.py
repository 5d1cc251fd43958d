"""The natural join of points: equal axes align by value, different axes multiply."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..point import AxisValue, Point
from .grid import MOST_POINTS
from .matrix import identity_of
from .order import point_order

Identity = tuple[tuple[str, str, AxisValue], ...]


class TooManyPoints(Exception):
    """The join has more than `MOST_POINTS` points; `count` says how many."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


def join_points(parts: Sequence[Sequence[Point]]) -> tuple[Point, ...]:
    """Return the natural join of point sets, sorted; the order of the parts does not matter.

    The points of one set are sorted and have the same axes, and no set is empty. Raises
    TooManyPoints.
    """
    if len(parts) == 1:
        return tuple(parts[0])
    joined: Sequence[Point] = ((),)
    for part in sorted(parts, key=lambda points: axes_of(points[0])):
        if joined and part is not joined:
            joined = _pair(joined, part)
    return tuple(sorted(joined, key=point_order))


def project(point: Point, axes: frozenset[str]) -> Point:
    """Return the point on some of its axes."""
    return tuple([pair for pair in point if pair[0] in axes])


def distinct(points: Iterable[Point]) -> tuple[Point, ...]:
    """Return points without repetitions, in their order; `1`, `1.0` and `true` differ."""
    return tuple({identity_of(point): point for point in points}.values())


def lost_points(part: Sequence[Point], joined: Sequence[Point]) -> tuple[Point, ...]:
    """Return the points of a set that no joined point comes from."""
    if not part or len(part[0]) == 0:
        return () if joined else tuple(part)
    axes = frozenset(axes_of(part[0]))
    kept = {identity_of(project(point, axes)) for point in joined}
    if len(kept) == len(part):
        return ()
    return tuple(point for point in part if identity_of(point) not in kept)


def axes_of(point: Point) -> tuple[str, ...]:
    """Return the axes of a point."""
    return tuple(axis for axis, _ in point)


def _pair(left: Sequence[Point], right: Sequence[Point]) -> Sequence[Point]:
    left_axes, right_axes = axes_of(left[0]), axes_of(right[0])
    if not left_axes:
        return right
    shared = frozenset(left_axes) & frozenset(right_axes)
    matches: dict[Identity, list[Point]] = {}
    for point in right:
        matches.setdefault(identity_of(project(point, shared)), []).append(point)
    pairs = [(point, matches.get(identity_of(project(point, shared)), [])) for point in left]
    count = sum(len(others) for _, others in pairs)
    if count > MOST_POINTS:
        raise TooManyPoints(count)
    if left_axes == right_axes:
        return [point for point, others in pairs if others]
    merged = sorted({*left_axes, *right_axes})
    picks = [
        (True, left_axes.index(axis)) if axis in left_axes else (False, right_axes.index(axis))
        for axis in merged
    ]
    return [
        tuple([point[at] if is_left else other[at] for is_left, at in picks])
        for point, others in pairs
        for other in others
    ]
