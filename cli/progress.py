"""What a person reads while a run goes: a line for whatever ran, on stderr."""

from __future__ import annotations

from typing import assert_never

from ..runtime.events import (
    Event,
    ExecutorStarting,
    Notice,
    RunEnded,
    RunStarted,
    SourceIngested,
    TaskEnded,
    TaskRetried,
    TaskStarted,
)
from .terminal import duration, short, tell


class Progress:
    """Turns events into lines; `verbose` adds what was reused and what starts."""

    def __init__(self, *, executor: str, quiet: bool, verbose: bool) -> None:
        self._executor = executor
        self._quiet = quiet
        self._verbose = verbose

    def __call__(self, event: Event) -> None:
        """Say what an event is, where it is worth a line."""
        line = None if self._quiet else self._line(event)
        if line is not None:
            tell(line)

    def _line(self, event: Event) -> str | None:
        match event:
            case RunStarted():
                tasks = f"{event.tasks} task{'' if event.tasks == 1 else 's'}"
                return f"{event.pipeline}: {tasks}, plan {short(event.plan)}, run {event.run}"
            case SourceIngested():
                return self._source(event)
            case ExecutorStarting():
                return "  starting Ray on this machine" if self._executor == "ray" else None
            case Notice():
                return f"  note: {event.message}"
            case TaskStarted():
                return f"  {event.task}: attempt {event.attempt}" if self._verbose else None
            case TaskRetried():
                wait = f"again in {duration(event.delay)}"
                return f"  {event.task}: attempt {event.attempt}: {event.failure.message}; {wait}"
            case TaskEnded():
                return self._task(event)
            case RunEnded():
                return None
            case _:
                assert_never(event)

    def _source(self, event: SourceIngested) -> str | None:
        if not event.is_new and not self._verbose:
            return None
        rows = "" if event.rows is None else f", {event.rows} rows"
        state = "new version" if event.is_new else "version"
        name = f"{event.artifact}[{event.point}]" if event.point else event.artifact
        return f"  {name}: {event.location}{rows}, {state} {event.version}"

    def _task(self, event: TaskEnded) -> str | None:
        lines = [f"  warning: {warning}" for warning in event.warnings]
        match event.state:
            case "succeeded":
                lines.append(f"  {event.task}: done in {duration(event.seconds)}")
            case "failed":
                lines.append(f"  {event.task}: failed")
            case "reused" | "skipped" | "cancelled":
                if self._verbose:
                    lines.append(f"  {event.task}: {event.state}")
            case _:
                assert_never(event.state)
        return "\n".join(lines) or None
