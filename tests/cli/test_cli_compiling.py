"""`validate`, `compile`, `plan` and `schema`: what they print, where, and in which form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import Ran

BROKEN = "inputs: [raw]", "inputs: [raws]"
SAID = "`clean` reads `raws`, which nothing produces"


@pytest.fixture
def broken(pipeline: Path) -> Path:
    spec = pipeline / "pipeline.yaml"
    spec.write_text(spec.read_text().replace(*BROKEN))
    return pipeline


def test_validate_says_on_stderr_that_a_file_is_valid(
    pipeline: Path, reprocc: Callable[..., Any]
) -> None:
    done = reprocc("validate", "pipeline.yaml", cwd=pipeline)
    assert (done.rc, done.stdout, done.stderr) == (0, "", "pipeline.yaml: valid\n")
    quiet = reprocc("validate", "pipeline.yaml", "-q", cwd=pipeline)
    assert (quiet.rc, quiet.stdout, quiet.stderr) == (0, "", "")
    assert reprocc("validate", "pipeline.yaml", "--json", cwd=pipeline).json == []


def test_validate_prints_what_is_wrong_in_each_format(
    broken: Path, reprocc: Callable[..., Any]
) -> None:
    def printed(*options: str) -> str:
        done = reprocc("validate", "pipeline.yaml", *options, cwd=broken)
        assert (done.rc, done.stderr) == (1, "pipeline.yaml: 1 error\n")
        return str(done.stdout)

    assert printed() == (
        f"error[unknown-artifact]: {SAID}\n"
        "  --> pipeline.yaml:23:14\n"
        "   |\n"
        "23 |     inputs: [raws]\n"
        "   |              ^^^^\n"
        "   = help: did you mean `raw`?\n"
    )
    assert printed("--format", "concise") == (
        f"pipeline.yaml:23:14: error[unknown-artifact]: {SAID}\n"
    )
    as_json = printed("--format", "json")
    assert as_json == printed("--json")
    (found,) = json.loads(as_json)
    start = found["start"]
    assert (found["code"], found["file"]) == ("unknown-artifact", "pipeline.yaml")
    assert (start["line"], start["column"]) == (23, 14)
    assert set(found) == {
        *("code", "severity", "message", "file", "start", "end", "labels", "help", "fixes")
    }
    sarif = json.loads(printed("--format", "sarif"))["runs"][0]["results"]
    assert [result["ruleId"] for result in sarif] == ["unknown-artifact"]
    assert printed("--format", "github").startswith("::error file=pipeline.yaml,line=23,")


def test_validate_takes_several_files(broken: Path, reprocc: Callable[..., Any]) -> None:
    (broken / "empty.yaml").write_text("")
    done = reprocc("validate", "pipeline.yaml", "empty.yaml", "--format", "concise", cwd=broken)
    assert done.rc == 1
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == [
        "empty.yaml",
        "pipeline.yaml",
    ]
    assert done.stderr == "pipeline.yaml, empty.yaml: 2 errors\n"


def test_compile_prints_the_plan_and_tells_its_digest(
    pipeline: Path, reprocc: Callable[..., Any]
) -> None:
    done = reprocc("compile", "pipeline.yaml", cwd=pipeline)
    digest = hashlib.sha256(done.stdout.encode()).hexdigest()
    assert done.stderr == f"chain: 9 tasks, plan sha256:{digest}\n"
    assert done.json["pipeline"] == "chain"
    assert len(done.json["tasks"]) == 9
    to_file = reprocc("compile", "pipeline.yaml", "-o", "plan.json", "-q", cwd=pipeline)
    assert (to_file.rc, to_file.stdout, to_file.stderr) == (0, "", "")
    assert (pipeline / "plan.json").read_text() == done.stdout
    nowhere = reprocc("compile", "pipeline.yaml", "-o", "no/plan.json", cwd=pipeline)
    assert nowhere.rc == 3
    assert nowhere.stderr == (
        "error: cannot write `no/plan.json`: there is no such file or folder\n"
        "  = help: name another path\n"
    )


def test_a_spec_that_does_not_compile_has_no_plan(
    broken: Path, reprocc: Callable[..., Any]
) -> None:
    done = reprocc("compile", "pipeline.yaml", "-o", "plan.json", cwd=broken)
    assert (done.rc, done.stdout) == (1, "")
    assert done.stderr.startswith("error[unknown-artifact]: ")
    assert done.stderr.endswith("\n1 error\n")
    assert not (broken / "plan.json").exists()
    for verb in ("compile", "plan", "submit"):
        done = reprocc(verb, "pipeline.yaml", "--json", cwd=broken)
        assert (done.rc, done.stderr) == (1, "")
        assert (done.json["run"], done.json["state"]) == (None, "invalid")
        assert [found["message"] for found in done.json["diagnostics"]] == [SAID]
    assert not (broken / ".reprocc").exists()


def test_plan_says_what_would_run_and_why(ran: Ran) -> None:
    done = ran("plan", "pipeline.yaml", "-p", "factor=5", "-p", "title=Other")
    assert done.stderr.startswith("1 to run, 7 depending on what runs first, 1 to reuse; ")
    rows = {line.split()[0]: line for line in done.stdout.splitlines()}
    assert rows["scale"].split()[:2] == ["scale", "run"]
    assert rows["scale"].endswith("arguments: factor 2 → 5")
    assert rows["clean"].split() == ["clean", "reuse"]
    assert ran("plan", "pipeline.yaml", "-p", "title=Other", "-q").stderr == ""
    (write,) = [
        task
        for task in ran("plan", "pipeline.yaml", "-p", "title=New", "--json").json["tasks"]
        if task["decision"] != "reuse"
    ]
    assert write["task"] == "write"
    assert write["because"][0]["component"].startswith("arguments")


def test_schema_prints_the_published_schema(tmp_path: Path, reprocc: Callable[..., Any]) -> None:
    done = reprocc("schema")
    assert done.rc == 0
    assert done.json["type"] == "object"
    assert reprocc("schema", "--json").stdout == done.stdout
    assert reprocc("schema", "-o", "schema.json").stdout == ""
    assert (tmp_path / "schema.json").read_text() == done.stdout
    assert reprocc("schema", "-o", tmp_path).rc == 3


def test_parameters_come_from_a_file_and_the_command_line_wins(
    pipeline: Path, reprocc: Callable[..., Any]
) -> None:
    (pipeline / "values.yaml").write_text("factor: 4\ntitle: From the file\n")
    options = ("--parameters", "values.yaml", "-p", "factor=6")
    plan = reprocc("compile", "pipeline.yaml", *options, cwd=pipeline).json
    assert plan["parameters"] == {"factor": 6, "title": "From the file"}
