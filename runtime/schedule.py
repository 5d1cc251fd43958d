"""What starts next: tasks in plan order among those whose inputs are there."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from ..compiler.plan import ArtifactId, Plan, Task
from ..compiler.point import Point


class Schedule:
    """The tasks of a plan that are not yet settled.

    A task is settled when it is done (its outputs are there) or lost (they will never be). With
    `in_order`, a task is offered only after all earlier ones have been offered.
    """

    def __init__(self, plan: Plan, *, in_order: bool) -> None:
        self._tasks = plan.tasks
        self._in_order = in_order
        self._index = {task.id: index for index, task in enumerate(plan.tasks)}
        self.producer: dict[tuple[ArtifactId, Point], int] = {
            (output.artifact, task.point): index
            for index, task in enumerate(plan.tasks)
            for output in task.outputs
        }
        self._waits: list[int] = []
        self._consumers: dict[int, list[int]] = {}
        self._done: set[int] = set()
        self._lost: set[int] = set()
        self._unsettled = len(plan.tasks)
        self._next = 0
        for index, task in enumerate(plan.tasks):
            upstream = set(self._upstream(task))
            self._waits.append(len(upstream))
            for producer in upstream:
                self._consumers.setdefault(producer, []).append(index)
        self._ready = [index for index, waits in enumerate(self._waits) if waits == 0]

    @property
    def is_over(self) -> bool:
        """Whether every task is settled."""
        return self._unsettled == 0

    def next(self) -> Task | None:
        """Take the first ready task in plan order, or None while there is none."""
        if not self._ready:
            return None
        if self._in_order:
            while self._next in self._lost:
                self._next += 1
            if self._ready[0] > self._next:
                return None
            self._next = max(self._next, self._ready[0] + 1)
        return self._tasks[heapq.heappop(self._ready)]

    def ready(self) -> Iterator[Task]:
        """Yield the tasks that are ready, in plan order; they stay so."""
        return (self._tasks[index] for index in sorted(self._ready))

    def offer_again(self, task: Task) -> None:
        """Put a task back that was taken and must start anew."""
        heapq.heappush(self._ready, self._index[task.id])

    def done(self, task: Task) -> None:
        """Settle a task whose outputs are there."""
        self._unsettled -= 1
        self._done.add(self._index[task.id])
        for consumer in self._consumers.get(self._index[task.id], ()):
            self._waits[consumer] -= 1
            if self._waits[consumer] == 0 and consumer not in self._lost:
                heapq.heappush(self._ready, consumer)

    def lost(self, task: Task) -> tuple[Task, ...]:
        """Settle a task without outputs; return everything downstream, which is settled too."""
        first = self._index[task.id]
        found: set[int] = set()
        frontier = [first]
        while frontier:
            for consumer in self._consumers.get(frontier.pop(), ()):
                if consumer not in found and consumer not in self._lost:
                    found.add(consumer)
                    frontier.append(consumer)
        self._lost |= found | {first}
        self._unsettled -= 1 + len(found)
        return tuple(self._tasks[index] for index in sorted(found))

    def reopen(self, producers: tuple[int, ...], consumer: Task) -> bool:
        """Make done tasks, by index, run again for a taken consumer that lacks what they made.

        Return False, and change nothing, where one of them was itself lost meanwhile.
        """
        if not self._lost.isdisjoint(producers):
            return False
        waiting = self._index[consumer.id]
        self._waits[waiting] = len(producers)
        for producer in producers:
            if producer in self._done:
                self._done.discard(producer)
                self._unsettled += 1
                self._consumers[producer] = []
                heapq.heappush(self._ready, producer)
            self._consumers[producer].append(waiting)
        return True

    def _upstream(self, task: Task) -> Iterator[int]:
        for bound in task.inputs:
            for point in bound.points:
                producer = self.producer.get((bound.artifact, point))
                if producer is not None:
                    yield producer
