"""Who is told of a run's events, by where stderr leads and how much is to be said."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from ...compiler.plan import Task, TaskId
from ...runtime.events import Event
from ..terminal import is_drawable
from .lines import Lines
from .live import LiveProgress
from .plain import PlainProgress, Silence


class Listener(Protocol):
    """Takes in what happens in a run."""

    def __call__(self, event: Event) -> None:
        """Take an event in."""
        ...

    def use(self, cpus: float) -> None:
        """Know how many CPUs the executor has."""
        ...

    def close(self) -> None:
        """Leave everything as it was found; safe to call twice."""
        ...


def listener_for(
    tasks: Sequence[Task],
    *,
    executor: str,
    quiet: bool,
    verbose: bool,
    former: Callable[[str], Mapping[TaskId, float]],
) -> Listener:
    """Return who tells of a run of these tasks on stderr: a picture on a terminal, else lines.

    `former` returns what the tasks took before the run of this name, in seconds.
    """
    if quiet:
        return Silence()
    lines = Lines(executor=executor, verbose=verbose)
    if is_drawable(sys.stderr):
        return LiveProgress(tasks, lines, stream=sys.stderr, former=former)
    return PlainProgress(lines)
