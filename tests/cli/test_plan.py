"""`plan`: lines for tasks that share a decision and a reason, expected times, and JSON."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .conftest import Ran

TIME = re.compile(r"\d+\.\d+ s")


def lines(text: str) -> list[str]:
    """Return the cells of each line, times apart."""
    return [re.sub(r" {2,}", " | ", TIME.sub("T", line)) for line in text.splitlines()]


def test_a_plan_before_the_first_run_says_so_and_knows_no_times(
    pipeline: Path, reprocc: Callable[..., Any]
) -> None:
    done = reprocc("plan", "pipeline.yaml", cwd=pipeline)
    assert lines(done.stdout) == [
        "TASK | DECISION | BECAUSE",
        "clean | run | never ran",
        "scale | run | never ran",
        "fit ×3 | run | never ran",
        "evaluate ×3 | run | never ran",
        "write | run | never ran",
    ]
    assert done.stderr == "9 to run\n"
    assert not (pipeline / ".reprocc").exists()


def test_tasks_that_share_decision_and_reason_are_one_line(ran: Ran) -> None:
    done = ran("plan", "pipeline.yaml", "-p", "factor=3", "-p", "title=Third")
    assert lines(done.stdout) == [
        "TASK | DECISION | TIME | BECAUSE",
        "clean | reuse",
        "scale | run | T | arguments: factor 2 → 3",
        "fit ×3 | depends | T | after scale",
        "evaluate ×3 | depends | T | after scale and fit",
        'write | depends | T | arguments: title "Other" → "Third"; after evaluate',
    ]
    assert re.fullmatch(
        r"1 to run, 7 depending on what runs first, 1 to reuse; "
        r"(about|\d+\.\d s to) \d+\.\d s( \((up to )?\d+\.\d s of work\))?\n",
        done.stderr,
    )


def test_v_gives_every_task_a_line(ran: Ran) -> None:
    done = ran("plan", "pipeline.yaml", "-v", "-p", "factor=3")
    assert "fit[width=2] | depends | T | after scale" in lines(done.stdout)
    assert len(lines(done.stdout)) == 10


def test_a_part_of_the_points_is_counted_out_of_all(ran: Ran) -> None:
    done = ran("plan", "pipeline.yaml", "--force", "fit[width=1]", "--force", "fit[width=3]")
    assert [line for line in lines(done.stdout) if line.startswith("fit")] == [
        "fit ×2 of 3 | run | T | forced",
        "fit[width=2] | reuse",
    ]


def test_a_selection_is_counted(ran: Ran) -> None:
    done = ran("plan", "pipeline.yaml", "--only", "write", "-p", "title=Third")
    assert done.stderr.splitlines()[0] == "1 of 9 tasks selected"
    assert ran("plan", "pipeline.yaml").stderr == "nothing to run\n"


def test_the_json_has_expected_times(ran: Ran) -> None:
    found = ran("plan", "pipeline.yaml", "-p", "factor=3", "--json").json
    tasks = {one["task"]: one for one in found["tasks"]}
    assert tasks["clean"]["seconds"] == 0
    assert tasks["fit[width=1]"]["seconds"] > 0
    assert tasks["scale"]["because"][0]["component"] == "arguments"
    expected, most = found["expected"], found["at_most"]
    assert set(expected) == {"seconds", "work", "unknown"}
    assert expected["seconds"] == expected["work"] == round(tasks["scale"]["seconds"], 3)
    assert (
        most["seconds"] <= most["work"] == round(sum(one["seconds"] for one in found["tasks"]), 3)
    )
    assert expected["unknown"] == most["unknown"] == 0


def test_a_new_point_is_expected_to_take_what_the_others_took(
    pipeline: Path, reprocc: Callable[..., Any]
) -> None:
    reprocc("submit", "pipeline.yaml", "--executor", "inline", cwd=pipeline)
    spec = pipeline / "pipeline.yaml"
    spec.write_text(spec.read_text().replace("[1, 2, 3]", "[1, 2, 3, 4]"))
    found = reprocc("plan", "pipeline.yaml", "--json", cwd=pipeline).json
    tasks = {one["task"]: one for one in found["tasks"]}
    assert (tasks["fit[width=4]"]["reason"], tasks["fit[width=4]"]["decision"]) == (
        "never-ran",
        "run",
    )
    assert tasks["fit[width=4]"]["seconds"] > 0
    assert found["expected"]["unknown"] == 0
