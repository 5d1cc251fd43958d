"""A forecast as people read it: a line for tasks that share transformation, decision and reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...compiler.point import key_of, point_text
from ..terminal import duration, table
from .line import reason_of

if TYPE_CHECKING:
    from ...compiler.plan import Task
    from ...compiler.point import Point
    from ...runtime.estimate import Estimate
    from ...runtime.predict import Decision

HEAD = ("TASK", "DECISION", "TIME", "BECAUSE")


def plan_table(tasks: Sequence[Task], decisions: Sequence[Decision], *, each: bool) -> str:
    """Return the table; `each` gives every task a line of its own.

    `decisions` are in the order of `tasks`. Without anything known of times, there is no column
    for them.
    """
    groups: dict[object, list[int]] = {}
    for index, one in enumerate(decisions):
        key = index if each else (tasks[index].transformation, one.decision, reason_of(one))
        groups.setdefault(key, []).append(index)
    points: dict[str, list[Point]] = {}
    for task in tasks:
        points.setdefault(task.transformation, []).append(task.point)
    rows = [
        (
            group_name([tasks[index] for index in group], points),
            decisions[group[0]].decision,
            _time([decisions[index] for index in group]),
            reason_of(decisions[group[0]]),
        )
        for group in groups.values()
    ]
    if any(row[2] not in ("", "?") for row in rows):
        return table(rows, head=HEAD)
    return table([(row[0], row[1], row[3]) for row in rows], head=(HEAD[0], HEAD[1], HEAD[3]))


def group_name(tasks: Sequence[Task], points: dict[str, list[Point]]) -> str:
    """Name tasks of one transformation: `fit ×3`, or `fit[depth=2] ×5` by what they share.

    `points` holds all points of each transformation.
    """
    name = tasks[0].transformation
    if len(tasks) == 1:
        return tasks[0].id
    every = points[name]
    if len(tasks) == len(every):
        return f"{name} ×{len(tasks)}"
    shared = tuple(
        (axis, value)
        for axis, value in tasks[0].point
        if all(key_of(dict(task.point)[axis]) == key_of(value) for task in tasks)
    )
    if shared:
        return f"{name}[{point_text(shared)}] ×{len(tasks)}"
    return f"{name} ×{len(tasks)} of {len(every)}"


def tally(decisions: Sequence[Decision], surely: Estimate, at_most: Estimate) -> str:
    """Sum a forecast up: how many tasks run, and about how long that takes."""
    count = {
        word: sum(one.decision == word for one in decisions) for word in ("run", "reuse", "depends")
    }
    refused = sum(one.refusal is not None for one in decisions)
    if count["reuse"] == len(decisions) and not refused:
        return "nothing to run"
    parts = [f"{count['run']} to run"]
    if count["depends"]:
        parts.append(f"{count['depends']} depending on what runs first")
    if count["reuse"]:
        parts.append(f"{count['reuse']} to reuse")
    if refused:
        parts.append(f"{refused} refused by a contract")
    return ", ".join(parts) + _about(count["run"] + count["depends"], surely, at_most)


def _time(decisions: Sequence[Decision]) -> str:
    if decisions[0].decision == "reuse":
        return ""
    known = [one.seconds for one in decisions if one.seconds is not None]
    return duration(sum(known)) if len(known) == len(decisions) else "?"


def _about(count: int, surely: Estimate, at_most: Estimate) -> str:
    """Say the time from what surely runs to all that may, and the work that it is."""
    if at_most.unknown == count:
        return ""
    low, high = _rounded(surely.seconds), _rounded(at_most.seconds)
    said = f"about {low}" if low == high else f"{low} to {high}"
    work = _rounded(at_most.work)
    if work != high:
        said += f" ({work} of work)" if low == high else f" (up to {work} of work)"
    if at_most.unknown:
        said += f", and {at_most.unknown} not known"
    return f"; {said}"


def _rounded(seconds: float) -> str:
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 100 else duration(seconds)
