"""The benchmark harness: what it measures is there and adds up; times are not judged here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from reprocc.benchmarks import figures
from reprocc.benchmarks.chains import measure_chains
from reprocc.benchmarks.compiling import measure_compiling
from reprocc.benchmarks.figures import Table, markdown, write_results
from reprocc.benchmarks.measure import run
from reprocc.benchmarks.peer_tools import small_stages
from reprocc.benchmarks.reruns import CHANGES, rerun_ours
from reprocc.benchmarks.shell import measure_unchanged
from reprocc.benchmarks.tables import measure_tables
from reprocc.benchmarks.verbs import measure_verbs


@pytest.mark.ray
def test_cold_and_unchanged_runs_are_measured_beside_raw_ray() -> None:
    chains, started = measure_chains((10,), repeats=1)
    ((count, raw, cold, ratio, *_),) = chains.rows
    assert count == 10
    assert isinstance(raw, float)
    assert isinstance(cold, float)
    assert ratio == pytest.approx(cold / raw)
    assert chains.holds is None, "only a run of 1,000 tasks is judged"
    assert len(chains.rows[0]) == len(chains.columns)
    assert len(started.rows) == 3


def test_compiling_and_unchanged_submits_are_measured(tmp_path: Path) -> None:
    compiling = measure_compiling(tmp_path, (10,), (100,), repeats=1)
    verbs = ("validate", "compile")
    assert [row[:3] for row in compiling.rows] == [
        *((verb, 10, 1) for verb in verbs),
        *((verb, 1, 100) for verb in verbs),
    ]
    assert all(len(row) == len(compiling.columns) for row in compiling.rows)
    assert compiling.holds is None, "only what is large is judged"
    unchanged = measure_unchanged(tmp_path, (10,), repeats=1)
    assert [row[0] for row in unchanged.rows] == [10]


def test_verbs_that_read_are_measured_on_a_store_with_many_runs(tmp_path: Path) -> None:
    found = measure_verbs(tmp_path, 12)
    verbs = {str(row[0]).split()[1] for row in found.rows}
    assert {"runs", "show", "artifacts", "versions", "get", "lineage", "diff"} <= verbs
    assert all(isinstance(row[1], float) and row[1] > 0 for row in found.rows)


def test_tables_checkpoints_and_second_versions_are_measured(tmp_path: Path) -> None:
    found = list(measure_tables(tmp_path, size=1 << 20, files=20, repeats=1))
    assert [row[0] for table in found for row in table.rows] == [
        *("publish", "read", "store", "restore", "store", "restore"),
        *("append 1 %", "insert 1 % in one place", "delete 1 % in one place"),
        *("update 1 % in one place", "update 1 % of the rows, scattered"),
    ]
    assert all(table.holds is None for table in found), "only what is large is judged"
    assert list(tmp_path.iterdir()) == []


def test_reprocc_runs_exactly_what_each_change_asks_for(tmp_path: Path) -> None:
    wanted = [f"{one.expected}, repaired" if one.repairs else str(one.expected) for one in CHANGES]
    assert rerun_ours(tmp_path / "reruns") == wanted
    assert len(small_stages()) == 8


def test_a_command_that_takes_too_long_is_ended_and_has_no_cost(tmp_path: Path) -> None:
    endless = [sys.executable, "-c", "while True: pass"]
    with pytest.raises(subprocess.TimeoutExpired):
        run(endless, folder=tmp_path, limit=0.2)
    cost = run([sys.executable, "-c", "pass"], folder=tmp_path, limit=60)
    assert cost.cpu > 0
    assert cost.peak > 1 << 20


def test_results_are_markdown_for_people_and_json_for_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "RESULTS", tmp_path / "results")
    table = Table(
        title="Times",
        columns=("what", "s", "count"),
        rows=(("first", 1.234, 1000), ("second", None, 2)),
        notes=("Once.",),
        bound="it takes at most 1 s",
        holds=False,
    )
    page, data = write_results("some", [table])
    assert markdown(table) in page.read_text(encoding="utf-8")
    assert markdown(table).splitlines() == [
        "## Times",
        "",
        "| what   |    s | count |",
        "|--------|-----:|------:|",
        "| first  | 1.23 | 1,000 |",
        "| second |    – |     2 |",
        "",
        "Must hold: it takes at most 1 s: **does not hold**.",
        "",
        "- Once.",
    ]
    assert json.loads(data.read_text())["tables"][0]["rows"][0] == ["first", 1.234, 1000]
