"""Run a bound plan: settle what is already there, run what is not, keep the record."""

from __future__ import annotations

from collections.abc import Callable

from .binding import ArtifactPoint, BoundRun
from .content import Content
from .events import Event, RunEnded, RunState
from .executor import OpenExecutor
from .interrupts import held_back
from .record import Recorder
from .scope import Scope
from .store.backend import Backend
from .walk import Walk


def execute(
    bound: BoundRun,
    *,
    backend: Backend,
    scope: Scope,
    recorder: Recorder,
    open_executor: OpenExecutor,
    restore_source: Callable[[ArtifactPoint], Content],
    emit: Callable[[Event], None],
    keep_going: bool,
    in_order: bool,
) -> RunState:
    """Walk the plan to its end and return how it ended.

    `scope` says what comes from outside the plan's tasks and which of them run in any case.
    `open_executor` is called when the first task is found that must run, so a run in which
    nothing is stale starts nothing. `restore_source` brings a source's content back into the
    store. After a failure nothing new starts, unless `keep_going`: then only what depends on the
    failed task is skipped. KeyboardInterrupt cancels what runs and ends the run as `cancelled`;
    once the run is being ended, no signal disturbs it.

    Raises StoreError where the store itself fails.
    """
    walk = Walk(
        bound,
        backend=backend,
        scope=scope,
        recorder=recorder,
        open_executor=open_executor,
        restore_source=restore_source,
        emit=emit,
        keep_going=keep_going,
        in_order=in_order,
    )
    try:
        try:
            while not walk.is_over:
                walk.advance()
                walk.collect()
        except KeyboardInterrupt:
            walk.interrupt()
        with held_back(dropped=True):
            walk.close()
            state = walk.end()
            emit(RunEnded(run=bound.run, state=state, seconds=recorder.end(state)))
            return state
    finally:
        with held_back(dropped=True):
            walk.close()
