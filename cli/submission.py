"""What `submit` does, from the spec to the summary."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..compiler.workspace import Workspace
from ..runtime.events import Event, RunEnded, TaskEnded
from .compiling import compile_spec, plan_or_stop
from .failures import detail_lines, status_of, task_diagnostic
from .places import made_store
from .problems import report_problems, say_invalid
from .progress import Progress
from .status import DONE, INTERRUPTED
from .terminal import duration, say_json, tell, tell_text, wants_colour

if TYPE_CHECKING:
    from ..compiler.driver import Compiled
    from ..compiler.plan import Artifact
    from ..runtime.binding import BoundRun
    from ..runtime.executor import Executor
    from ..runtime.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """The options of one `submit`."""

    spec: str
    given: list[str] | None
    parameters: str | None
    store: str | None
    executor: str
    keep_going: bool
    in_order: bool
    json: bool
    events: bool
    quiet: bool
    verbose: bool

    def run(self) -> int:
        """Compile, prepare, execute, report; return the exit status."""
        workspace = Workspace()
        compiled = compile_spec(self.spec, self.given, self.parameters, workspace=workspace)
        if compiled.plan is None and self.json:
            return say_invalid(compiled.diagnostics)
        plan_or_stop(compiled, quiet=self.quiet)
        store = made_store(self.store, spec=Path(self.spec))
        return self._execute(compiled, workspace, store)

    def _execute(self, compiled: Compiled, workspace: Workspace, store: Store) -> int:
        from ..runtime.perform import Request, perform

        seen = _Seen(self._listener())
        result = perform(
            Request(
                compiled=compiled,
                folder=Path(self.spec).resolve().parent,
                workspace=workspace,
                keep_going=self.keep_going,
                in_order=self.in_order,
                command=tuple(sys.argv),
            ),
            store=store,
            open_executor=self._open_executor,
            emit=seen,
        )
        if isinstance(result, tuple):
            return report_problems(compiled, result, json=self.json)
        return self._report(compiled, result, seen)

    def _open_executor(self) -> Executor:
        if self.executor == "inline":
            from ..runtime.inline import InlineExecutor

            return InlineExecutor()
        from ..cluster.engine.executor import embedded_executor
        from ..cluster.engine.session import Machine

        return embedded_executor(
            Machine(), lambda line: None if self.quiet else tell(f"  note: {line}")
        )

    def _listener(self) -> Callable[[Event], None]:
        if self.events:
            return _stream
        return Progress(executor=self.executor, quiet=self.quiet, verbose=self.verbose)

    def _report(self, compiled: Compiled, bound: BoundRun, seen: _Seen) -> int:
        assert seen.end is not None, "a run that began has ended"
        if self.json:
            say_json(_result(bound, seen))
        elif not self.events:
            self._say_failures(compiled, seen)
            if not self.quiet:
                _summarise(bound, seen)
        match seen.end.state:
            case "succeeded":
                return DONE
            case "cancelled":
                return INTERRUPTED
            case _:
                return status_of([one for one in seen.ended if one.state == "failed"])

    def _say_failures(self, compiled: Compiled, seen: _Seen) -> None:
        from ..compiler.render.full import render_full

        for ended in seen.ended:
            if ended.failure is None:
                continue
            diagnostic = task_diagnostic(compiled, ended)
            tell_text(render_full((diagnostic,), colour=wants_colour(sys.stderr)))
            tell_text(detail_lines(ended))
            if ended.log is not None and seen.end is not None:
                tell(f"    log: reprocc logs {seen.end.run} {shlex.quote(ended.task)}")


class _Seen:
    """The events of a run that the report needs, passed on as they come."""

    def __init__(self, listener: Callable[[Event], None]) -> None:
        self._listener = listener
        self._ended: dict[str, TaskEnded] = {}
        self.end: RunEnded | None = None

    def __call__(self, event: Event) -> None:
        if isinstance(event, TaskEnded):
            self._ended[event.task] = event
        elif isinstance(event, RunEnded):
            self.end = event
        self._listener(event)

    @property
    def ended(self) -> tuple[TaskEnded, ...]:
        """Every task's end, the last where it ended twice."""
        return tuple(self._ended.values())


def _stream(event: Event) -> None:
    say_json({"event": type(event).__name__, **asdict(event)})


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


def _summarise(bound: BoundRun, seen: _Seen) -> None:
    assert seen.end is not None, "a run that began has ended"
    tally: dict[str, int] = {}
    for ended in seen.ended:
        tally[ended.state] = tally.get(ended.state, 0) + 1
    words = {"succeeded": "ran"}
    said = ", ".join(
        f"{tally[state]} {words.get(state, state)}"
        for state in ("succeeded", "reused", "failed", "skipped", "cancelled")
        if state in tally
    )
    if tally.keys() == {"reused"}:
        said = f"nothing to do, all {len(seen.ended)} reused"
    tell(f"{seen.end.state} in {duration(seen.end.seconds)}: {said}")
    if seen.end.state == "succeeded" and "succeeded" in tally:
        _list_final(bound)


def _list_final(bound: BoundRun) -> None:
    """Name what the pipeline was for: the artifacts that nothing reads further."""
    read = {wanted.artifact for task in bound.plan.tasks for wanted in task.inputs}
    final = [name for name in bound.artifacts if name not in read]
    for name in final[:10]:
        path = f"{name}{_suffix(bound.artifacts[name])}"
        tell(f"  {name}: reprocc get {bound.plan.pipeline}/{name} -o {path}")


def _suffix(artifact: Artifact) -> str:
    """Return what a copy's name should end in; that of many points is a folder."""
    if artifact.axes:
        return ""
    return {"table": ".parquet", "metrics": ".json"}.get(artifact.kind, artifact.suffix)
