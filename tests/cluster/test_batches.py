"""Which attempts travel together, whatever is known of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from attempts import assignment
from hypothesis import given
from hypothesis import strategies as st

from reprocc.cluster.engine.batches import (
    BATCH_SECONDS,
    BATCHES_PER_CPU,
    SHORT_SECONDS,
    Batches,
)
from reprocc.cluster.engine.executor import lost
from reprocc.compiler.plan import FunctionCall, TaskId
from reprocc.runtime.events import Failure
from reprocc.runtime.executor import Assignment, Outcome
from reprocc.runtime.store.memory import MemoryBackend

Make = Callable[..., Assignment]
KNOWN = {"work:quick": 0.004, "work:brisk": 0.03, "work:slow": 0.5}


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    backend = MemoryBackend("batches")
    model = assignment(backend, tmp_path_factory.mktemp("code"), "def fit(): return {}")

    def made(name: str, called: str = "work:quick", cpus: float = 1, gpus: float = 0) -> Assignment:
        call = model.definition.call
        assert isinstance(call, FunctionCall)
        definition = replace(model.definition, call=replace(call, entry_point=called))
        resources = replace(model.resources, cpus=cpus, gpus=gpus)
        return replace(model, task=TaskId(name), definition=definition, resources=resources)

    return made


def ended(of: Assignment, seconds: float) -> Outcome:
    failure = Failure(reason="internal", message="", detail="", help=None)
    return replace(lost(of.task, of.attempt, failure), seconds=seconds)


def informed(make: Make, cpus: int = 2) -> Batches:
    batches = Batches(cpus)
    for called, seconds in KNOWN.items():
        model = make(f"known-{called}", called)
        batches.learn(model, ended(model, seconds))
    return batches


def test_nothing_is_short_before_one_of_its_kind_has_ended(make: Make) -> None:
    batches = Batches(2)
    assert (batches.room, batches.take(make("a"))) == (0, False)
    batches.learn(make("a"), ended(make("a"), 0.004))
    assert batches.take(make("b"))
    assert batches.room > 10


def test_what_is_long_or_wants_a_gpu_travels_alone(make: Make) -> None:
    batches = informed(make)
    assert not batches.take(make("a", "work:slow"))
    assert not batches.take(make("b", "work:quick", gpus=0.5))
    assert not batches.take(make("c", "work:never-seen"))
    assert batches.next(0) == ()


def test_what_turns_out_to_be_long_is_short_no_more(make: Make) -> None:
    batches = informed(make)
    batches.learn(make("a"), ended(make("a"), 10.0))
    assert not batches.take(make("b"))


def test_few_attempts_are_shared_out_evenly(make: Make) -> None:
    batches = informed(make, cpus=2)
    for index in range(8):
        assert batches.take(make(f"t{index}"))
    sent = [batches.next(under_way) for under_way in range(6)]
    assert [len(batch) for batch in sent] == [2, 2, 2, 2, 0, 0]


def test_what_was_not_started_is_the_next_to_travel(make: Make) -> None:
    batches = informed(make, cpus=1)
    for index in range(20):
        assert batches.take(make(f"t{index}"))
    first = batches.next(0)
    batches.put_back(first[2:])
    assert batches.next(1)[0].task == "t2"


TAKEN = st.tuples(st.sampled_from(sorted(KNOWN)), st.sampled_from([1, 1, 1, 2, 0.5]))


@given(taken=st.lists(TAKEN, max_size=60), cpus=st.integers(1, 8), under_way=st.integers(0, 20))
def test_each_attempt_travels_once_with_its_like_and_in_order(
    make: Make, taken: list[tuple[str, float]], cpus: int, under_way: int
) -> None:
    batches = informed(make, cpus)
    queued = []
    for index, (called, amount) in enumerate(taken):
        each = make(f"t{index}", called, amount)
        if batches.take(each):
            queued.append(each)
    assert len(queued) == sum(KNOWN[called] <= SHORT_SECONDS for called, _ in taken)
    travelled: list[Assignment] = []
    while batch := batches.next(under_way % (BATCHES_PER_CPU * cpus)):
        assert len({each.resources for each in batch}) == 1
        calls = [each.definition.call for each in batch]
        seconds = [KNOWN[call.entry_point] for call in calls if isinstance(call, FunctionCall)]
        assert len(batch) == 1 or sum(seconds) <= BATCH_SECONDS
        travelled += batch
    assert [each.task for each in travelled] == [each.task for each in queued]
    assert batches.next(BATCHES_PER_CPU * cpus) == ()
