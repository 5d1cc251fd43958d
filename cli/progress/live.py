"""A run as a picture on a terminal, from its first task that must run to its end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, TextIO

from ...compiler.plan import Task, TaskId
from ...runtime.events import Event, ExecutorStarting, RunEnded
from ...runtime.interrupts import held_back
from ..terminal import write_to
from .lines import Line, Lines
from .tally import Tally

if TYPE_CHECKING:
    from .screen import Screen


class LiveProgress:
    """Keeps the picture up; before anything runs it only counts, and imports nothing.

    `former` returns what tasks of a run's pipeline took before, in seconds; it is called beside
    the run, with the run's name, once something must run.
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        lines: Lines,
        *,
        stream: TextIO,
        former: Callable[[str], Mapping[TaskId, float]],
    ) -> None:
        self._tally = Tally(tasks)
        self._tasks = tasks
        self._lines = lines
        self._stream = stream
        self._former = former
        self._lock = threading.Lock()
        self._screen: Screen | None = None

    def __call__(self, event: Event) -> None:
        """Show what an event changes."""
        # A half-drawn picture is no place to be interrupted at.
        with held_back():
            with self._lock:
                self._tally.see(event, time.monotonic())
            if isinstance(event, ExecutorStarting):
                self._open()
            for line in self._lines.beside(event):
                self._say(line)
            if isinstance(event, RunEnded):
                self.close()

    def use(self, cpus: float | None) -> None:
        """Know how many CPUs the executor has, which says how much of what it took can run."""
        with self._lock:
            self._tally.cpus = cpus

    def close(self) -> None:
        """Leave the last picture on the terminal and the terminal as it was; safe to call twice."""
        screen, self._screen = self._screen, None
        if screen is not None:
            with held_back():
                screen.close()

    def _open(self) -> None:
        from .screen import Screen

        self._screen = Screen(
            self._tally,
            self._lock,
            self._tasks,
            former=partial(self._former, self._tally.run),
            starting=self._lines.starting,
            stream=self._stream,
        )

    def _say(self, line: Line) -> None:
        if self._screen is None:
            write_to(self._stream, f"{line.text}\n")
        else:
            self._screen.say(line)
