"""What is known of a run while it goes, transformation by transformation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ...compiler.plan import Task, TaskId
from ...runtime.events import (
    Event,
    ExecutorStarting,
    RunEnded,
    RunStarted,
    TaskEnded,
    TaskRetried,
    TaskStarted,
    TaskState,
)


@dataclass(slots=True, kw_only=True)
class Row:
    """One transformation: how many of its tasks are in which state, and since when it runs.

    Times are in seconds on the clock of whoever told of the events; `work` is what its tasks took
    in all.
    """

    name: str
    order: int
    total: int = 0
    states: Counter[TaskState] = field(default_factory=Counter)
    began: float | None = None
    ended: float | None = None
    work: float = 0.0
    retrying: int = 0

    @property
    def settled(self) -> int:
        """How many tasks have their final state."""
        return self.states.total()

    @property
    def is_over(self) -> bool:
        """Whether every task has its final state."""
        return self.settled == self.total

    def seconds(self, now: float) -> float | None:
        """Return how long it runs, or ran; None where nothing did."""
        if self.is_over and self.total == 1:
            return self.work or None
        if self.began is None:
            return None
        return (self.ended if self.is_over and self.ended is not None else now) - self.began


class Tally:
    """The state of a run, kept up by its events."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._tasks = {task.id: task for task in tasks}
        self._rows: dict[str, Row] = {}
        for task in tasks:
            row = self._rows.setdefault(
                task.transformation, Row(name=task.transformation, order=len(self._rows))
            )
            row.total += 1
        self._states: dict[TaskId, TaskState] = {}
        self._handed: dict[TaskId, float | None] = {}
        self._retrying: set[TaskId] = set()
        self.taken: dict[TaskId, float] = {}
        """Seconds that tasks took in this run."""
        self.pipeline = ""
        self.run = ""
        self.started = 0.0
        self.starting: float | None = None
        """Since when an executor is being started, as long as it is."""
        self.cpus: float | None = None
        """What the executor has; None: whatever was handed to it runs."""
        self.is_over = False

    @property
    def rows(self) -> Sequence[Row]:
        """The transformations, in the order of the plan."""
        return list(self._rows.values())

    @property
    def settled(self) -> int:
        """How many tasks have their final state."""
        return len(self._states)

    @property
    def total(self) -> int:
        """How many tasks there are."""
        return len(self._tasks)

    def open(self) -> frozenset[TaskId]:
        """Return the tasks without a final state."""
        return frozenset(self._tasks.keys() - self._states.keys())

    def running(self) -> Iterator[tuple[Task, float]]:
        """Yield the tasks that run and since when, as far as can be told from here."""
        for task, since in self._handed.items():
            if since is not None:
                yield self._tasks[task], since

    def see(self, event: Event, now: float) -> None:
        """Take an event in that came at `now`."""
        match event:
            case RunStarted():
                self.pipeline, self.run, self.started = event.pipeline, event.run, now
            case ExecutorStarting():
                self.starting = now
            case TaskStarted():
                self.starting = None
                self._begin(event.task)
                self._let_run(now)
            case TaskRetried():
                self._retry(event.task)
                self._let_run(now)
            case TaskEnded():
                self._end(event, now)
                self._let_run(now)
            case RunEnded():
                self.starting, self.is_over = None, True
            case _:
                pass

    def _let_run(self, now: float) -> None:
        """Take those for running that the executor has CPUs for.

        It takes more than it can run at once and starts it in that order.
        """
        free = self.cpus
        for task, since in self._handed.items():
            if free is not None:
                free -= self._tasks[task].resources.cpus
                if free < 0 and since is None:
                    return
            if since is None:
                self._handed[task] = now
                row = self._row(task)
                row.began = now if row.began is None else row.began

    def _begin(self, task: TaskId) -> None:
        row = self._row(task)
        if task in self._retrying:
            self._retrying.discard(task)
            row.retrying -= 1
        former = self._states.pop(task, None)  # what the store lost is made again
        if former is not None:
            row.states[former] -= 1
        self._handed[task] = None

    def _retry(self, task: TaskId) -> None:
        self._handed.pop(task, None)
        if task not in self._retrying:
            self._retrying.add(task)
            self._row(task).retrying += 1

    def _end(self, event: TaskEnded, now: float) -> None:
        row = self._row(event.task)
        self._handed.pop(event.task, None)
        if event.task in self._retrying:
            self._retrying.discard(event.task)
            row.retrying -= 1
        former = self._states.get(event.task)
        if former is not None:
            row.states[former] -= 1
        self._states[event.task] = event.state
        row.states[event.state] += 1
        row.work += event.seconds
        if event.state in ("succeeded", "failed"):
            row.ended = now
        if event.state == "succeeded":
            self.taken[event.task] = event.seconds

    def _row(self, task: TaskId) -> Row:
        return self._rows[self._tasks[task].transformation]
