"""What a store remembers of a task: its last identity, how long it took, whether it failed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ..compiler.fingerprint import Fingerprint
from ..compiler.plan import Task
from .store import reuse, runs, versions
from .store.backend import Backend, Damaged, Missing, StoreError
from .store.records import ReuseRecord, TaskRecord
from .store.sealed import NewerFormat

_MOST_LISTED = 12
"""Newest runs of the store among which those of the pipeline are sought."""

_MOST_READ = 3
"""Runs of the pipeline whose tasks are read; what they do not know, the versions do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """What a task was when it last gave something; `run` is the run that knew it so."""

    record: ReuseRecord
    run: str


class History:
    """The last runs of a pipeline, and beyond them its newest versions; read when asked for.

    So it takes a few files a task, however many runs the store holds.
    """

    def __init__(self, backend: Backend, pipeline: str) -> None:
        self._backend = backend
        self._pipeline = pipeline

    @cached_property
    def is_new(self) -> bool:
        """Whether nothing has ever run against the store."""
        return reuse.is_empty(self._backend)

    def former(self, task: Task) -> Former | None:
        """Return what a task last was, or None where it never gave anything. Raises StoreError."""
        for run, tasks in self._runs:
            known = tasks.get(task.id)
            if known is not None and known.fingerprint is not None:
                record = reuse.latest(self._backend, Fingerprint(known.fingerprint))
                if record is not None:
                    return Former(record=record, run=run)
        return self._of_versions(task)

    def failed(self, task: Task, fingerprint: Fingerprint) -> str | None:
        """Return the run in which a task of this identity last failed, if that was its last."""
        for run, tasks in self._runs:
            known = tasks.get(task.id)
            if known is not None and known.fingerprint is not None:
                is_it = known.state == "failed" and known.fingerprint == fingerprint
                return run if is_it else None
        return None

    def _of_versions(self, task: Task) -> Former | None:
        for output in task.outputs:
            try:
                newest = versions.newest(self._backend, self._pipeline, output.artifact, task.point)
            except Damaged:
                continue
            record = None if newest is None else reuse.latest(self._backend, newest.fingerprint)
            if newest is not None and record is not None:
                return Former(record=record, run=newest.run)
        return None

    @cached_property
    def _runs(self) -> list[tuple[str, dict[str, TaskRecord]]]:
        """The tasks of the last runs of the pipeline, the newest run first."""
        listed = [
            one
            for one in runs.summaries(self._backend, _MOST_LISTED)
            if one.pipeline == self._pipeline
        ]
        # Names count seconds; two runs of one second are told apart by when they started.
        listed.sort(key=lambda one: one.started, reverse=True)
        return [(one.run, self._tasks(one.run)) for one in listed[:_MOST_READ]]

    def _tasks(self, run: str) -> dict[str, TaskRecord]:
        try:
            return {task.task: task for task in runs.read(self._backend, run)[1]}
        except (Missing, Damaged, NewerFormat, StoreError):
            return {}
