"""What `submit` does, from the spec to the summary."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..compiler.workspace import Workspace
from ..runtime.events import Event, RunEnded, TaskEnded
from .alike import alike, other_points
from .compiling import compile_spec, plan_or_stop
from .failures import detail_lines, status_of, task_diagnostic
from .memory import memory_folder
from .places import made_store
from .problems import report_problems, say_invalid
from .progress.former import former_seconds
from .progress.listener import Listener, listener_for
from .status import DONE, INTERRUPTED
from .summary import summary
from .terminal import say_json, tell, tell_text, wants_colour

if TYPE_CHECKING:
    from ..compiler.driver import Compiled
    from ..compiler.plan import Task
    from ..runtime.binding import BoundRun
    from ..runtime.executor import Executor
    from ..runtime.selection import Wanted
    from ..runtime.store.store import Store
    from ..runtime.worker.server_key import ServerKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """The options of one `submit`."""

    spec: str
    given: list[str] | None
    parameters: str | None
    wanted: Wanted
    store: str | None
    profile: str | None
    executor: str
    keep_going: bool
    in_order: bool
    json: bool
    events: bool
    quiet: bool
    verbose: bool

    def run(self) -> int:
        """Compile, prepare, execute, report; return the exit status."""
        workspace = Workspace(kept_in=memory_folder())
        compiled = compile_spec(self.spec, self.given, self.parameters, workspace=workspace)
        if compiled.plan is None and self.json:
            return say_invalid(compiled.diagnostics)
        plan_or_stop(compiled, quiet=self.quiet)
        store = made_store(self.store, spec=Path(self.spec), profile=self.profile)
        return self._execute(compiled, workspace, store)

    def _execute(self, compiled: Compiled, workspace: Workspace, store: Store) -> int:
        from ..runtime.perform import Request, perform

        seen = _Seen(self._listener(compiled, store))
        request = Request(
            compiled=compiled,
            folder=Path(self.spec).resolve().parent,
            workspace=workspace,
            keep_going=self.keep_going,
            in_order=self.in_order,
            command=tuple(sys.argv),
            wanted=self.wanted,
        )
        try:
            result = perform(
                request,
                store=store,
                open_executor=lambda wanted: self._open_executor(seen.listener, wanted),
                emit=seen,
            )
        finally:
            seen.listener.close()
        if isinstance(result, tuple):
            return report_problems(compiled, result, json=self.json, was_to_run=True)
        return self._report(compiled, result, seen, store)

    def _open_executor(self, listener: Listener, wanted: tuple[ServerKey, ...]) -> Executor:
        if self.executor == "inline":
            from ..runtime.inline import InlineExecutor

            return InlineExecutor()
        from ..cluster.engine.executor import embedded_executor
        from ..cluster.engine.session import Machine

        executor = embedded_executor(
            Machine(),
            lambda line: None if self.quiet else tell(f"  note: {line}"),
            wanted,
            in_order=self.in_order,
        )
        listener.use(executor.cpus)
        return executor

    def _listener(self, compiled: Compiled, store: Store) -> Listener:
        if self.events:
            return Stream()
        assert compiled.plan is not None, "only what compiled runs"
        pipeline = compiled.plan.pipeline
        return listener_for(
            self._tasks(compiled),
            former=lambda run: former_seconds(store.backend, pipeline, besides=run),
            executor=self.executor,
            quiet=self.quiet,
            verbose=self.verbose,
        )

    def _tasks(self, compiled: Compiled) -> Sequence[Task]:
        """Return the tasks that are selected, in the order of the plan."""
        from ..runtime.selection import select

        assert compiled.plan is not None, "only what compiled runs"
        if self.wanted.is_everything:
            return compiled.plan.tasks
        selection = select(compiled.plan, self.wanted)
        if isinstance(selection, tuple):  # which is found, and said, where the run is made ready
            return ()
        return [task for task in compiled.plan.tasks if task.id in selection.tasks]

    def _report(self, compiled: Compiled, bound: BoundRun, seen: _Seen, store: Store) -> int:
        assert seen.end is not None, "a run that began has ended"
        if self.json:
            say_json(_result(bound, seen))
        elif not self.events:
            self._say_failures(compiled, seen)
            if not self.quiet:
                tell_text(summary(bound, seen.ended, seen.end, store=store, spec=self.spec))
        match seen.end.state:
            case "succeeded":
                return DONE
            case "cancelled":
                return INTERRUPTED
            case _:
                return status_of([one for one in seen.ended if one.state == "failed"])

    def _say_failures(self, compiled: Compiled, seen: _Seen) -> None:
        from ..compiler.render.full import render_full

        groups = alike(seen.ended)
        for number, group in enumerate(groups):
            if number or not self.quiet:
                tell("")
            ended = group[0]
            diagnostic = task_diagnostic(compiled, ended)
            tell_text(render_full((diagnostic,), colour=wants_colour(sys.stderr)))
            tell_text(detail_lines(compiled, ended))
            if len(group) > 1:
                tell(f"    the same at {other_points(group)}")
            if ended.log is not None and seen.end is not None:
                tell(f"    log: reprocc logs {seen.end.run} {shlex.quote(ended.task)}")
        if groups and not self.quiet:
            tell("")


class _Seen:
    """The events of a run that the report needs, passed on as they come."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self._ended: dict[str, TaskEnded] = {}
        self.end: RunEnded | None = None

    def __call__(self, event: Event) -> None:
        if isinstance(event, TaskEnded):
            self._ended[event.task] = event
        elif isinstance(event, RunEnded):
            self.end = event
        self.listener(event)

    @property
    def ended(self) -> tuple[TaskEnded, ...]:
        """Every task's end, the last where it ended twice."""
        return tuple(self._ended.values())


class Stream:
    """Writes each event as a line of JSON on stdout."""

    def __call__(self, event: Event) -> None:
        """Write an event."""
        say_json({"event": type(event).__name__, **asdict(event)})

    def use(self, cpus: float) -> None:
        """Nothing depends on it."""

    def close(self) -> None:
        """Nothing is left to be written."""


def _result(bound: BoundRun, seen: _Seen) -> dict[str, Any]:
    assert seen.end is not None, "a run that began has ended"
    return {
        "run": bound.run,
        "state": seen.end.state,
        "plan": bound.plan_digest,
        "store": bound.store,
        "seconds": round(seen.end.seconds, 3),
        "tasks": [
            {
                "task": ended.task,
                "state": ended.state,
                "fingerprint": ended.fingerprint,
                "seconds": round(ended.seconds, 3),
                "attempts": ended.attempts,
                "outputs": {
                    output.name: {"version": output.version, "digest": output.digest}
                    for output in ended.outputs
                },
                "error": None if ended.failure is None else asdict(ended.failure),
            }
            for ended in seen.ended
        ],
    }
