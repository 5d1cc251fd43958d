"""Expected times: what is known of a task, and what fits beside what."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reprocc.compiler.canonical import Json
from reprocc.compiler.plan import ArtifactId, Resources, Task, TaskId, TaskInput, TaskOutput
from reprocc.runtime.estimate import estimate, expected_seconds

TINY = 1e-9
"""Sums of the same numbers differ by their order."""


def task(name: str, reads: list[str] | None = None, *, cpus: float = 1) -> Task:
    return Task(
        id=TaskId(name),
        transformation=name.partition("[")[0],
        point=(),
        seed=0,
        entropy="0",
        arguments=Json("{}"),
        inputs=tuple(
            TaskInput(parameter=one, artifact=ArtifactId(one), points=((),), gathered=None)
            for one in reads or []
        ),
        outputs=(TaskOutput(name=name, artifact=ArtifactId(name)),),
        resources=Resources(cpus=cpus, gpus=0, gpu_type=None, memory=None, labels=(), custom=()),
        threads=1,
        timeout=None,
        command=None,
        query=None,
    )


def seconds(tasks: list[Task], taken: dict[str, float], cpus: float) -> float:
    expected: dict[TaskId, float | None] = {one.id: taken.get(one.id) for one in tasks}
    return estimate(tasks, expected.keys(), expected, cpus=cpus).seconds


def test_what_a_task_took_before_counts_else_the_median_of_its_transformation() -> None:
    tasks = [task(name) for name in ("fit[a]", "fit[b]", "fit[c]", "fit[d]", "other")]
    known = {TaskId("fit[a]"): 1.0, TaskId("fit[b]"): 9.0, TaskId("fit[c]"): 2.0}
    assert expected_seconds(tasks, known) == {**known, "fit[d]": 2.0, "other": None}


def test_tasks_that_fit_run_beside_each_other() -> None:
    tasks = [task("a"), task("b"), task("c")]
    taken = {"a": 3.0, "b": 2.0, "c": 2.0}
    assert seconds(tasks, taken, 1) == 7
    assert seconds(tasks, taken, 2) == 4
    assert seconds(tasks, taken, 3) == 3


def test_a_task_waits_for_what_it_reads() -> None:
    tasks = [task("a"), task("b", ["a"]), task("c", ["b"]), task("d")]
    assert seconds(tasks, {"a": 1.0, "b": 1.0, "c": 1.0, "d": 2.0}, 8) == 3


def test_a_task_that_asks_for_more_takes_the_room_of_more() -> None:
    tasks = [task("a", cpus=2), task("b", cpus=2), task("c", cpus=0.5), task("d", cpus=64)]
    assert seconds(tasks, {"a": 1.0, "b": 1.0}, 2) == 2
    assert seconds(tasks, {"a": 1.0, "b": 1.0}, 4) == 1
    assert seconds(tasks, {"d": 5.0}, 4) == 5


def test_what_does_not_run_takes_no_time_and_no_room() -> None:
    tasks = [task("a"), task("b", ["a"])]
    expected: dict[TaskId, float | None] = {TaskId("a"): 7.0, TaskId("b"): 2.0}
    found = estimate(tasks, {TaskId("b")}, expected, cpus=1)
    assert (found.seconds, found.work, found.unknown) == (2, 2, 0)


def test_what_nothing_is_known_of_is_counted_apart() -> None:
    tasks = [task("a"), task("b")]
    expected: dict[TaskId, float | None] = {TaskId("a"): None, TaskId("b"): 2.0}
    found = estimate(tasks, expected.keys(), expected, cpus=1)
    assert (found.seconds, found.work, found.unknown) == (2, 2, 1)


@given(
    st.lists(
        st.tuples(st.floats(0.1, 100), st.sampled_from([0.5, 1, 2, 3]), st.sets(st.integers(0, 9))),
        min_size=1,
        max_size=10,
    ),
    st.integers(1, 4),
)
def test_an_estimate_lies_between_the_longest_path_and_one_by_one(
    drawn: list[tuple[float, float, set[int]]], cpus: int
) -> None:
    tasks = [
        task(f"t{index}", [f"t{one}" for one in sorted(reads) if one < index], cpus=asked)
        for index, (_, asked, reads) in enumerate(drawn)
    ]
    taken = {f"t{index}": length for index, (length, _, _) in enumerate(drawn)}
    longest: dict[str, float] = {}
    for one in tasks:
        above = [longest[read.artifact] for read in one.inputs]
        longest[one.id] = max(above, default=0) + taken[one.id]
    found = seconds(tasks, taken, cpus)
    assert max(longest.values()) - TINY <= found <= sum(taken.values()) + TINY
