"""What a run works with besides its sources: what tasks outside the selection made before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..compiler.plan import Task, TaskId
from .binding import ArtifactPoint, BoundRun, identify
from .content import Content
from .prepare import Problem
from .reuse import find_reusable
from .selection import Selection
from .store.backend import Backend


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The contents that come from tasks which are not selected, and the tasks that must run."""

    given: Mapping[ArtifactPoint, Content] = field(default_factory=dict)
    forced: frozenset[TaskId] = frozenset()


def find_scope(
    bound: BoundRun, selection: Selection, backend: Backend
) -> Scope | tuple[Problem, ...]:
    """Return what the selected tasks find in the store, or all that is not there as of now.

    Nothing runs and no version is published. Raises StoreError.
    """
    contents: dict[ArtifactPoint, Content] = dict(bound.sources)
    given: dict[ArtifactPoint, Content] = {}
    lacking: dict[ArtifactPoint, Task] = {}
    uppers: dict[str, set[str]] = {}
    wanted: dict[tuple[str, str], dict[TaskId, None]] = {}
    for task in bound.plan.tasks:
        reads = [(one.artifact, point) for one in task.inputs for point in one.points]
        above = [lacking[key] for key in reads if key in lacking]
        is_selected = task.id in selection.tasks
        if is_selected:
            for one in above:
                if one.id not in selection.tasks:
                    wanted.setdefault((one.transformation, task.transformation), {})[one.id] = None
        before = uppers.setdefault(task.transformation, set())
        before.update(one.transformation for one in above)
        # What a selected task will give is known where it is sure to be reused, and only there.
        is_open = bool(above) or task.id in selection.forced
        made = None if is_open else _found(bound, backend, task, contents)
        for output in task.outputs:
            key = (output.artifact, task.point)
            if made is None:
                lacking[key] = task
                continue
            contents[key] = made[output.name]
            if not is_selected:
                given[key] = made[output.name]
    if wanted:
        return _problems(wanted, uppers)
    return Scope(given=given, forced=selection.forced)


def _found(
    bound: BoundRun, backend: Backend, task: Task, contents: Mapping[ArtifactPoint, Content]
) -> dict[str, Content] | None:
    """Return what a task would be reused with, or None where it would run or be refused."""
    found = find_reusable(backend, bound, task, identify(bound, task, contents))
    return None if found is None or found.failure is not None else dict(found.record.outputs)


def _problems(
    wanted: Mapping[tuple[str, str], Mapping[TaskId, None]], uppers: Mapping[str, set[str]]
) -> tuple[Problem, ...]:
    """Say each missing transformation once, where the first that needs it is declared.

    `uppers` names, for each transformation, those directly above it whose outputs are not there.
    What comes before another that is missing is not said: `--until` that one runs both.
    """
    consumers: dict[str, str] = {}
    tasks: dict[str, dict[TaskId, None]] = {}
    for (producer, consumer), lacking in wanted.items():
        consumers.setdefault(producer, consumer)
        tasks.setdefault(producer, {}).update(lacking)
    covered: set[str] = set()
    frontier = [name for producer in tasks for name in uppers[producer]]
    while frontier:
        name = frontier.pop()
        if name not in covered:
            covered.add(name)
            frontier += uppers[name]
    return tuple(
        Problem(
            kind="upstream",
            subject=consumers[producer],
            span=None,
            message=f"`{consumers[producer]}` needs `{_name(producer, lacking)}` to run first, "
            "and it is not selected",
            help=f"run it with `--until {producer}`, or select it too",
            detail="",
        )
        for producer, lacking in tasks.items()
        if producer not in covered
    )


def _name(producer: str, tasks: Mapping[TaskId, None]) -> str:
    return next(iter(tasks)) if len(tasks) == 1 else producer
