"""How long tasks will take: from what they took before, and from what fits on a machine at once."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from ..compiler.plan import ArtifactId, Task, TaskId
from ..compiler.point import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Seconds until tasks have run one beside the other, and seconds of work in all.

    `unknown` counts the tasks that nothing is known of; they are left out of both.
    """

    seconds: float
    work: float
    unknown: int


def expected_seconds(
    tasks: Sequence[Task], known: Mapping[TaskId, float]
) -> dict[TaskId, float | None]:
    """Return what each task will probably take, in seconds: what it took before, else the median
    of its transformation's other points, else None."""
    points: dict[str, list[float]] = defaultdict(list)
    for task in tasks:
        if task.id in known:
            points[task.transformation].append(known[task.id])
    medians = {name: median(taken) for name, taken in points.items()}
    return {task.id: known.get(task.id, medians.get(task.transformation)) for task in tasks}


def estimate(
    tasks: Sequence[Task],
    running: Collection[TaskId],
    expected: Mapping[TaskId, float | None],
    *,
    cpus: float,
) -> Estimate:
    """Estimate how long the `running` tasks of a plan take on a machine with so many CPUs.

    They start in plan order when what they read is there and their CPUs are free, as in a run.
    """
    line = _Line(tasks, frozenset(running), expected, cpus)
    return Estimate(
        seconds=line.walk(),
        work=sum(expected[task.id] or 0.0 for task in tasks if task.id in running),
        unknown=sum(expected[task.id] is None for task in tasks if task.id in running),
    )


class _Line:
    """Tasks waiting for what they read, for their turn, or for their end."""

    def __init__(
        self,
        tasks: Sequence[Task],
        running: frozenset[TaskId],
        expected: Mapping[TaskId, float | None],
        cpus: float,
    ) -> None:
        self._tasks = tasks
        self._running = running
        self._expected = expected
        self._cpus = cpus
        self._waits: list[int] = []
        self._consumers: dict[int, list[int]] = defaultdict(list)
        producer: dict[tuple[ArtifactId, Point], int] = {}
        for index, task in enumerate(tasks):
            producer.update({(one.artifact, task.point): index for one in task.outputs})
            keys = ((one.artifact, point) for one in task.inputs for point in one.points)
            above = {producer[key] for key in keys if key in producer}
            self._waits.append(len(above))
            for one in above:
                self._consumers[one].append(index)

    def walk(self) -> float:
        """Return the seconds until all has ended."""
        now, free = 0.0, self._cpus
        ready = [index for index, waits in enumerate(self._waits) if not waits]
        ends: list[tuple[float, int]] = []
        while ready or ends:
            while ready and (asked := self._asked(ready[0])) <= free:
                free -= asked
                index = heapq.heappop(ready)
                heapq.heappush(ends, (now + self._seconds(index), index))
            now, index = heapq.heappop(ends)
            free += self._asked(index)
            for consumer in self._consumers[index]:
                self._waits[consumer] -= 1
                if not self._waits[consumer]:
                    heapq.heappush(ready, consumer)
        return now

    def _asked(self, index: int) -> float:
        task = self._tasks[index]
        return min(task.resources.cpus, self._cpus) if task.id in self._running else 0.0

    def _seconds(self, index: int) -> float:
        task = self._tasks[index]
        return (self._expected[task.id] or 0.0) if task.id in self._running else 0.0
