"""The lines in which a run is told, one for whatever is worth it."""

from __future__ import annotations

from typing import Literal, NamedTuple, assert_never

from ...runtime.events import (
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
from ..failures import told
from ..terminal import duration, short

Tone = Literal["plain", "warning", "failure"]


class Line(NamedTuple):
    """One line of talk."""

    text: str
    tone: Tone = "plain"


class Lines:
    """Turns events into lines; `verbose` adds what was reused and what starts."""

    def __init__(self, *, executor: str, verbose: bool) -> None:
        self.starting = "starting Ray on this machine" if executor == "ray" else ""
        """What is said while the executor starts; empty where that takes no time."""
        self._verbose = verbose

    def of(self, event: Event) -> list[Line]:
        """Return the lines that an event is worth, for whoever reads nothing else."""
        match event:
            case RunStarted():
                tasks = f"{event.tasks} task{'' if event.tasks == 1 else 's'}"
                return [
                    Line(f"{event.pipeline}: {tasks}, plan {short(event.plan)}, run {event.run}")
                ]
            case ExecutorStarting():
                return [Line(f"  {self.starting}")] if self.starting else []
            case TaskEnded():
                return self._task(event)
            case SourceIngested() | Notice() | TaskStarted() | TaskRetried() | RunEnded():
                return self.beside(event)
            case _:
                assert_never(event)

    def beside(self, event: Event) -> list[Line]:
        """Return the lines that an event is worth beside a picture of the run."""
        match event:
            case SourceIngested():
                return self._source(event)
            case Notice():
                return [Line(f"  note: {event.message}")]
            case TaskStarted():
                return [Line(f"  {event.task}: attempt {event.attempt}")] if self._verbose else []
            case TaskRetried():
                wait = f"again in {duration(event.delay)}"
                said = f"attempt {event.attempt}: {event.failure.message}; {wait}"
                return [Line(f"  {event.task}: {said}", "warning")]
            case TaskEnded():
                lines = _warnings(event)
                if event.state == "failed" or self._verbose:
                    lines.append(_ending(event))
                return lines
            case RunStarted() | ExecutorStarting() | RunEnded():
                return []
            case _:
                assert_never(event)

    def _source(self, event: SourceIngested) -> list[Line]:
        if not event.is_new and not self._verbose:
            return []
        rows = "" if event.rows is None else f", {event.rows} row{'s' * (event.rows != 1)}"
        state = "new version" if event.is_new else "version"
        name = f"{event.artifact}[{event.point}]" if event.point else event.artifact
        return [Line(f"  {name}: {event.location}{rows}, {state} {event.version}")]

    def _task(self, event: TaskEnded) -> list[Line]:
        lines = _warnings(event)
        if event.state in ("succeeded", "failed") or self._verbose:
            lines.append(_ending(event))
        return lines


def _warnings(event: TaskEnded) -> list[Line]:
    return [Line(f"  warning: {warning}", "warning") for warning in event.warnings]


def _ending(event: TaskEnded) -> Line:
    if event.state == "succeeded":
        return Line(f"  {event.task}: done in {duration(event.seconds)}")
    if event.failure is not None:
        return Line(f"  failed: {told(event)}", "failure")
    return Line(f"  {event.task}: {event.state}")
