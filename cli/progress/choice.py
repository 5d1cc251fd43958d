"""Which transformations a picture shows where the terminal has fewer lines than there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from ...runtime.events import TaskState
from .tally import Row, Tally

_LATEST = 3
"""Transformations shown that ended last, as long as something else goes on."""


_WORDS: tuple[tuple[TaskState, str], ...] = (
    ("failed", "failed"),
    ("cancelled", "cancelled"),
    ("skipped", "skipped"),
    ("succeeded", "done"),
)


def choose(tally: Tally, running: Collection[str], room: int) -> tuple[Sequence[Row], str]:
    """Return the rows to show in at most `room` lines, and what is said in one line of the rest.

    What runs, what failed and what comes next goes before what is done; at the end of a run what
    failed, then what took longest.
    """
    rows = tally.rows
    if len(rows) <= room:
        return rows, ""
    latest = {
        row.name
        for row in sorted(
            (row for row in rows if row.is_over and row.ended is not None),
            key=lambda row: -(row.ended or 0.0),
        )[:_LATEST]
    }
    ranks = {row.name: _rank(row, tally.is_over, running, latest) for row in rows}
    kept = sorted(rows, key=lambda row: (*ranks[row.name], row.order))[: max(1, room - 1)]
    names = {row.name for row in kept}
    left = [row for row in rows if row.name not in names]
    return sorted(kept, key=lambda row: row.order), _folded(left)


def _rank(
    row: Row, is_over: bool, running: Collection[str], latest: Collection[str]
) -> tuple[int, float]:
    if is_over:
        return (0 if row.states["failed"] else 1, -row.work)
    if row.name in running or row.retrying:
        return (0, 0.0)
    if row.states["failed"]:
        return (1, 0.0)
    if row.name in latest:
        return (2, 0.0)
    if not row.is_over:
        return (3, 0.0)
    return (4, -(row.ended or 0.0))


def _folded(rows: Sequence[Row]) -> str:
    """Say how many rows are not shown, by what became of them."""
    counts = Counter(_word(row) for row in rows)
    if len(counts) == 1:
        ((word, count),) = counts.items()
        return f"{count} more {word}"
    return f"{len(rows)} more: " + ", ".join(f"{count} {word}" for word, count in counts.items())


def _word(row: Row) -> str:
    if not row.is_over:
        return "waiting" if row.began is None and not row.settled else "begun"
    return next((word for state, word in _WORDS if row.states[state]), "reused")
