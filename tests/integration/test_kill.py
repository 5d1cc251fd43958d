"""Kill −9 at any moment, submit again: it finishes, equal, redoing only what was not published."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .chain import Chain, copy_pipeline, digests, recorded, stored
from .watched import Place, Submit

SEED = 20260
GONE_WITHIN = 10.0
EVENTS = ("ExecutorStarting", "TaskStarted", "TaskEnded")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, Any]]:
    """Return versions and seconds of runs that nobody disturbed, by executor."""
    known: dict[str, dict[str, Any]] = {}

    def run(executor: str) -> dict[str, Any]:
        if executor not in known:
            chain = copy_pipeline("brood", tmp_path_factory.mktemp("undisturbed") / "b", _none)
            with Place() as place:
                began = time.monotonic()
                submit = Submit(chain.folder, place, "--executor", executor)
                assert submit.finish(120) == 0, submit.errors()
                seconds = time.monotonic() - began
                assert place.await_end(GONE_WITHIN) == {}
                assert place.files() == []
            known[executor] = {"stored": stored(chain.folder / ".reprocc"), "seconds": seconds}
        return known[executor]

    return run


@pytest.fixture
def brood(tmp_path: Path, reprocc: Callable[..., Any]) -> Chain:
    return copy_pipeline("brood", tmp_path / "brood", reprocc)


@pytest.fixture
def place() -> Iterator[Place]:
    with Place() as made:
        yield made


def delays(count: int, seed: int) -> list[float]:
    """Return parts of a whole run, one in each of `count` equal stretches of it."""
    drawn = random.Random(seed)
    return [(number + drawn.random()) / count for number in range(count)]


def killed_and_submitted_again(
    brood: Chain, place: Place, expected: dict[str, str], *options: str
) -> None:
    """Check what holds after the command was killed: nothing is left, and the rest is run."""
    assert place.await_end(GONE_WITHIN) == {}
    store = brood.folder / ".reprocc"
    if (store / "store.json").exists():
        assert {one["kind"] for one in brood.ask("fsck", "--deep")["findings"]} <= {"killed-run"}
    published = recorded(store)
    again = brood.submit(*options, env={"TMPDIR": str(place.path)})
    assert again["state"] == "succeeded"
    states = {task["task"]: task["state"] for task in again["tasks"]}
    assert states == {
        task["task"]: "reused" if task["fingerprint"] in published else "succeeded"
        for task in again["tasks"]
    }
    assert stored(store) == expected
    assert len(digests(again)) == len(again["tasks"])
    assert place.await_end(GONE_WITHIN) == {}
    assert place.files() == []


def kill_after(part: float, executor: str, brood: Chain, place: Place, run: Any) -> None:
    known = run(executor)
    Submit(brood.folder, place, "--executor", executor).kill(part * known["seconds"])
    killed_and_submitted_again(brood, place, known["stored"])


def kill_at(event: str, executor: str, brood: Chain, place: Place, run: Any) -> None:
    submit = Submit(brood.folder, place, "--executor", executor)
    submit.until(event)
    submit.kill()
    killed_and_submitted_again(brood, place, run("inline")["stored"])


@pytest.mark.parametrize("part", delays(3, SEED))
def test_an_inline_run_that_is_killed_is_finished_by_the_next(
    part: float, brood: Chain, place: Place, undisturbed: Any
) -> None:
    kill_after(part, "inline", brood, place, undisturbed)


@pytest.mark.parametrize("event", EVENTS)
def test_an_inline_run_that_is_killed_at_an_event_is_finished_by_the_next(
    event: str, brood: Chain, place: Place, undisturbed: Any
) -> None:
    kill_at(event, "inline", brood, place, undisturbed)


@pytest.mark.ray
@pytest.mark.xdist_group("ray")
@pytest.mark.parametrize("event", EVENTS[1:])
def test_a_run_on_ray_that_is_killed_at_an_event_is_finished_by_the_next(
    event: str, brood: Chain, place: Place, undisturbed: Any
) -> None:
    kill_at(event, "ray", brood, place, undisturbed)


def test_a_submit_that_runs_nothing_removes_what_was_left_behind(
    brood: Chain, place: Place
) -> None:
    assert brood.submit(env={"TMPDIR": str(place.path)})["state"] == "succeeded"
    module = "reprocc.runtime.worker.workplace"
    code = f"import os, {module} as place; place.Workplace(); os._exit(0)"
    subprocess.run([sys.executable, "-c", code], env=place.variables, check=True)
    assert len(place.files()) == 1
    again = brood.submit(env={"TMPDIR": str(place.path)})
    assert {task["state"] for task in again["tasks"]} == {"reused"}
    assert place.files() == []


@pytest.mark.soak
@pytest.mark.parametrize("part", delays(60, SEED + 1))
def test_sixty_inline_runs_that_are_killed_are_finished(
    part: float, brood: Chain, place: Place, undisturbed: Any
) -> None:
    kill_after(part, "inline", brood, place, undisturbed)


@pytest.mark.soak
@pytest.mark.ray
@pytest.mark.xdist_group("ray")
@pytest.mark.parametrize("part", delays(15, SEED + 2))
def test_fifteen_runs_on_ray_that_are_killed_are_finished(
    part: float, brood: Chain, place: Place, undisturbed: Any
) -> None:
    kill_after(part, "ray", brood, place, undisturbed)


def _none(*_: object, **__: object) -> None:
    raise AssertionError("this copy is not submitted through the fixture")
