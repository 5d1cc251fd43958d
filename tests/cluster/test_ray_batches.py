"""Short attempts on a real Ray: all of them, one by one, whatever happens to those beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from attempts import assignment

from reprocc.cluster.engine.executor import RayExecutor
from reprocc.cluster.engine.session import EmbeddedSession, Machine
from reprocc.compiler.canonical import encode_text
from reprocc.compiler.fingerprint import Fingerprint
from reprocc.compiler.plan import TaskId
from reprocc.runtime.codecs.metrics import read_metrics
from reprocc.runtime.executor import Assignment, Outcome
from reprocc.runtime.store.local import LocalBackend

pytestmark = [pytest.mark.ray, pytest.mark.xdist_group("ray")]

CODE = """
import os, signal, time

def fit(index, seconds=0, kills=False):
    if kills:
        server = open(f"/proc/{os.getppid()}/stat").read().rpartition(")")[2].split()
        os.kill(int(server[1]), signal.SIGKILL)
        signal.pause()
    time.sleep(seconds)
    return {"index": index}
"""


@pytest.fixture(scope="module")
def session() -> Iterator[EmbeddedSession]:
    opened = EmbeddedSession(Machine(cpus=2))
    yield opened
    opened.close()


class Many:
    """Attempts at one function, which differ in what they are told."""

    def __init__(self, session: EmbeddedSession, folder: Path) -> None:
        self.store = LocalBackend(folder / "store")
        self.executor = RayExecutor(
            session.ray, folder=str(folder / "work"), slots=None, close=lambda: None
        )
        self._model = assignment(self.store, folder / "code", CODE)

    def made(self, index: int, **arguments: object) -> Assignment:
        return replace(
            self._model,
            task=TaskId(f"fit{index}"),
            fingerprint=Fingerprint(f"task1:{index:064d}"),
            arguments=encode_text({"index": index, **arguments}),
        )

    def run(self, assignments: Sequence[Assignment]) -> dict[TaskId, Outcome]:
        """Run all, never more at once than there is room for."""
        waiting, under_way = list(assignments), 0
        found: dict[TaskId, Outcome] = {}
        while waiting or under_way:
            while waiting and self.executor.room:
                self.executor.start(waiting.pop(0))
                under_way += 1
            for outcome in self.executor.wait(None):
                assert outcome.task not in found
                found[outcome.task] = outcome
                under_way -= 1
        return found


@pytest.fixture
def many(session: EmbeddedSession, tmp_path: Path) -> Many:
    return Many(session, tmp_path)


def test_many_short_attempts_end_each_with_its_own_result(many: Many) -> None:
    found = many.run([many.made(index) for index in range(60)])
    values = {
        outcome.task: read_metrics(many.store, outcome.contents[0][1]) for outcome in found.values()
    }
    assert values == {f"fit{index}": {"index": index} for index in range(60)}
    assert many.executor.room > 16, "that they are short is known by now"


def test_a_worker_that_is_lost_is_laid_to_the_one_attempt_that_killed_it(many: Many) -> None:
    assert len(many.run([many.made(index) for index in range(20)])) == 20
    found = many.run([many.made(index, kills=index == 25) for index in range(20, 40)])
    reasons = {task: outcome.failure.reason for task, outcome in found.items() if outcome.failure}
    assert reasons == {"fit25": "worker-lost"}
    assert len(found) == 20


def test_attempts_that_take_longer_than_was_thought_are_left_to_other_cpus(many: Many) -> None:
    assert len(many.run([many.made(index) for index in range(20)])) == 20
    found = many.run([many.made(index, seconds=0.3) for index in range(20, 32)])
    assert {outcome.state for outcome in found.values()} == {"succeeded"}
    assert len(found) == 12
