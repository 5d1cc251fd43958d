"""The picture of a run at any size: never wider or higher than the terminal, nothing lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprocc.cli.progress.glyphs import ASCII, UNICODE
from reprocc.cli.progress.picture import Frame, Painter
from reprocc.cli.progress.tally import Tally
from reprocc.compiler.canonical import Digest, Json
from reprocc.compiler.fingerprint import Fingerprint
from reprocc.compiler.plan import Resources, Task, TaskId
from reprocc.runtime.events import (
    ExecutorStarting,
    Failure,
    RunEnded,
    RunStarted,
    TaskEnded,
    TaskRetried,
    TaskStarted,
    TaskState,
)

RESOURCES = Resources(cpus=1.0, gpus=0.0, gpu_type=None, memory=None, labels=(), custom=())
FAILURE = Failure(reason="error", message="`a` raised ValueError: bad", detail="", help=None)


def task(name: str, value: int | str | None = None) -> Task:
    """Return a task of a transformation, at a point of one axis or without one."""
    return Task(
        id=TaskId(name if value is None else f"{name}[x={value}]"),
        transformation=name,
        point=() if value is None else (("x", value),),
        seed=0,
        entropy="0",
        arguments=Json("{}"),
        inputs=(),
        outputs=(),
        resources=RESOURCES,
        threads=1,
        timeout=None,
        command=None,
        query=None,
    )


def started(one: Task) -> TaskStarted:
    return TaskStarted(task=one.id, attempt=1, fingerprint=Fingerprint("f"))


def ended(one: Task, state: TaskState, seconds: float = 1.0) -> TaskEnded:
    return TaskEnded(
        task=one.id,
        state=state,
        fingerprint=None,
        attempts=1,
        seconds=seconds,
        cpu_seconds=0.0,
        peak_memory=0,
        outputs=(),
        failure=FAILURE if state == "failed" else None,
        log=None,
        warnings=(),
    )


def begun(tasks: list[Task], *, cpus: float | None = None) -> Tally:
    tally = Tally(tasks)
    plan = Digest("sha256:0")
    tally.see(RunStarted(run="R", pipeline="p", plan=plan, store="s", tasks=len(tasks)), 0.0)
    tally.see(ExecutorStarting(), 0.0)
    tally.cpus = cpus
    return tally


def drawn(tally: Tally, *, width: int = 80, height: int = 24, now: float = 2.0) -> list[str]:
    painter = Painter(UNICODE, starting="starting Ray")
    frame = Frame(width=width, height=height, now=now)
    return [line.plain for line in painter.draw(tally, frame)]


def test_what_does_not_fit_is_folded_and_what_goes_on_stays() -> None:
    tasks = [task(f"t{number:02}") for number in range(40)]
    tally = begun(tasks)
    for one in tasks[:20]:
        tally.see(started(one), 0.0)
        tally.see(ended(one, "succeeded"), 1.0)
    tally.see(started(tasks[20]), 1.0)
    assert drawn(tally, height=10) == [
        "p  R  2 s  20/40  1 running",
        "  ✓ t00  1.00 s",
        "  ✓ t01  1.00 s",
        "  ✓ t02  1.00 s",
        "  ⠋ t20     1 s",
        "  · t21",
        "  · t22",
        "  · t23",
        "  … 33 more: 17 done, 16 waiting",
    ]


def test_of_what_an_executor_took_no_more_runs_than_it_has_cpus() -> None:
    tasks = [task("fit", value) for value in range(9)]
    tally = begun(tasks, cpus=2)
    for one in tasks:
        tally.see(started(one), 0.0)
    assert [one.id for one, _ in tally.running()] == ["fit[x=0]", "fit[x=1]"]
    tally.see(ended(tasks[0], "succeeded"), 1.0)
    assert [one.id for one, _ in tally.running()] == ["fit[x=1]", "fit[x=2]"]


def test_what_waits_for_another_attempt_is_said_until_it_starts() -> None:
    one = task("fit")
    tally = begun([one])
    tally.see(started(one), 0.0)
    tally.see(TaskRetried(task=one.id, attempt=1, failure=FAILURE, delay=5.0), 1.0)
    assert drawn(tally)[1] == "  ↻ fit     2 s  1 to be tried again"
    tally.see(started(one), 6.0)
    assert drawn(tally, now=7.0)[1] == "  ⠋ fit     7 s"


def test_a_task_that_the_store_lost_counts_again_when_it_was_made_again() -> None:
    tasks = [task("fit", value) for value in range(2)]
    tally = begun(tasks)
    tally.see(ended(tasks[0], "reused"), 0.0)
    tally.see(started(tasks[0]), 0.0)
    assert tally.settled == 0
    tally.see(ended(tasks[0], "succeeded"), 1.0)
    assert (tally.settled, dict(+tally.rows[0].states)) == (1, {"succeeded": 1})


def test_letters_that_move_the_cursor_are_not_shown() -> None:
    one = task("fit", "a\x1b[2J\nb")
    tally = begun([one, replace(one, id=TaskId("fit[x=2]"))])
    tally.see(started(one), 0.0)
    assert drawn(tally)[1] == "  ⠋ fit  0/2     2 s  now x=a?[2J?b"


STATES: tuple[TaskState, ...] = ("succeeded", "reused", "failed", "skipped", "cancelled")


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
@given(
    names=st.lists(st.integers(0, 30), min_size=1, max_size=80),
    seen=st.lists(st.tuples(st.integers(0, 79), st.sampled_from([None, *STATES])), max_size=80),
    width=st.integers(2, 220),
    height=st.integers(3, 60),
    is_over=st.booleans(),
)
def test_no_picture_is_larger_than_the_terminal(
    glyphs: object,
    names: list[int],
    seen: list[tuple[int, TaskState | None]],
    width: int,
    height: int,
    is_over: bool,
) -> None:
    tasks = [task("日本" * (name % 3) + f"t{name}", index) for index, name in enumerate(names)]
    tally = begun(tasks, cpus=2)
    for index, state in seen:
        one = tasks[index % len(tasks)]
        tally.see(started(one) if state is None else ended(one, state), 1.0)
    if is_over:
        tally.see(RunEnded(run="R", state="failed", seconds=1.0), 2.0)
    assert glyphs in (UNICODE, ASCII)
    painter = Painter(UNICODE if glyphs is UNICODE else ASCII, starting="")
    lines = painter.draw(tally, Frame(width=width, height=height, now=3.0))
    assert len(lines) < height
    assert all(line.cell_len < width for line in lines)
