"""Which runs are under way, and which were killed: what their records and the system tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from ..processes import is_gone
from ..store.records import RunEnd, RunStart, TaskRecord
from .census import Census, run_of_key

SILENT_AFTER = 24 * 3600.0
"""Seconds after its last sign of life when a run counts as killed, if nothing is known of its
process. It gives one every 20 minutes (`record.py`)."""

State = Literal["ended", "under way", "killed", "silent"]


@dataclass(slots=True, kw_only=True)
class RunFile:
    """The records of a run.

    `began` is when its first record was written, `seen` when it last gave a sign of life, both in
    seconds since 1970 by the store's clock.
    """

    run: str
    start: RunStart
    began: float
    seen: float
    batches: list[tuple[TaskRecord, ...]] = field(default_factory=list)
    end: RunEnd | None = None

    @property
    def tasks(self) -> Iterator[TaskRecord]:
        """What is recorded of its tasks, in the order in which it was."""
        return (task for batch in self.batches for task in batch)

    def state(self, now: float) -> State:
        """Return what became of it by `now`, which is seconds since 1970 by the store's clock.

        `killed` is sure; `silent` is a guess from `SILENT_AFTER`.
        """
        if self.end is not None:
            return "ended"
        gone = is_gone(self.start.process)
        if gone is not None:
            return "killed" if gone else "under way"
        return "silent" if now - self.seen > SILENT_AFTER else "under way"


def runs_in(census: Census) -> dict[str, RunFile]:
    """Return the runs of a store that have a first record that can be read, by name."""
    found: dict[str, RunFile] = {}
    for entry in census.of("run-start"):
        if isinstance(entry.record, RunStart):
            run, began = entry.record.run, entry.stat.modified
            seen = max(began, census.beats.get(run, began))
            found[run] = RunFile(run=run, start=entry.record, began=began, seen=seen)
    for entry in census.of("tasks"):
        known = found.get(run_of_key(entry.key))
        if known is not None and isinstance(entry.record, tuple):
            known.batches.append(entry.record)
            known.seen = max(known.seen, entry.stat.modified)
    for entry in census.of("run-end"):
        if isinstance(entry.record, RunEnd) and entry.record.run in found:
            found[entry.record.run].end = entry.record
    return found
