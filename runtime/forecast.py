"""What a compiled spec would do against a store, found out in memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..compiler.driver import Compiled
from ..compiler.workspace import Workspace
from .history import History
from .predict import Decision, predict
from .prepare import Problem
from .ready import Ready, make_ready
from .selection import EVERYTHING, Wanted
from .store.backend import Backend
from .store.overlay import Overlay
from .store.survey import surveyed


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What would happen to each selected task, in plan order, and the run that it would be.

    `ready` reads from `view`, which holds in memory what such a run would have stored.
    """

    decisions: tuple[Decision, ...]
    ready: Ready
    view: Overlay


def forecast(
    compiled: Compiled,
    *,
    folder: Path,
    workspace: Workspace,
    backend: Backend | None,
    wanted: Wanted = EVERYTHING,
) -> Forecast | tuple[Problem, ...]:
    """Return what would happen, or everything that would keep the run from starting.

    `folder` is the spec's; `backend` the store as it is, None where there is none yet. New
    sources are read and converted in memory; nothing is written. Raises StoreError.
    """
    assert compiled.plan is not None, "only what compiled can be foreseen"
    view = Overlay(None if backend is None else surveyed(backend, compiled.plan.pipeline))
    ready = make_ready(
        compiled, wanted, run="forecast", backend=view, folder=folder, workspace=workspace
    )
    if isinstance(ready, tuple):
        return ready
    history = None if backend is None else History(backend, ready.bound.plan.pipeline)
    decisions = predict(ready.bound, view, scope=ready.scope, history=history)
    return Forecast(decisions=decisions, ready=ready, view=view)
