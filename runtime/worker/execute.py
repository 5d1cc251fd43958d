"""Makes attempts: one, or a series that keeps what came of one while the next one runs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from ..executor import Assignment, Outcome
from ..store.open import open_backend
from .attempt import Attempt
from .worker import Worker


def execute(assignment: Assignment, *, worker: Worker) -> Outcome:
    """Make one attempt and return what became of it, whatever that is.

    Only what is no Exception (KeyboardInterrupt) escapes, and leaves no process and no file behind.
    """
    attempt = Attempt(assignment, worker)
    attempt.run()
    return attempt.keep()


def execute_series(
    assignments: Sequence[Assignment], *, worker: Worker, seconds: float
) -> list[Outcome]:
    """Make attempts one after another, and return what became of the first ones.

    None starts later than `seconds` after the first: what has not started has no outcome. They
    are of one store, and none reads what another one makes.
    """
    started = time.monotonic()
    backend = open_backend(assignments[0].store)
    kept: list[Future[Outcome]] = []
    with ThreadPoolExecutor(1, "keep") as keeper:
        for assignment in assignments:
            if kept and time.monotonic() - started > seconds:
                break
            attempt = Attempt(assignment, worker)
            attempt.run()
            # A disk that is slower than the code makes the code wait.
            if kept:
                kept[-1].result()
            kept.append(keeper.submit(attempt.keep, backend))
    return [each.result() for each in kept]
