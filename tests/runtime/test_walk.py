"""The walk over a plan with an executor that says what a test wants it to say."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from reprocc.compiler.driver import compile_file
from reprocc.compiler.plan import ArtifactId, Resources
from reprocc.compiler.workspace import Workspace
from reprocc.runtime.codecs.metrics import put_metrics
from reprocc.runtime.events import Event, Failure, RunEnded, TaskEnded
from reprocc.runtime.executor import Assignment, Outcome
from reprocc.runtime.perform import Request, perform
from reprocc.runtime.store.backend import StoreError
from reprocc.runtime.store.runs import read, run_names
from reprocc.runtime.store.store import Store

SPEC = """\
reprocc: 1
name: two
artifacts:
  given: {kind: metrics, source: given.json}
  one: {kind: metrics}
  other: {kind: metrics}
transformations:
  first: {python: "work:fit", inputs: {given: given}, outputs: [one]}
  second: {python: "work:fit", inputs: {given: given}, outputs: [other]}
"""
LOST = Failure(reason="store", message="an object is missing", detail="", help=None)
Answer = Callable[[Assignment, float | None], Outcome | None]


@dataclass(slots=True)
class Scripted:
    """Two attempts at a time; each wait asks `answer` about each of them."""

    answer: Answer
    on_wait: Callable[[], None]
    taken: list[Assignment] = field(default_factory=list)

    @property
    def room(self) -> int:
        return 2 - len(self.taken)

    def infeasible(self, resources: Resources) -> str | None:  # noqa: ARG002
        return None

    def start(self, assignment: Assignment) -> None:
        self.taken.append(assignment)

    def wait(self, timeout: float | None) -> list[Outcome]:
        self.on_wait()
        said = [(each, self.answer(each, timeout)) for each in self.taken]
        self.taken = [each for each, outcome in said if outcome is None]
        return [outcome for _, outcome in said if outcome is not None]

    def close(self) -> None:
        self.taken.clear()


@dataclass(slots=True)
class World:
    """A pipeline of two tasks that read one source, and a store."""

    folder: Path
    store: Store
    seen: list[Event] = field(default_factory=list)

    def run(
        self, answer: Answer, *, in_order: bool = False, on_wait: Callable[[], None] | None = None
    ) -> None:
        workspace = Workspace()
        compiled = compile_file(
            self.folder / "pipeline.yaml", shown="pipeline.yaml", given={}, workspace=workspace
        )
        assert compiled.plan is not None, compiled.diagnostics
        request = Request(
            compiled=compiled,
            folder=self.folder,
            workspace=workspace,
            keep_going=False,
            in_order=in_order,
            command=(),
        )
        perform(
            request,
            store=self.store,
            open_executor=lambda _: Scripted(answer, on_wait or (lambda: None)),
            emit=self.seen.append,
        )

    def done(self, assignment: Assignment) -> Outcome:
        content = put_metrics(self.store.backend, {"task": str(assignment.task)})
        outputs = tuple((output.name, content) for output in assignment.outputs)
        return replace(lost(assignment), state="succeeded", contents=outputs, failure=None)


def lost(assignment: Assignment) -> Outcome:
    return Outcome(
        task=assignment.task,
        attempt=assignment.attempt,
        state="failed",
        contents=(),
        outputs=(),
        failure=LOST,
        warnings=(),
        log=None,
        host="",
        seconds=0.0,
        cpu_seconds=0.0,
        peak_memory=0,
        unreadable=(),
    )


def without_source(assignment: Assignment) -> Outcome:
    return replace(lost(assignment), unreadable=((ArtifactId("given"), ()),))


@pytest.fixture
def world(tmp_path: Path) -> World:
    (tmp_path / "pipeline.yaml").write_text(SPEC)
    (tmp_path / "work.py").write_text("def fit(given): return given\n")
    (tmp_path / "given.json").write_text('{"n": 1}')
    return World(folder=tmp_path, store=Store.open(str(tmp_path / "store")))


def test_a_source_that_is_lost_again_and_again_fails_the_task(world: World) -> None:
    attempts: list[Assignment] = []

    def answer(assignment: Assignment, timeout: float | None) -> Outcome:  # noqa: ARG001
        attempts.append(assignment)
        assert len(attempts) < 50, "it never gives up"
        return without_source(assignment)

    world.run(answer)
    assert isinstance(end := world.seen[-1], RunEnded)
    assert end.state == "failed"
    failed = [each for each in world.seen if isinstance(each, TaskEnded) and each.failure]
    assert failed
    assert all(each.failure == LOST for each in failed)


def test_a_lost_source_is_taken_in_again(world: World) -> None:
    attempts: list[Assignment] = []

    def answer(assignment: Assignment, timeout: float | None) -> Outcome:  # noqa: ARG001
        attempts.append(assignment)
        return without_source(assignment) if len(attempts) == 1 else world.done(assignment)

    world.run(answer)
    assert isinstance(end := world.seen[-1], RunEnded)
    assert end.state == "succeeded"
    assert len(attempts) == 3


def test_one_run_never_reads_two_contents_of_a_source(world: World) -> None:
    def answer(assignment: Assignment, timeout: float | None) -> Outcome:  # noqa: ARG001
        if assignment.task == "first":
            return world.done(assignment)
        (world.folder / "given.json").write_text('{"n": 2}')
        return without_source(assignment)

    with pytest.raises(StoreError, match="`given` is damaged in the store and its source has"):
        world.run(answer)
    assert isinstance(end := world.seen[-1], RunEnded)
    assert end.state == "failed"


def test_what_has_ended_is_recorded_while_the_rest_still_runs(world: World) -> None:
    began = time.monotonic()
    recorded: list[int] = []

    def answer(assignment: Assignment, timeout: float | None) -> Outcome | None:
        if assignment.task == "first":
            return world.done(assignment)
        (run,) = run_names(world.store.backend, "")
        recorded.append(len(read(world.store.backend, run)[1]))
        if recorded[-1] or time.monotonic() - began > 20:
            return world.done(assignment)
        if len(recorded) > 1:
            assert timeout is not None, "it would wait for the second task, however long"
            time.sleep(timeout)
        return None

    world.run(answer)
    assert recorded[-1] == 1


@pytest.mark.parametrize(("in_order", "at_once"), [(True, 1), (False, 2)])
def test_in_order_what_asks_for_less_waits_for_what_came_before(
    world: World, in_order: bool, at_once: int
) -> None:
    wide = SPEC.replace("outputs: [one]", "outputs: [one], resources: {cpus: 2}")
    (world.folder / "pipeline.yaml").write_text(wide)
    waits: list[list[str]] = []

    def answer(assignment: Assignment, timeout: float | None) -> Outcome:  # noqa: ARG001
        waits[-1].append(assignment.task)
        return world.done(assignment)

    world.run(answer, in_order=in_order, on_wait=lambda: waits.append([]))
    assert len(waits[0]) == at_once
    assert [task for each in waits for task in each] == ["first", "second"]
