"""A part of a pipeline: what runs, what must be there, what is recorded; and running again."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .chain import TASKS, Chain, copy_chain, digests, ran, stored, write_pipeline


@pytest.fixture
def chain(tmp_path: Path, reprocc: Callable[..., Any]) -> Chain:
    return copy_chain(tmp_path / "chain", reprocc)


def codes(result: dict[str, Any]) -> list[str]:
    assert (result["run"], result["state"]) == (None, "invalid")
    return [found["code"] for found in result["diagnostics"]]


def test_until_runs_what_a_task_needs_and_the_rest_follows_later(chain: Chain) -> None:
    first = chain.submit("--until", "fit[width=2]")
    assert [task["task"] for task in first["tasks"]] == ["clean", "scale", "fit[width=2]"]
    rest = chain.submit()
    assert ran(rest) == set(TASKS) - ran(first)


def test_a_part_gives_the_digests_of_the_whole(chain: Chain, tmp_path: Path) -> None:
    whole = digests(copy_chain(tmp_path / "whole", chain.reprocc).submit())
    for option in ("--until", "--only", "--from"):
        assert digests(chain.submit(option, "scale")).items() <= whole.items()


def test_only_runs_nothing_else_although_more_is_stale(chain: Chain) -> None:
    chain.submit()
    result = chain.submit("--only", "scale", "-p", "factor=3", "-p", "title=Other")
    assert [task["task"] for task in result["tasks"]] == ["scale"]
    assert ran(result) == {"scale"}
    shown = chain.ask("show", result["run"])
    assert [task["task"] for task in shown["tasks"]] == ["scale"]


def test_what_is_needed_and_not_there_is_said_before_anything_runs(chain: Chain) -> None:
    found = chain.submit("--only", "fit[width=1]", "--only", "write", rc=1)
    assert codes(found) == ["upstream-not-ready"]
    (said,) = found["diagnostics"]
    assert said["message"] == "`write` needs `evaluate` to run first, and it is not selected"
    assert said["help"] == "run it with `--until evaluate`, or select it too"
    assert not (chain.folder / ".reprocc" / "runs").exists()


def test_what_lies_between_selected_tasks_must_be_sure_to_be_reused(chain: Chain) -> None:
    chain.submit()
    options = ("--only", "fit", "--only", "write")
    assert ran(chain.submit(*options, "-p", "title=Other")) == {"write"}
    found = chain.submit(*options, "--force", "fit", rc=1)
    assert [one["message"] for one in found["diagnostics"]] == [
        "`write` needs `evaluate` to run first, and it is not selected"
    ]


def test_what_comes_before_something_missing_is_not_said_as_well(chain: Chain) -> None:
    found = chain.submit("--only", "evaluate", rc=1)
    assert [one["message"] for one in found["diagnostics"]] == [
        "`evaluate` needs `fit` to run first, and it is not selected"
    ]


def test_what_is_needed_must_be_there_as_of_now(chain: Chain) -> None:
    chain.submit()
    chain.edit("data/raw.csv", "5,-3.5\n", "5,-3.75\n")
    assert codes(chain.submit("--only", "fit", rc=1)) == ["upstream-not-ready"]
    assert ran(chain.submit("--until", "scale")) == {"clean", "scale"}
    assert ran(chain.submit("--only", "fit")) == {f"fit[width={n}]" for n in (1, 2, 3)}


def test_a_needed_task_that_a_contract_refuses_is_not_ready(chain: Chain) -> None:
    chain.submit()
    chain.edit("pipeline.yaml", "require: {size: {minimum: 1}}", "require: {size: {minimum: 9}}")
    assert codes(chain.submit("--only", "write", rc=1)) == ["upstream-not-ready"]


def test_an_unknown_name_stores_nothing(chain: Chain) -> None:
    assert codes(chain.submit("--only", "skale", "--force", "fit[width=7]", rc=1)) == [
        "unknown-selection",
        "unknown-selection",
    ]
    assert not (chain.folder / ".reprocc").exists()


def test_a_source_that_is_not_needed_is_not_read(tmp_path: Path, reprocc: Any) -> None:
    small = write_pipeline(
        tmp_path / "small",
        reprocc,
        spec="""
        artifacts:
          here: {kind: metrics, source: here.json}
          worn: {kind: metrics, source: worn.json}
          one: {kind: metrics}
          two: {kind: metrics}
        transformations:
          first: {python: "work:same", inputs: {value: here}, outputs: [one]}
          second: {python: "work:same", inputs: {value: worn}, outputs: [two]}
        """,
        code="def same(value):\n    return value\n",
    )
    (small.folder / "here.json").write_text('{"n": 1}')
    (small.folder / "worn.json").write_text("no JSON")
    assert codes(small.submit(rc=1)) == ["source-refused"]
    assert ran(small.submit("--only", "first")) == {"first"}
    assert set(stored(small.folder / ".reprocc")) == {
        "small/artifacts/here/0000000001",
        "small/artifacts/one/0000000001",
    }


def test_plan_decides_as_a_submit_of_the_same_options(chain: Chain) -> None:
    chain.submit()
    options = ("--from", "scale", "--until", "evaluate[width=1]", "--force", "scale")
    plan = chain.ask("plan", "pipeline.yaml", *options)
    assert [(one["task"], one["decision"], one["reason"]) for one in plan["tasks"]] == [
        ("scale", "run", "forced"),
        ("fit[width=1]", "depends", "upstream"),
        ("evaluate[width=1]", "depends", "upstream"),
    ]
    result = chain.submit(*options)
    assert {task["task"]: task["state"] for task in result["tasks"]} == {
        "scale": "succeeded",
        "fit[width=1]": "reused",
        "evaluate[width=1]": "reused",
    }
    refused = chain.reprocc(
        "plan", "pipeline.yaml", "--only", "fit", "-p", "factor=5", "--json", cwd=chain.folder
    )
    assert (refused.rc, codes(refused.json)) == (1, ["upstream-not-ready"])


def test_a_forced_task_that_gives_the_same_stops_there(chain: Chain) -> None:
    first = chain.submit()
    before = stored(chain.folder / ".reprocc")
    again = chain.submit("--force", "fit", "--force", "clean")
    assert ran(again) == {"clean", *(f"fit[width={n}]" for n in (1, 2, 3))}
    assert digests(again) == digests(first)
    assert stored(chain.folder / ".reprocc") == before


DRAW = """
import os


def draw(salt):
    return {"drawn": os.urandom(8).hex()}


def keep(a):
    return {"drawn": a["drawn"]}


def drop(a):
    return {"drawn": "anything"}
"""


def random_pipeline(folder: Path, reprocc: Any, *, more: str = "") -> Chain:
    spec = f"""
    artifacts: {{a: {{kind: metrics}}, b: {{kind: metrics}}, c: {{kind: metrics}}}}
    transformations:
      draw: {{python: "work:draw", outputs: [a], arguments: {{salt: 1}}{more}}}
      keep: {{python: "work:keep", inputs: [a], outputs: [b]}}
      drop: {{python: "work:drop", inputs: [a], outputs: [c]}}
    """
    return write_pipeline(folder, reprocc, spec=spec, code=DRAW)


def test_a_forced_task_that_gives_something_else_is_reported_and_counts(
    tmp_path: Path, reprocc: Any
) -> None:
    small = random_pipeline(tmp_path / "small", reprocc)
    first = small.submit()
    done = small.reprocc(
        *("submit", "pipeline.yaml", "--executor", "inline", "--force", "draw", "--json"),
        cwd=small.folder,
    )
    second = done.json
    old, new = digests(first)["draw:a"], digests(second)["draw:a"]
    assert old != new
    shown = small.ask("show", second["run"])
    (warning,) = next(one for one in shown["tasks"] if one["task"] == "draw")["warnings"]
    assert warning == (
        f"`draw` gave another `a` than before: it is not deterministic ({old[:19]} → {new[:19]})"
    )
    assert ran(second) == {"draw", "keep", "drop"}
    assert digests(second)["drop:c"] == digests(first)["drop:c"]
    third = small.submit()
    assert ran(third) == set()
    assert digests(third) == digests(second)


def test_a_task_that_claims_no_determinism_is_not_reported(tmp_path: Path, reprocc: Any) -> None:
    small = random_pipeline(tmp_path / "small", reprocc, more=", deterministic: false")
    small.submit()
    second = small.submit("--force", "draw", "--only", "draw")
    assert ran(second) == {"draw"}
    assert [one["warnings"] for one in small.ask("show", second["run"])["tasks"]] == [[]]


def test_a_damaged_input_whose_task_is_not_selected_fails_and_says_so(chain: Chain) -> None:
    chain.submit()
    path = Path(chain.ask("get", "cleaned")[0]["paths"][0])
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    os.chmod(path, 0o644)
    path.write_bytes(data)
    done = chain.reprocc(
        *("submit", "pipeline.yaml", "--executor", "inline", "--only", "scale", "-p", "factor=7"),
        cwd=chain.folder,
    )
    assert done.rc == 3
    assert "`cleaned` is no longer whole in the store, and what makes it is not selected" in (
        done.stderr
    )
    assert ran(chain.submit("-p", "factor=7")) >= {"clean", "scale"}
