"""Keeps the record of a run while it goes: tasks in batches, so that reuse costs no file a task."""

from __future__ import annotations

import contextlib
import time
from collections import Counter

from ..compiler.canonical import encode_text
from .events import RunState
from .interrupts import held_back
from .store.backend import StoreError
from .store.records import RunEnd, RunStart, TaskRecord
from .store.runs import RunRecords

LONGEST_BATCH = 1000
LONGEST_WAIT = 1.0
BEAT = 20 * 60.0
"""Seconds after which a run says again that it is under way, so that nothing of it is collected."""


class Recorder:
    """Writes a run's records; what was settled waits at most about a second for its batch."""

    def __init__(self, records: RunRecords, start: RunStart) -> None:
        self._records = records
        self._run = start.run
        self._batch: list[TaskRecord] = []
        self._states: dict[str, str] = {}
        self._began = self._written = self._beaten = time.monotonic()
        self._has_ended = False
        records.start(start)

    def task(self, record: TaskRecord) -> None:
        """Take one settled task."""
        self._batch.append(record)
        self._states[record.task] = record.state
        if len(self._batch) >= LONGEST_BATCH:
            self.flush()
        self.flush_overdue()

    @property
    def patience(self) -> float:
        """How many seconds what waits to be written may still wait."""
        due = self._written + LONGEST_WAIT if self._batch else self._beaten + BEAT
        return max(0.0, due - time.monotonic())

    def flush_overdue(self) -> None:
        """Write the batch if it has waited long enough, and that the run is under way."""
        now = time.monotonic()
        if self._batch and now >= self._written + LONGEST_WAIT:
            self.flush()
        if now >= self._beaten + BEAT:
            self._beaten = now
            with contextlib.suppress(StoreError):
                self._records.beat()

    def flush(self) -> None:
        """Write the batch that waits."""
        with held_back():
            if self._batch:
                self._records.tasks(tuple(self._batch))
                self._batch.clear()
            self._written = time.monotonic()

    def end(self, state: RunState) -> float:
        """Write what waits and the last record; return the seconds that the run took."""
        self.flush()
        return self._end(state)

    def abandon(self, state: RunState) -> float | None:
        """End a run that cannot go on, with as much of its record as the store still takes.

        Return the seconds it took, or None where it had ended before.
        """
        if self._has_ended:
            return None
        with contextlib.suppress(StoreError):
            self.flush()
        with contextlib.suppress(StoreError):
            self._end(state)
        return time.monotonic() - self._began

    def _end(self, state: RunState) -> float:
        seconds = time.monotonic() - self._began
        self._records.end(
            RunEnd(
                run=self._run,
                state=state,
                seconds=round(seconds, 3),
                counts=encode_text(dict(Counter(self._states.values()))),
            )
        )
        self._has_ended = True
        return seconds
