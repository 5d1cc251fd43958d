"""What is offered, when, and what is settled, whatever the plan looks like."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from reprocc.compiler.canonical import Json
from reprocc.compiler.plan import (
    PLAN_FORMAT,
    ArtifactId,
    Plan,
    Resources,
    Task,
    TaskId,
    TaskInput,
    TaskOutput,
)
from reprocc.runtime.schedule import Schedule

ANY = Resources(cpus=1, gpus=0, gpu_type=None, memory=None, labels=(), custom=())


def task(index: int, producers: list[int]) -> Task:
    """Return a task that reads what the others write; those below 0 are sources."""
    return Task(
        id=TaskId(f"t{index}"),
        transformation=f"t{index}",
        point=(),
        seed=0,
        entropy="0",
        arguments=Json("{}"),
        inputs=tuple(
            TaskInput(
                parameter=f"p{producer}",
                artifact=ArtifactId(f"a{producer}" if producer >= 0 else "source"),
                points=((),),
                gathered=None,
            )
            for producer in producers
        ),
        outputs=(TaskOutput(name=f"a{index}", artifact=ArtifactId(f"a{index}")),),
        resources=ANY,
        threads=1,
        timeout=None,
        command=None,
        query=None,
    )


def plan_of(edges: list[list[int]]) -> Plan:
    return Plan(
        format=PLAN_FORMAT,
        language=1,
        pipeline="p",
        seed=0,
        parameters=(),
        artifacts=(),
        sources=(),
        transformations=(),
        tasks=tuple(task(index, producers) for index, producers in enumerate(edges)),
    )


@st.composite
def graphs(draw: Callable[..., object]) -> list[list[int]]:
    """Producers of each task, in an order in which producers come first; −1 is a source."""
    count = draw(st.integers(0, 14))
    assert isinstance(count, int)
    edges = []
    for index in range(count):
        found = draw(st.lists(st.integers(-1, index - 1), max_size=4))
        assert isinstance(found, list)
        edges.append(found)
    return edges


def descendants(edges: list[list[int]], first: int) -> set[int]:
    found: set[int] = set()
    for index, producers in enumerate(edges):
        if first in producers or found & set(producers):
            found.add(index)
    return found


def index_of(offered: Task) -> int:
    return int(offered.id[1:])


class Play:
    """Takes what is offered and ends it in an order that hypothesis picks."""

    def __init__(self, edges: list[list[int]], data: st.DataObject, *, in_order: bool) -> None:
        self.edges = edges
        self.plan = plan_of(edges)
        self.schedule = Schedule(self.plan, in_order=in_order)
        self.offered: list[int] = []
        self.running: list[int] = []
        self.done: set[int] = set()
        self._data = data

    def take(self, limit: int) -> None:
        """Take what is offered, up to so many at once."""
        while len(self.running) < limit and (found := self.schedule.next()) is not None:
            index = index_of(found)
            # Once, at least: what a producer made may be lost for one consumer, not for another.
            assert {p for p in self.edges[index] if p >= 0} <= self.done
            self.offered.append(index)
            self.running.append(index)

    def pick(self) -> int:
        """Return one of those that run, which does so no more."""
        return self.running.pop(self._data.draw(st.integers(0, len(self.running) - 1)))

    def finish(self, index: int) -> None:
        self.done.add(index)
        self.schedule.done(self.plan.tasks[index])


@given(graphs(), st.booleans(), st.integers(1, 5), st.data())
def test_every_task_is_offered_once_and_after_its_producers(
    edges: list[list[int]], in_order: bool, limit: int, data: st.DataObject
) -> None:
    play = Play(edges, data, in_order=in_order)
    while not play.schedule.is_over:
        play.take(limit)
        assert play.running, "what is not over offers something or waits for something"
        play.finish(play.pick())
    assert sorted(play.offered) == list(range(len(edges)))
    assert play.schedule.next() is None


@given(graphs(), st.integers(1, 5), st.data())
def test_in_order_never_offers_a_later_task_before_an_earlier_one(
    edges: list[list[int]], limit: int, data: st.DataObject
) -> None:
    play = Play(edges, data, in_order=True)
    gone: set[int] = set()
    while not play.schedule.is_over:
        play.take(limit)
        assert play.running
        index = play.pick()
        if data.draw(st.booleans()):
            play.finish(index)
        else:
            gone |= {index_of(each) for each in play.schedule.lost(play.plan.tasks[index])}
    assert play.offered == [index for index in range(len(edges)) if index not in gone]


@given(graphs(), st.data())
def test_the_ready_ones_are_offered_in_plan_order(
    edges: list[list[int]], data: st.DataObject
) -> None:
    play = Play(edges, data, in_order=False)
    while not play.schedule.is_over:
        before = len(play.offered)
        play.take(len(edges))
        batch = play.offered[before:]
        assert batch == sorted(batch)
        play.finish(play.pick())


@given(graphs(), st.booleans(), st.integers(1, 5), st.data())
def test_a_lost_task_settles_its_descendants_and_nothing_else(
    edges: list[list[int]], in_order: bool, limit: int, data: st.DataObject
) -> None:
    play = Play(edges, data, in_order=in_order)
    lost: set[int] = set()
    while not play.schedule.is_over:
        play.take(limit)
        assert play.running
        index = play.pick()
        if data.draw(st.integers(0, 3)):
            play.finish(index)
            continue
        settled = [index_of(each) for each in play.schedule.lost(play.plan.tasks[index])]
        assert settled == sorted(descendants(edges, index) - lost)
        lost |= {index, *settled}
    assert play.done | lost == set(range(len(edges)))
    assert not play.done & lost
    assert len(play.offered) == len(set(play.offered))


@given(graphs(), st.booleans(), st.integers(1, 3), st.data())
def test_whatever_is_reopened_and_lost_the_schedule_comes_to_an_end(
    edges: list[list[int]], in_order: bool, limit: int, data: st.DataObject
) -> None:
    play = Play(edges, data, in_order=in_order)
    budget, lost, reopened = 6, set[int](), set[tuple[int, int]]()
    while not play.schedule.is_over:
        play.take(limit)
        assert play.running, "what is not over offers something or waits for something"
        index = play.pick()
        assert not {(consumer, made) for consumer, made in reopened if consumer == index}
        producers = sorted({p for p in edges[index] if p >= 0})
        what = data.draw(st.sampled_from(["done", "lost", "reopen", "again"]))
        if what == "reopen" and producers and budget:
            budget -= 1
            known = tuple(data.draw(st.lists(st.sampled_from(producers), min_size=1, unique=True)))
            may = lost.isdisjoint(known)
            assert play.schedule.reopen(known, play.plan.tasks[index]) is may
            if may:
                reopened |= {(index, producer) for producer in known}
                continue
            what = "lost"
        if what == "again" and budget:
            budget -= 1
            play.schedule.offer_again(play.plan.tasks[index])
            continue
        reopened = {(consumer, made) for consumer, made in reopened if made != index}
        if what == "lost":
            lost.add(index)
            lost |= {index_of(each) for each in play.schedule.lost(play.plan.tasks[index])}
        else:
            play.finish(index)


def test_what_was_lost_when_it_was_made_again_cannot_be_made_again_for_another() -> None:
    plan = plan_of([[], [0], [0]])
    schedule = Schedule(plan, in_order=False)
    producer, first, second = plan.tasks
    assert schedule.next() is producer
    schedule.done(producer)
    assert (schedule.next(), schedule.next()) == (first, second)
    assert schedule.reopen((0,), first)
    assert schedule.next() is producer
    assert schedule.lost(producer) == (first,)
    assert not schedule.reopen((0,), second)
    assert not schedule.is_over, "the second one is for its taker to settle"
    assert schedule.lost(second) == ()
    assert schedule.is_over
