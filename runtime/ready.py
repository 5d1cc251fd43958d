"""A run that could start: what is selected, bound to what it meets, with what is there already."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ..compiler.driver import Compiled
from ..compiler.render_plan import plan_bytes, plan_digest
from ..compiler.workspace import Workspace
from .binding import BoundRun
from .prepare import Bindings, Problem, bind_run, prepare
from .scope import Scope, find_scope
from .selection import Selection, Wanted, narrow, select
from .store.backend import Backend


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A run before its first record.

    The plan of `bound` has the selected tasks alone, out of `planned`; `data` are the bytes of
    the whole plan.
    """

    bound: BoundRun
    bindings: Bindings
    scope: Scope
    data: bytes
    planned: int


def make_ready(
    compiled: Compiled,
    wanted: Wanted,
    *,
    run: str,
    backend: Backend,
    folder: Path,
    workspace: Workspace,
) -> Ready | tuple[Problem, ...]:
    """Bind what is selected of a compiled plan, or return all that keeps it from running.

    `folder` is the spec's. Only the sources, code and environments of what is selected, and of
    what that builds upon, are looked at. Raises StoreError.
    """
    whole, code_folder = compiled.plan, compiled.code_folder
    assert whole is not None, "only what compiled can run"
    assert code_folder is not None, "only what compiled can run"
    selection = None if wanted.is_everything else select(whole, wanted)
    if isinstance(selection, tuple):
        return selection
    plan = whole if selection is None else narrow(whole, selection)
    bindings = prepare(
        plan, backend=backend, folder=folder, code_folder=code_folder, workspace=workspace
    )
    if isinstance(bindings, tuple):
        return bindings
    data = plan_bytes(whole)
    bound = bind_run(run, plan, plan_digest(data), bindings, backend.url)
    scope = Scope() if selection is None else find_scope(bound, selection, backend)
    if isinstance(scope, tuple):
        return scope
    if selection is not None:
        bound = _selected(bound, selection)
    return Ready(bound=bound, bindings=bindings, scope=scope, data=data, planned=len(whole.tasks))


def _selected(bound: BoundRun, selection: Selection) -> BoundRun:
    """Leave no more than the selected tasks and the artifacts that they read or make."""
    tasks = tuple(task for task in bound.plan.tasks if task.id in selection.tasks)
    made = {one.artifact for task in tasks for one in task.outputs}
    touched = made | {one.artifact for task in tasks for one in task.inputs}
    return replace(
        bound,
        plan=replace(bound.plan, tasks=tasks),
        artifacts={name: one for name, one in bound.artifacts.items() if name in touched},
    )
