"""How long the rest of a run will take, as far as former runs and this one tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...compiler.plan import Task, TaskId
from ...runtime.estimate import estimate, expected_seconds
from .tally import Tally

_EVERY = 1.0
"""Seconds between two estimates; in between it counts down."""

_MOST_TASKS = 5000
"""Of more it would take too long to say, a second after the other."""

_LEAST_KNOWN = 0.9
"""The share of the open tasks of which something must be known."""


class Remaining:
    """Estimates now and then, from what `former` says that tasks took, in seconds.

    What is put into `former` later counts from then on.
    """

    def __init__(self, tasks: Sequence[Task], former: Mapping[TaskId, float]) -> None:
        self._tasks = tasks if len(tasks) <= _MOST_TASKS else ()
        self._former = former
        self._said: float | None = None
        self._at: float | None = None

    def seconds(self, tally: Tally, now: float) -> float | None:
        """Return the seconds left, or None where that is not known or next to nothing."""
        if not self._tasks or tally.starting is not None:
            return None
        if self._at is None or now - self._at >= _EVERY:
            self._said, self._at = self._estimated(tally, now), now
        if self._said is None:
            return None
        left = self._said - (now - self._at)
        return left if left >= 1 else None

    def _estimated(self, tally: Tally, now: float) -> float | None:
        expected = expected_seconds(self._tasks, {**self._former, **tally.taken})
        for task, since in tally.running():
            known = expected[task.id]
            expected[task.id] = None if known is None else max(0.0, known - (now - since))
        still = tally.open()
        found = estimate(self._tasks, still, expected, cpus=tally.cpus or 1.0)
        return None if found.unknown > len(still) * (1 - _LEAST_KNOWN) else found.seconds
