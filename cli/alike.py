"""Failures of a transformation's points that are one and the same, put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..compiler.point import parse_point, point_text
from ..runtime.events import TaskEnded

_MOST_NAMED = 5


def alike(ended: Iterable[TaskEnded]) -> list[tuple[TaskEnded, ...]]:
    """Return the tasks that failed, together where they say the same, as they first came."""
    found: dict[tuple[str, ...], list[TaskEnded]] = {}
    for one in ended:
        if one.failure is not None:
            said = (one.failure.reason, one.failure.message, one.failure.detail)
            found.setdefault((one.task.partition("[")[0], *said), []).append(one)
    return [tuple(group) for group in found.values()]


def other_points(group: Sequence[TaskEnded]) -> str:
    """Name the points of all tasks but the first: `degree=2, degree=4 and 3 more`."""
    points = [point_text(parse_point(one.task.partition("[")[2][:-1])) for one in group[1:]]
    more = f" and {len(points) - _MOST_NAMED} more" if len(points) > _MOST_NAMED else ""
    return f"{', '.join(points[:_MOST_NAMED])}{more}"
