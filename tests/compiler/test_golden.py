"""Whole pipelines: the plan and everything that is said of each, compared whole.

A case is a folder below `tests/golden`: `pipeline.yaml` with its code and data, `given.json` where
parameters are given, `plan.json` (the plan indented for people; absent where there is none) and
`diagnostics.txt`. After a change that is meant, `REPROCC_WRITE_GOLDEN=1` writes them again.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from reprocc.compiler.driver import Compiled, compile_file
from reprocc.compiler.render.concise import render_concise
from reprocc.compiler.render_plan import plan_bytes
from reprocc.compiler.workspace import Workspace

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
CASES = sorted(path.parent.name for path in GOLDEN.glob("*/pipeline.yaml"))


def compiled(folder: Path) -> Compiled:
    given = folder / "given.json"
    return compile_file(
        folder / "pipeline.yaml",
        shown="pipeline.yaml",
        given=json.loads(given.read_text("utf-8")) if given.exists() else {},
        workspace=Workspace(),
    )


def indented(result: Compiled) -> str | None:
    if result.plan is None:
        return None
    value = json.loads(plan_bytes(result.plan))
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def compare(path: Path, found: str | None) -> None:
    if os.environ.get("REPROCC_WRITE_GOLDEN") == "1":
        path.unlink(missing_ok=True)
        if found is not None:
            path.write_text(found, encoding="utf-8")
    expected = path.read_text("utf-8") if path.exists() else None
    assert found == expected


@pytest.mark.parametrize("case", CASES)
def test_a_pipeline_has_its_plan_and_its_diagnostics(case: str) -> None:
    result = compiled(GOLDEN / case)
    compare(GOLDEN / case / "diagnostics.txt", render_concise(result.diagnostics))
    compare(GOLDEN / case / "plan.json", indented(result))


@pytest.mark.parametrize("case", CASES)
def test_every_headline_stands_alone(case: str) -> None:
    for diagnostic in compiled(GOLDEN / case).diagnostics:
        assert len(diagnostic.message) <= 80, diagnostic.message
        assert not diagnostic.message.endswith((".", "!")), diagnostic.message


def test_there_are_cases_with_and_without_a_plan() -> None:
    plans = [(GOLDEN / case / "plan.json").exists() for case in CASES]
    assert len(CASES) >= 12
    assert set(plans) == {True, False}
