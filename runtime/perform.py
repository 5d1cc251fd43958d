"""A whole run, from a compiled spec to its last record."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ..compiler.canonical import Json, encode_text
from ..compiler.driver import Compiled
from ..compiler.plan import Plan
from ..compiler.workspace import Workspace
from .binding import ArtifactPoint, BoundRun
from .clock import now_text
from .content import Content
from .events import Event, Notice, RunEnded, RunStarted, RunState
from .execute import execute
from .executor import OpenExecutor
from .interrupts import held_back
from .prepare import Bindings, Problem, publish_sources, take_in
from .processes import this_process
from .ready import Ready, make_ready
from .record import Recorder
from .selection import EVERYTHING, Wanted
from .store.backend import Backend, StoreError
from .store.objects import put_bytes
from .store.records import RunStart
from .store.rewriting import Rewriting
from .store.runs import RunRecords, new_run_id
from .store.store import Store
from .store.survey import surveyed
from .worker.workplace import sweep


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be run: `compiled` has a plan; `folder` is the spec's; `wanted` what of it."""

    compiled: Compiled
    folder: Path
    workspace: Workspace
    keep_going: bool
    in_order: bool
    command: tuple[str, ...]
    wanted: Wanted = EVERYTHING


def perform(
    request: Request,
    *,
    store: Store,
    open_executor: OpenExecutor,
    emit: Callable[[Event], None],
) -> BoundRun | tuple[Problem, ...]:
    """Run a plan and return the run, or what kept it from starting; nothing is stored then.

    How the run ended is told by its last event. Raises StoreError.
    """
    assert request.compiled.plan is not None, "only what compiled can run"
    backend = surveyed(store.backend, request.compiled.plan.pipeline)
    ready = make_ready(
        request.compiled,
        request.wanted,
        run=new_run_id(datetime.now(UTC), os.urandom(2)),
        backend=backend,
        folder=request.folder,
        workspace=request.workspace,
    )
    if isinstance(ready, tuple):
        return ready
    sweep()
    bound = ready.bound
    recorder = Recorder(RunRecords(backend, bound.run), _start(backend, ready, request))
    with _ended_somehow(bound.run, recorder, emit):
        _announce(ready, emit)
        publish_sources(bound, ready.bindings, backend=backend, emit=emit)
        execute(
            bound,
            backend=backend,
            scope=ready.scope,
            recorder=recorder,
            open_executor=open_executor,
            restore_source=_restore(bound, backend, request.folder),
            emit=emit,
            keep_going=request.keep_going,
            in_order=request.in_order,
        )
    return bound


@contextlib.contextmanager
def _ended_somehow(run: str, recorder: Recorder, emit: Callable[[Event], None]) -> Iterator[None]:
    """Leave no run without an end, whatever ends it; what was raised goes on."""
    try:
        yield
    except BaseException as error:
        state: RunState = "cancelled" if isinstance(error, KeyboardInterrupt) else "failed"
        with held_back(dropped=True):
            seconds = recorder.abandon(state)
            if seconds is not None:
                emit(RunEnded(run=run, state=state, seconds=seconds))
        raise


def _announce(ready: Ready, emit: Callable[[Event], None]) -> None:
    bound = ready.bound
    selected = len(bound.plan.tasks)
    emit(
        RunStarted(
            run=bound.run,
            pipeline=bound.plan.pipeline,
            plan=bound.plan_digest,
            store=bound.store,
            tasks=selected,
        )
    )
    if selected < ready.planned:
        emit(Notice(message=f"{selected} of {ready.planned} tasks selected"))


def _start(backend: Backend, ready: Ready, request: Request) -> RunStart:
    """Keep the plan and the spec; return the first record."""
    source = request.compiled.source
    assert source is not None, "what compiled has a source"
    bound, bindings = ready.bound, ready.bindings
    return RunStart(
        run=bound.run,
        pipeline=bound.plan.pipeline,
        plan=bound.plan_digest,
        plan_object=put_bytes(backend, ready.data),
        spec_object=put_bytes(backend, source.text.encode()),
        parameters=_parameters(bound.plan),
        code=tuple(sorted(bindings.snapshots.items())),
        environments=_environments(bindings),
        command=request.command,
        started=now_text(),
        host=socket.gethostname(),
        process=this_process(),
    )


def _parameters(plan: Plan) -> Json:
    inner = ",".join(f"{encode_text(value.name)}:{value.value}" for value in plan.parameters)
    return Json(f"{{{inner}}}")


def _environments(bindings: Bindings) -> Json:
    return encode_text(
        {
            name: {
                "digest": bindings.environments[name].digest,
                "python": lock.python,
                "distributions": [list(pair) for pair in lock.distributions],
            }
            for name, lock in bindings.locks.items()
        }
    )


def _restore(bound: BoundRun, backend: Backend, folder: Path) -> Callable[[ArtifactPoint], Content]:
    plan = bound.plan
    bindings = {(binding.artifact, binding.point): binding for binding in plan.sources}

    def restore(wanted: ArtifactPoint) -> Content:
        taken = take_in(plan, bindings[wanted], backend=Rewriting(backend), folder=folder)
        if isinstance(taken, Problem):
            raise StoreError(
                f"`{wanted[0]}` is damaged in the store and cannot be taken in again: "
                f"{taken.message}",
                place=backend.url,
                remedy=taken.help,
                can_retry=False,
            )
        if taken.content.digest != bound.sources[wanted].digest:
            # Tasks of this run have read the former content; one run is about one.
            raise StoreError(
                f"`{wanted[0]}` is damaged in the store and its source has changed",
                place=backend.url,
                remedy="submit again, with the source as it is now",
                can_retry=False,
            )
        return taken.content

    return restore
