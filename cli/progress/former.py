"""How long the tasks of a pipeline took in its last runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...compiler.plan import TaskId

if TYPE_CHECKING:
    from ...runtime.store.backend import Backend

_MOST_LISTED = 20
"""Newest runs of the store among which those of the pipeline are sought."""

_MOST_READ = 5


def former_seconds(backend: Backend, pipeline: str, *, besides: str) -> dict[TaskId, float]:
    """Return the seconds that tasks took when they last ran, in any run but `besides`.

    A few files are read, however many tasks there are. Raises StoreError.
    """
    from ...runtime.store import runs

    listed = runs.summaries(backend, _MOST_LISTED)
    names = [one.run for one in listed if one.pipeline == pipeline and one.run != besides]
    found: dict[TaskId, float] = {}
    for name in names[:_MOST_READ]:
        for task in runs.read(backend, name)[1]:
            if task.state == "succeeded":
                found.setdefault(TaskId(task.task), task.seconds)
    return found
