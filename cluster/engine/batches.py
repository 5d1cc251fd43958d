"""Short attempts that travel together: which ones, and how many at once."""

from __future__ import annotations

import math
from collections import deque

from ...compiler.plan import FunctionCall
from ...runtime.executor import Assignment, Outcome

SHORT_SECONDS = 0.05
"""What is expected to take no longer travels together."""
BATCH_SECONDS = 0.1
"""How long a batch is meant to take; a message to a worker and back costs a fiftieth of that."""
BATCHES_PER_CPU = 2
"""One that runs and one that waits for it, so that no CPU waits for us."""


class Batches:
    """The short attempts that wait to be sent, in the order in which they were taken.

    How long an attempt takes is learnt from those before it that called the same. Nothing is
    short before one of its kind has ended, and what is wanted of a GPU never is.
    """

    def __init__(self, cpus: int) -> None:
        self._most = max(1, BATCHES_PER_CPU * cpus)
        self._expected: dict[str, float] = {}
        self._queue: deque[Assignment] = deque()

    @property
    def room(self) -> int:
        """How many more short attempts would fill the batches to come; 0 where none is known."""
        if not any(seconds <= SHORT_SECONDS for seconds in self._expected.values()):
            return 0
        shortest = max(min(self._expected.values()), 0.001)
        return max(0, self._most * math.ceil(BATCH_SECONDS / shortest) - len(self._queue))

    def learn(self, assignment: Assignment, outcome: Outcome) -> None:
        """Remember how long an attempt has taken; the last ones count most."""
        called = _called(assignment)
        before = self._expected.get(called, outcome.seconds)
        self._expected[called] = (before + outcome.seconds) / 2

    def take(self, assignment: Assignment) -> bool:
        """Take an attempt that is expected to be short; say whether it is."""
        seconds = self._expected.get(_called(assignment), math.inf)
        if seconds > SHORT_SECONDS or assignment.resources.gpus:
            return False
        self._queue.append(assignment)
        return True

    def put_back(self, assignments: tuple[Assignment, ...]) -> None:
        """Take attempts back that have travelled and were not started; they are the next."""
        self._queue.extendleft(reversed(assignments))

    def next(self, under_way: int) -> tuple[Assignment, ...]:
        """Return the next batch while `under_way` others run or wait, or nothing.

        Its attempts are neighbours that ask for the same. What waits is shared out evenly, so
        that no CPU is left without while another has several.
        """
        free = self._most - under_way
        if free <= 0 or not self._queue:
            return ()
        most = math.ceil(len(self._queue) / free)
        first = self._queue.popleft()
        batch, seconds = [first], self._expected[_called(first)]
        while self._queue and len(batch) < most:
            other = self._queue[0]
            seconds += self._expected[_called(other)]
            if other.resources != first.resources or other.store != first.store:
                break
            if seconds > BATCH_SECONDS:
                break
            batch.append(self._queue.popleft())
        return tuple(batch)


def _called(assignment: Assignment) -> str:
    """Return what an attempt runs, by which its time is known: a function, or a transformation."""
    call = assignment.definition.call
    return call.entry_point if isinstance(call, FunctionCall) else assignment.definition.name
