"""What fails, what it stops, what is tried again, and what is said of it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .chain import Chain, write_pipeline
from .watched import Place, Submit

COUNT = """
import os

def attempts(folder):
    os.makedirs(folder, exist_ok=True)
    open(os.path.join(folder, str(len(os.listdir(folder)) + 1)), "w").close()
    return len(os.listdir(folder))
"""
ON_RAY = [pytest.mark.ray, pytest.mark.xdist_group("ray"), pytest.mark.soak]
EXECUTORS = ["inline", pytest.param("ray", marks=ON_RAY)]


@pytest.fixture
def write(tmp_path: Path, reprocc: Callable[..., Any]) -> Callable[..., Chain]:
    """Write the small pipeline, from a spec and code in which `{here}` is a folder outside."""

    def written(spec: str, code: str) -> Chain:
        code = COUNT + code.replace("{here}", str(tmp_path / "outside"))
        return write_pipeline(tmp_path / "small", reprocc, spec=spec, code=code)

    return written


@pytest.fixture
def place() -> Iterator[Place]:
    with Place() as made:
        yield made


def states(result: dict[str, Any]) -> dict[str, str]:
    return {task["task"]: task["state"] for task in result["tasks"]}


def only(result: dict[str, Any]) -> dict[str, Any]:
    (task,) = result["tasks"]
    found: dict[str, Any] = task
    return found


FORK = """
artifacts: {one: {kind: metrics}, two: {kind: metrics}, three: {kind: metrics},
            four: {kind: metrics}, five: {kind: metrics}}
transformations:
  bad: {python: "work:bad", outputs: [one], resources: {cpus: 2}}
  below_bad: {python: "work:keep", inputs: {value: one}, outputs: [two]}
  further: {python: "work:keep", inputs: {value: two}, outputs: [three]}
  good: {python: "work:good", outputs: [four], resources: {cpus: 2}}
  below_good: {python: "work:keep", inputs: {value: four}, outputs: [five]}
"""
FORK_CODE = """
def explode(secret):
    raise ValueError("no such thing")

def bad():
    print("before the end")
    explode(1)

def good():
    return {"a": 1}

def keep(value):
    return value
"""


def test_a_failure_stops_what_depends_on_it_and_what_has_not_started(
    write: Callable[..., Chain],
) -> None:
    result = write(FORK, FORK_CODE).submit("--in-order", rc=1)
    assert result["state"] == "failed"
    found = states(result)
    assert found["bad"] == "failed"
    assert {found["below_bad"], found["further"]} == {"skipped"}
    assert list(found.values()).count("failed") == 1
    assert found["below_good"] == "skipped"


@pytest.mark.parametrize("executor", EXECUTORS)
def test_keep_going_finishes_what_does_not_depend_on_a_failure(
    executor: str, write: Callable[..., Chain]
) -> None:
    result = write(FORK, FORK_CODE).submit("--keep-going", "--executor", executor, rc=1)
    assert states(result) == {
        "bad": "failed",
        "below_bad": "skipped",
        "further": "skipped",
        "good": "succeeded",
        "below_good": "succeeded",
    }


def test_a_failure_shows_the_users_traceback_and_names_the_log(
    write: Callable[..., Chain],
) -> None:
    small = write(FORK, FORK_CODE)
    done = small.reprocc("submit", "pipeline.yaml", "--executor", "inline", cwd=small.folder)
    assert done.rc == 1
    assert "`bad` raised ValueError: no such thing" in done.stderr
    assert "    Traceback (most recent call last):" in done.stderr
    frames = [line.strip() for line in done.stderr.splitlines() if 'File "' in line]
    assert [frame.partition(",")[0] for frame in frames] == ['File "work.py"'] * 2
    (run,) = small.ask("runs")
    assert f"reprocc logs {run['run']} bad" in done.stderr
    log = small.reprocc("logs", run["run"], "bad", cwd=small.folder)
    assert "before the end\n" in log.stdout


def test_an_error_is_tried_again_only_where_the_spec_says_so(
    write: Callable[..., Chain], tmp_path: Path
) -> None:
    small = write(
        """
        artifacts: {one: {kind: metrics}, two: {kind: metrics}}
        transformations:
          third_time: {python: "work:third_time", outputs: [one],
                       retries: {attempts: 3, on: [error], backoff: 1ms}}
          never: {python: "work:never", outputs: [two]}
        """,
        """
def third_time():
    if attempts("{here}/third_time") < 3:
        raise RuntimeError("not yet")
    return {"value": 1}

def never():
    attempts("{here}/never")
    raise RuntimeError("not at all")
        """,
    )
    result = small.submit("--keep-going", rc=1)
    found = {task["task"]: task for task in result["tasks"]}
    assert (found["third_time"]["state"], found["third_time"]["attempts"]) == ("succeeded", 3)
    assert (found["never"]["state"], found["never"]["attempts"]) == ("failed", 1)
    assert len(os.listdir(tmp_path / "outside" / "third_time")) == 3
    assert len(os.listdir(tmp_path / "outside" / "never")) == 1


def test_attempts_wait_for_each_other_without_holding_up_the_rest(
    write: Callable[..., Chain],
) -> None:
    small = write(
        """
        artifacts: {one: {kind: metrics}, two: {kind: metrics}}
        transformations:
          again: {python: "work:again", outputs: [one],
                  retries: {attempts: 2, on: [error], backoff: 1500ms}}
          other: {python: "work:other", outputs: [two]}
        """,
        """
def again():
    if attempts("{here}/again") < 2:
        raise RuntimeError("not yet")
    return {}

def other():
    return {}
        """,
    )
    done = small.reprocc(
        *("submit", "pipeline.yaml", "--executor", "inline", "--events"), cwd=small.folder
    )
    assert done.rc == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    told = [(e["event"], e.get("task")) for e in events if e["event"].startswith("Task")]
    assert told == [
        ("TaskStarted", "again"),
        ("TaskRetried", "again"),
        ("TaskStarted", "other"),
        ("TaskEnded", "other"),
        ("TaskStarted", "again"),
        ("TaskEnded", "again"),
    ]
    assert events[-1]["seconds"] > 1.5


def test_a_timeout_ends_grandchildren_too_and_may_be_tried_again(
    write: Callable[..., Chain], place: Place, tmp_path: Path
) -> None:
    small = write(
        """
        artifacts: {one: {kind: metrics}}
        transformations:
          slow: {python: "work:slow", outputs: [one], timeout: 1s,
                 retries: {attempts: 2, on: [timeout], backoff: 1ms}}
        """,
        """
import subprocess, sys, time

def slow():
    attempts("{here}/slow")
    subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", "import signal; signal.pause()", os.environ["TMPDIR"]],
        start_new_session=True, cwd="/", env={},
    )
    time.sleep(600)
        """,
    )
    submit = Submit(small.folder, place, "--executor", "inline")
    retried = submit.until("TaskRetried")
    assert retried["failure"]["reason"] == "timeout"
    failed = submit.until("TaskEnded")
    assert (failed["state"], failed["attempts"]) == ("failed", 2)
    assert failed["failure"]["message"] == "`slow` ran longer than 1 s"
    assert submit.finish() == 1
    assert place.await_end(10) == {}
    assert len(os.listdir(tmp_path / "outside" / "slow")) == 2


def test_lack_of_memory_asks_for_more_until_there_is_no_more_to_ask_for(
    write: Callable[..., Chain],
) -> None:
    small = write(
        """
        artifacts: {one: {kind: metrics}, two: {kind: metrics}}
        transformations:
          big: {python: "work:big", outputs: [one], resources: {memory: 16MiB},
                retries: {attempts: 9, backoff: 1ms},
                on_out_of_memory: {memory: 2x, maximum: 50MiB}}
          hungry: {python: "work:hungry", outputs: [two]}
        """,
        """
def big():
    attempts("{here}/big")
    raise MemoryError

def hungry():
    raise MemoryError("no room for the table")
        """,
    )
    result = small.submit("--keep-going", rc=1)
    found = {task["task"]: task for task in result["tasks"]}
    assert found["big"]["attempts"] == 3, "16, 32 and 50 MiB, which does not grow"
    assert found["big"]["error"]["reason"] == "out-of-memory"
    assert found["hungry"]["attempts"] == 1
    assert found["hungry"]["error"]["message"] == (
        "`hungry` ran out of memory: no room for the table"
    )


@pytest.mark.ray
@pytest.mark.xdist_group("ray")
def test_a_ray_worker_that_is_killed_is_replaced_and_its_task_tried_again(
    write: Callable[..., Chain], tmp_path: Path
) -> None:
    small = write(
        """
        seed: 4
        artifacts: {one: {kind: metrics}}
        transformations:
          hit: {python: "work:hit", outputs: [one], retries: {backoff: 1ms}}
        """,
        """
import random, signal

def parent(pid):
    with open(f"/proc/{pid}/stat") as file:
        return int(file.read().rpartition(")")[2].split()[1])

def hit():
    if attempts("{here}/hit") == 1:
        worker = parent(os.getppid())
        with open(f"/proc/{worker}/cmdline") as file:
            name = file.read()
        if name.startswith("ray::"):
            os.kill(worker, signal.SIGKILL)
            signal.pause()
    return {"value": random.random()}
        """,
    )
    result = small.submit("--executor", "ray")
    assert (only(result)["state"], only(result)["attempts"]) == ("succeeded", 2)
    assert len(os.listdir(tmp_path / "outside" / "hit")) == 2
    inline = small.submit("--store", str(tmp_path / "other"))
    assert only(inline)["outputs"]["one"] == only(result)["outputs"]["one"]


@pytest.mark.ray
@pytest.mark.xdist_group("ray")
def test_what_no_node_can_hold_is_said_at_once_and_in_words(write: Callable[..., Chain]) -> None:
    small = write(
        """
        artifacts: {one: {kind: metrics}, two: {kind: metrics}, three: {kind: metrics}}
        transformations:
          fine: {python: "work:fine", outputs: [one]}
          wide: {python: "work:keep", inputs: {value: one}, outputs: [two],
                 resources: {cpus: 1000}}
          fast: {python: "work:fine", outputs: [three], resources: {gpus: 64}}
        """,
        """
def fine():
    return {}

def keep(value):
    return value
        """,
    )
    done = small.reprocc("submit", "pipeline.yaml", "--keep-going", "--events", cwd=small.folder)
    assert done.rc == 3, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    kinds = [event["event"] for event in events]
    notices = [event["message"] for event in events if event["event"] == "Notice"]
    assert len(notices) == 2
    assert kinds.index("Notice") < kinds.index("TaskStarted"), "before anything is computed"
    failed = {
        event["task"]: event["failure"]
        for event in events
        if event.get("state") == "failed" and event["event"] == "TaskEnded"
    }
    assert {task: failure["reason"] for task, failure in failed.items()} == {
        "wide": "infeasible",
        "fast": "infeasible",
    }
    assert "of 1000 CPUs" in failed["wide"]["message"]
    assert "0 of 64 GPUs" in failed["fast"]["message"]


def test_a_store_that_fails_the_run_itself_ends_it_with_words_and_a_record(
    write: Callable[..., Chain], place: Place
) -> None:
    small = write(
        """
        artifacts: {one: {kind: metrics}}
        transformations:
          spoil: {python: "work:spoil", outputs: [one]}
        """,
        """
import glob

def spoil():
    (run,) = glob.glob("STORE/runs/*/*")
    open(run + "/tasks", "w").close()
    return {}
        """,
    )
    small.edit("work.py", "STORE", str(small.folder / ".reprocc"))
    submit = Submit(small.folder, place, "--executor", "inline")
    assert submit.until("RunEnded")["state"] == "failed"
    assert submit.finish() == 3
    assert "Traceback" not in submit.errors()
    assert "\nerror: " in submit.errors()
    assert f"{small.folder / '.reprocc'}/runs/" in submit.errors()
    assert place.files() == []
    (run,) = small.ask("runs")
    assert (run["state"], run["tasks"]) == ("failed", {"succeeded": 1})
