"""What runs again after a change, and what does not."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .chain import TASKS, Chain, copy_chain, digests, ran


@pytest.fixture
def chain(tmp_path: Path, reprocc: Callable[..., Any]) -> Chain:
    return copy_chain(tmp_path / "chain", reprocc)


def test_a_first_submit_runs_everything_in_plan_order(chain: Chain) -> None:
    result = chain.submit()
    assert result["state"] == "succeeded"
    assert ran(result) == set(TASKS)
    assert result["tasks"][0]["task"] == "clean"


def test_an_unchanged_submit_runs_nothing_and_appends_no_version(chain: Chain) -> None:
    first = chain.submit()
    second = chain.submit()
    assert ran(second) == set()
    assert digests(second) == digests(first)
    assert [len(chain.ask("versions", name)) for name in ("raw", "cleaned", "report")] == [1, 1, 1]


def test_a_touched_source_with_the_same_bytes_runs_nothing(chain: Chain) -> None:
    chain.submit()
    os.utime(chain.folder / "data" / "raw.csv", (1, 1))
    assert ran(chain.submit()) == set()


def test_comments_and_formatting_run_nothing(chain: Chain) -> None:
    chain.submit()
    chain.edit("stages/lib/third.py", "return value * factor", "# times\n    return (value*factor)")
    chain.edit("pipeline.yaml", "inputs: [raw]", "inputs: [ raw ]  # the rows")
    assert ran(chain.submit()) == set()


def test_a_helper_three_imports_away_runs_what_depends_on_it(chain: Chain) -> None:
    chain.submit()
    chain.edit("stages/lib/third.py", "value * factor", "value * factor + 1")
    assert ran(chain.submit()) == set(TASKS) - {"clean"}


def test_editing_a_function_does_not_run_the_one_beside_it(chain: Chain) -> None:
    beside = (chain.folder / "stages/evaluate.py").read_text("utf-8")
    with (chain.folder / "stages/fit.py").open("a", encoding="utf-8") as file:
        file.write(beside)
    chain.edit("pipeline.yaml", "stages.evaluate:evaluate", "stages.fit:evaluate")
    chain.submit()
    chain.edit("stages/fit.py", '"rows": table.num_rows', '"rows": len(table)')
    assert ran(chain.submit()) == {f"evaluate[width={width}]" for width in (1, 2, 3)}
    chain.edit("stages/fit.py", "range(width)", "range(0, width)")
    assert ran(chain.submit()) == {f"fit[width={width}]" for width in (1, 2, 3)}


def test_a_helper_edited_without_effect_on_the_result_stops_there(chain: Chain) -> None:
    chain.submit()
    chain.edit("stages/lib/third.py", "value * factor", "factor * value")
    assert ran(chain.submit()) == {"scale"}


def test_a_changed_source_whose_cleaned_table_is_the_same_runs_the_cleaning(chain: Chain) -> None:
    chain.submit()
    chain.edit("data/raw.csv", "5,-3.5\n2,\n", "5,-3.5\n2,\n6,\n")
    assert ran(chain.submit()) == {"clean"}


def test_a_leaf_argument_runs_the_leaf(chain: Chain) -> None:
    chain.submit()
    assert ran(chain.submit("-p", "title=Other")) == {"write"}


def test_an_earlier_state_runs_nothing_and_is_the_newest_again(chain: Chain) -> None:
    first = chain.submit()
    chain.submit("-p", "factor=3")
    third = chain.submit()
    assert ran(third) == set()
    assert digests(third) == digests(first)
    newest = chain.ask("versions", "scaled")
    assert [version["version"] for version in newest] == [3, 2, 1]
    assert newest[0]["digest"] == newest[2]["digest"] != newest[1]["digest"]
    assert newest[0]["reused_from"] == first["run"]


def test_another_seed_runs_what_may_draw_from_it(chain: Chain) -> None:
    chain.submit()
    chain.edit("pipeline.yaml", "seed: 11", "seed: 12")
    assert "fit[width=1]" in ran(chain.submit())


def test_a_loosened_contract_checks_again_and_computes_nothing(chain: Chain) -> None:
    chain.edit("pipeline.yaml", "require: {size: {minimum: 1}}", "require: {size: {minimum: 2}}")
    failed = chain.submit("--keep-going", rc=1)
    states = {task["task"]: task["state"] for task in failed["tasks"]}
    assert states["evaluate[width=1]"] == "failed"
    assert states["evaluate[width=2]"] == "succeeded"
    assert states["write"] == "skipped"
    assert chain.submit("--keep-going", rc=1)["state"] == "failed"
    chain.edit("pipeline.yaml", "require: {size: {minimum: 2}}", "require: {size: {minimum: 1}}")
    assert ran(chain.submit()) == {"write"}


def test_a_missing_object_is_made_again_by_its_task_alone(chain: Chain) -> None:
    first = chain.submit()
    for path in chain.ask("get", "report")[0]["paths"]:
        os.remove(path)
    second = chain.submit()
    assert ran(second) == {"write"}
    assert digests(second) == digests(first)


def test_a_truncated_object_is_made_again_by_its_task_alone(chain: Chain) -> None:
    first = chain.submit()
    path = chain.ask("get", "cleaned")[0]["paths"][0]
    os.chmod(path, 0o644)
    os.truncate(path, 10)
    second = chain.submit()
    assert ran(second) == {"clean"}
    assert digests(second) == digests(first)


def test_a_flipped_bit_is_found_when_it_is_read_and_mended(chain: Chain) -> None:
    first = chain.submit()
    path = Path(chain.ask("get", "scaled")[0]["paths"][0])
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(bytes(data))
    chain.edit("stages/evaluate.py", '"rows": table.num_rows', '"rows": table.num_rows + 0')
    second = chain.submit()
    assert "scale" in ran(second)
    assert digests(second) == digests(first)


def test_a_flipped_bit_in_a_source_is_mended_from_the_source(chain: Chain) -> None:
    first = chain.submit()
    path = Path(chain.ask("get", "raw")[0]["paths"][0])
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(bytes(data))
    chain.edit("stages/clean.py", "is_valid()", "is_valid( )")
    chain.edit("stages/clean.py", "return raw", "kept = raw\n    return kept")
    second = chain.submit()
    assert "clean" in ran(second)
    assert digests(second) == digests(first)


def test_the_plan_says_what_a_submit_then_does(chain: Chain) -> None:
    chain.submit()
    chain.edit("stages/lib/third.py", "value * factor", "value * factor + 1")
    plan = {task["task"]: task for task in chain.ask("plan", "pipeline.yaml")["tasks"]}
    assert plan["clean"]["decision"] == "reuse"
    assert plan["scale"]["decision"] == "run"
    assert [change["component"] for change in plan["scale"]["because"]] == ["code"]
    assert plan["fit[width=1]"]["decision"] == "depends"
    assert plan["fit[width=1]"]["upstream"] == ["scale"]


def test_the_plan_of_a_pipeline_that_never_ran_runs_everything(chain: Chain) -> None:
    plan = chain.ask("plan", "pipeline.yaml")["tasks"]
    assert {task["decision"] for task in plan} == {"run"}
    assert not (chain.folder / ".reprocc").exists()


def test_the_plan_says_that_a_tightened_contract_would_refuse(chain: Chain) -> None:
    chain.submit()
    chain.edit("pipeline.yaml", "require: {size: {minimum: 1}}", "require: {size: {minimum: 2}}")
    plan = {task["task"]: task for task in chain.ask("plan", "pipeline.yaml")["tasks"]}
    assert plan["evaluate[width=1]"]["decision"] == "reuse"
    assert "breaks its contract" in plan["evaluate[width=1]"]["refusal"]
    assert plan["evaluate[width=2]"]["refusal"] is None
    assert plan["write"]["decision"] == "depends"
