"""Ctrl-C and SIGTERM end a run in order: recorded as cancelled, no process left, no traceback."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .chain import Chain, recorded, write_pipeline
from .watched import Moment, Place, Submit

SPEC = """
artifacts:
  first: {kind: metrics}
  second: {kind: metrics}
  third: {kind: metrics}
transformations:
  quick: {python: "work:quick", outputs: [first]}
  long: {python: "work:long", inputs: [first], outputs: [second]}
  after: {python: "work:after", inputs: [second], outputs: [third]}
"""
CODE = """
import os, subprocess, sys, time

def quick():
    return {{"value": 1}}

def long(first):
    if os.path.exists({go!r}):
        return first
    subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", "import signal; signal.pause()", os.environ["TMPDIR"]],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True, cwd="/", env={{}},
    )
    with open({moment!r}, "w") as file:
        file.write(str(os.getpid()))
    time.sleep(600)

def after(second):
    return second
"""
SOAKED = [pytest.param(0.25 * number, marks=pytest.mark.soak) for number in range(1, 16)]
EXECUTORS = [
    "inline",
    pytest.param("ray", marks=[pytest.mark.ray, pytest.mark.xdist_group("ray")]),
]


@pytest.fixture
def moment(tmp_path: Path) -> Moment:
    return Moment(tmp_path / "moment")


@pytest.fixture
def small(tmp_path: Path, reprocc: Callable[..., Any], moment: Moment) -> Chain:
    code = CODE.format(go=str(tmp_path / "go"), moment=str(moment.path))
    return write_pipeline(tmp_path / "small", reprocc, spec=SPEC, code=code)


@pytest.fixture
def place() -> Iterator[Place]:
    with Place() as made:
        yield made


def end_record(small: Chain) -> dict[str, Any]:
    """Return the last record of the only run."""
    (path,) = (small.folder / ".reprocc" / "runs").glob("*/*/end.json")
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


@pytest.mark.parametrize("executor", EXECUTORS)
def test_ctrl_c_cancels_leaves_nothing_and_the_next_submit_finishes(
    executor: str, small: Chain, place: Place, moment: Moment, tmp_path: Path
) -> None:
    submit = Submit(small.folder, place, "--executor", executor)
    moment.wait()
    submit.interrupt()
    assert submit.finish(30) == 130, submit.errors()
    assert "Traceback" not in submit.errors()
    assert place.await_end(10) == {}
    assert place.files() == []
    assert end_record(small)["state"] == "cancelled"
    (run,) = small.ask("runs")
    assert (run["state"], run["tasks"]) == ("cancelled", {"succeeded": 1, "cancelled": 2})
    published = recorded(small.folder / ".reprocc")
    assert len(published) == 1
    (tmp_path / "go").touch()
    again = small.submit()
    states = [task["state"] for task in again["tasks"]]
    assert states == ["reused", "succeeded", "succeeded"]


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["TERM", "HUP"]
)
def test_other_signals_that_end_a_command_cancel_in_the_same_way(
    number: int, status: int, small: Chain, place: Place, moment: Moment
) -> None:
    submit = Submit(small.folder, place, "--executor", "inline")
    moment.wait()
    submit.process.send_signal(number)
    assert submit.finish(30) == status, submit.errors()
    assert "Traceback" not in submit.errors()
    assert place.await_end(10) == {}
    assert place.files() == []
    assert end_record(small)["state"] == "cancelled"


@pytest.mark.soak
@pytest.mark.ray
@pytest.mark.xdist_group("ray")
def test_impatience_on_ray_does_no_harm(small: Chain, place: Place, moment: Moment) -> None:
    submit = Submit(small.folder, place)
    moment.wait()
    submit.interrupt(signal.SIGTERM)
    assert press_until_the_end(submit) == 143, submit.errors()
    assert "Traceback" not in submit.errors()
    assert place.await_end(10) == {}
    assert place.files() == []
    assert end_record(small)["state"] == "cancelled"


def test_impatience_inline_does_no_harm(small: Chain, place: Place, moment: Moment) -> None:
    submit = Submit(small.folder, place, "--executor", "inline")
    moment.wait()
    assert press_until_the_end(submit) == 130, submit.errors()
    assert "Traceback" not in submit.errors()
    assert place.await_end(10) == {}
    assert place.files() == []
    assert end_record(small)["state"] == "cancelled"


@pytest.mark.ray
@pytest.mark.xdist_group("ray")
@pytest.mark.parametrize("delay", [0.0, 1.1, *SOAKED])
def test_ctrl_c_while_ray_starts_leaves_nothing(delay: float, small: Chain, place: Place) -> None:
    submit = Submit(small.folder, place)
    submit.until("ExecutorStarting")
    with contextlib.suppress(subprocess.TimeoutExpired):
        submit.process.wait(delay)
    submit.interrupt()
    assert submit.finish(60) == 130, submit.errors()
    assert "Traceback" not in submit.errors()
    assert place.await_end(10) == {}
    assert place.files() == []
    assert end_record(small)["state"] == "cancelled"


def press_until_the_end(submit: Submit) -> int:
    """Send Ctrl-C hundreds of times a second until the command has ended; return its status."""
    while True:
        submit.interrupt()
        try:
            return submit.process.wait(0.002)
        except subprocess.TimeoutExpired:
            continue
