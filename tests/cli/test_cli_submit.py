"""`submit`: its summary, its JSON, its events, and how much it says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .conftest import Ran

INLINE = ("submit", "pipeline.yaml", "--executor", "inline")
TIME = re.compile(r"\d+\.\d+ s")
RUN = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")


def plain(text: str) -> str:
    """Replace what differs from run to run."""
    return re.sub(r"plan [0-9a-f]{12}", "plan P", RUN.sub("R", TIME.sub("T", text)))


def costs(text: str) -> list[str]:
    """Return the lines of a summary that are there only where the machine is slow."""
    return [row for row in plain(text).splitlines() if row.startswith(("  slowest ", "  used "))]


def test_a_run_is_told_line_by_line_and_summed_up(
    pipeline: Path, reprocc: Callable[..., Any]
) -> None:
    first = reprocc(*INLINE, cwd=pipeline)
    assert (first.rc, first.stdout) == (0, "")
    tasks = ["clean", "scale", *(f"fit[width={n}]" for n in (1, 2, 3))]
    tasks += [*(f"evaluate[width={n}]" for n in (1, 2, 3)), "write"]
    assert plain(first.stderr).splitlines() == [
        "chain: 9 tasks, plan P, run R",
        "  raw: data/raw.csv, 6 rows, new version 1",
        *(f"  {task}: done in T" for task in tasks),
        "succeeded in T: 9 ran",
        "  run      R of chain, plan P",
        *costs(first.stderr),
        "  report   reprocc get chain/report -o report.txt",
    ]
    again = reprocc(*INLINE, cwd=pipeline)
    assert plain(again.stderr).splitlines() == [
        "chain: 9 tasks, plan P, run R",
        "succeeded in T: nothing to do, all 9 reused",
    ]
    quiet = reprocc(*INLINE, "-q", cwd=pipeline)
    assert (quiet.rc, quiet.stdout, quiet.stderr) == (0, "", "")
    verbose = reprocc(*INLINE, "-v", "-p", "title=Other", cwd=pipeline)
    lines = plain(verbose.stderr).splitlines()
    assert "  raw: data/raw.csv, 6 rows, version 1" in lines
    assert "  clean: reused" in lines
    assert "  write: attempt 1" in lines
    assert "succeeded in T: 1 ran, 8 reused" in lines


def test_the_json_of_a_run_has_every_task(ran: Ran) -> None:
    assert set(ran.first) == {"run", "state", "plan", "store", "seconds", "tasks"}
    assert ran.first["store"] == (ran.folder / ".reprocc").as_uri()
    assert ran.first["state"] == ran.second["state"] == "succeeded"
    states = {task["task"]: task["state"] for task in ran.second["tasks"]}
    assert states.pop("write") == "succeeded"
    assert set(states.values()) == {"reused"}
    write = ran.second["tasks"][-1]
    assert set(write) == {
        *("task", "state", "fingerprint", "seconds", "attempts", "outputs", "error")
    }
    assert write["outputs"]["report"]["version"] == 2
    assert write["attempts"] == 1
    assert write["error"] is None


def test_events_come_one_a_line(pipeline: Path, reprocc: Callable[..., Any]) -> None:
    done = reprocc(*INLINE, "--events", cwd=pipeline)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    names = [event["event"] for event in events]
    assert names[:4] == ["RunStarted", "SourceIngested", "ExecutorStarting", "TaskStarted"]
    assert names[-1] == "RunEnded"
    assert names.count("TaskStarted") == names.count("TaskEnded") == 9
    assert done.stderr == ""


def test_a_failure_is_shown_with_its_place_traceback_and_log(
    pipeline: Path, reprocc: Callable[..., Any]
) -> None:
    fit = pipeline / "stages" / "fit.py"
    text = fit.read_text()
    fit.write_text(text + "    assert width < 2, 'too wide'\n")
    done = reprocc(*INLINE, "--keep-going", "-q", cwd=pipeline)
    assert (done.rc, done.stdout) == (1, "")
    line = len(text.splitlines()) + 1
    shown = [
        "error[task-failed]: `fit[width=2]` raised AssertionError: too wide",
        "  --> pipeline.yaml:30:3",
        "   |",
        "30 |   fit:",
        "   |   ^^^",
        "    Traceback (most recent call last):",
        f'      File "stages/fit.py", line {line}, in fit',
        "        assert width < 2, 'too wide'",
        "    the same at width=3",
        "    log: reprocc logs R 'fit[width=2]'",
    ]
    said = [row for row in plain(done.stderr).splitlines() if "^^^^" not in row]
    said = [row for row in said if row.strip() != "AssertionError: too wide"]
    assert said == shown
    command = done.stderr.splitlines()[-1].partition("log: reprocc ")[2]
    verb, run, task = command.split()
    log = reprocc(verb, run, task.strip("'"), cwd=pipeline)
    assert log.stdout == "fitted with width 2\n"
    again = reprocc(*INLINE, cwd=pipeline)
    summary = [row for row in plain(again.stderr).splitlines() if row not in costs(again.stderr)]
    assert summary[-6:] == [
        "failed in T: 3 reused, 1 failed, 5 skipped",
        "  run      R of chain, plan P",
        "  failed   fit[width=2] raised AssertionError: too wide",
        "           reprocc logs R 'fit[width=2]'",
        "  again    reprocc submit pipeline.yaml --executor inline",
        "           what succeeded is reused",
    ]
