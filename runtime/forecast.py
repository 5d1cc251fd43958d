"""What a compiled spec would do against a store, found out in memory."""

from __future__ import annotations

from pathlib import Path

from ..compiler.driver import Compiled
from ..compiler.render_plan import plan_bytes, plan_digest
from ..compiler.workspace import Workspace
from .predict import Decision, predict
from .prepare import Problem, bind_run, prepare
from .store import reuse
from .store.backend import Backend
from .store.overlay import Overlay


def forecast(
    compiled: Compiled, *, folder: Path, workspace: Workspace, backend: Backend | None
) -> tuple[Decision, ...] | tuple[Problem, ...]:
    """Return what would happen to each task, or everything that would keep the run from starting.

    `folder` is the spec's; `backend` the store as it is, None where there is none yet. New
    sources are read and converted in memory; nothing is written. Raises StoreError.
    """
    plan, code_folder = compiled.plan, compiled.code_folder
    assert plan is not None, "only what compiled has a forecast"
    assert code_folder is not None, "only what compiled has a forecast"
    overlay = Overlay(backend)
    bindings = prepare(
        plan,
        backend=overlay,
        folder=folder,
        code_folder=code_folder,
        workspace=workspace,
    )
    if isinstance(bindings, tuple):
        return bindings
    bound = bind_run("forecast", plan, plan_digest(plan_bytes(plan)), bindings, overlay.url)
    is_new = backend is None or reuse.is_empty(backend)
    return predict(bound, overlay, is_new=is_new)
