"""The executor without a cluster: one attempt at a time, where the command runs."""

from __future__ import annotations

from collections import deque

from ..compiler.plan import Resources
from .executor import Assignment, Outcome
from .worker.execute import execute
from .worker.worker import Worker


class InlineExecutor:
    """Runs each attempt when it is waited for; resources are not looked at.

    KeyboardInterrupt during a wait ends the attempt under way and escapes. Raises OSError where
    the temporary folder cannot be written to.
    """

    def __init__(self, worker: Worker | None = None) -> None:
        self._worker = Worker() if worker is None else worker
        self._waiting: deque[Assignment] = deque()

    @property
    def room(self) -> int:
        """One attempt at a time."""
        return 0 if self._waiting else 1

    def infeasible(self, resources: Resources) -> str | None:  # noqa: ARG002
        """Nothing is: an attempt gets this machine, whatever it asks for."""
        return None

    def start(self, assignment: Assignment) -> None:
        """Take an attempt, to be run by `wait`."""
        self._waiting.append(assignment)

    def wait(self, timeout: float | None) -> list[Outcome]:  # noqa: ARG002
        """Run the next attempt to its end and return it; nothing where none was taken."""
        if not self._waiting:
            return []
        return [execute(self._waiting.popleft(), worker=self._worker)]

    def close(self) -> None:
        """Drop what was not run, and end every process; safe to call twice."""
        self._waiting.clear()
        self._worker.close()
