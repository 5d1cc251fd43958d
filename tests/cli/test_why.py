"""`why`: each component of an identity by a real edit, old and new, as text and as JSON."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from .conftest import run_many

RUN = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")
DIGEST = re.compile(r"\b[0-9a-f]{12}\b")
INLINE = ("submit", "pipeline.yaml", "--executor", "inline", "-q")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The pipeline `chain`, which may be edited and run."""

    folder: Path
    reprocc: Callable[..., Any]

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def submit(self, *options: str, rc: int = 0) -> None:
        done = self.reprocc(*INLINE, *options, cwd=self.folder)
        assert done.rc == rc, done.stderr

    def why(self, *arguments: str) -> list[str]:
        """Return the lines of `why`, without what differs from run to run."""
        ((rc, out, talk),) = run_many([("why", "pipeline.yaml", *arguments)], self.folder)
        assert (rc, talk) == (0, "")
        return DIGEST.sub("D", RUN.sub("R", out)).splitlines()

    def because(self, task: str, *options: str) -> dict[str, Any]:
        """Return the one changed component of a task, from JSON."""
        command = ("why", "pipeline.yaml", task, *options, "--json")
        ((rc, out, _),) = run_many([command], self.folder)
        assert rc == 0
        (told,) = json.loads(out)["tasks"]
        (found,) = told["because"]
        component: dict[str, Any] = found
        return component


@pytest.fixture
def world(pipeline: Path, reprocc: Callable[..., Any]) -> World:
    return World(folder=pipeline, reprocc=reprocc)


@pytest.fixture
def ran(world: World) -> World:
    world.submit()
    return world


def test_before_the_first_run_nothing_ever_ran(world: World) -> None:
    assert world.why("fit") == ["fit ×3 run: it never ran"]
    assert not (world.folder / ".reprocc").exists()


def test_what_did_not_change_is_reused_from_a_run(ran: World) -> None:
    assert ran.why("fit[width=2]") == [
        "fit[width=2] is reused: nothing changed since run R made it"
    ]
    assert ran.why() == ["every task is reused"]


def test_an_argument_is_named_old_and_new(ran: World) -> None:
    assert ran.why("scale", "-p", "factor=3") == [
        "scale runs: changed since run R",
        "  argument factor: 2 → 3",
    ]
    found = ran.because("scale", "-p", "factor=3")
    assert found["component"] == "arguments"
    assert found["details"] == [
        {
            "name": "factor",
            "old": "2",
            "new": "3",
            "diff": None,
            "definitions": [],
            "whole": None,
        }
    ]


def test_changed_code_names_the_file_and_the_function_and_shows_the_lines(ran: World) -> None:
    ran.edit("stages/lib/third.py", "value * factor", "value * factor + 1")
    assert ran.why("scale") == [
        "scale runs: changed since run R",
        "  code stages/lib/third.py changed: `times` (+1 −1)",
    ]
    assert [line.strip() for line in ran.why("scale", "-v")[-2:]] == [
        "-    return value * factor",
        "+    return value * factor + 1",
    ]


def test_it_is_said_why_a_definition_counts_that_nobody_names(world: World) -> None:
    world.edit("stages/lib/third.py", "def times", "def unused():\n    return 1\n\n\ndef times")
    world.edit("stages/lib/second.py", "from .third import times", "from .third import *")
    world.submit()
    world.edit("stages/lib/third.py", "return 1", "return 2")
    assert world.why("scale") == [
        "scale runs: changed since run R",
        "  code stages/lib/third.py changed: `unused` (+1 −1); "
        "all of it counts: it is imported with `*`",
    ]
    [detail] = world.because("scale")["details"]
    assert detail["whole"] == "it is imported with `*`"


def test_a_new_file_of_code_is_named(ran: World) -> None:
    (ran.folder / "stages" / "lib" / "fourth.py").write_text("ONE = 1\n")
    ran.edit("stages/lib/third.py", "def times", "from stages.lib.fourth import ONE\n\n\ndef times")
    ran.edit("stages/lib/third.py", "* factor", "* factor * ONE")
    lines = ran.why("scale")
    assert "  code stages/lib/fourth.py is new" in lines
    assert any(line.startswith("  code stages/lib/third.py changed") for line in lines)


def test_a_changed_source_is_told_by_version_and_rows(ran: World) -> None:
    ran.edit("data/raw.csv", "5,-3.5\n", "5,-3.5\n8,1.5\n")
    assert ran.why("clean") == [
        "clean runs: changed since run R",
        "  input raw: version 1 (6 rows) → new D (7 rows)",
    ]
    (detail,) = ran.because("clean")["details"]
    assert (detail["old"]["number"], detail["old"]["task"]) == (1, "")
    assert (detail["new"]["number"], detail["new"]["rows"]) == (None, 7)


def test_what_runs_first_is_named_with_its_own_reason(ran: World) -> None:
    assert ran.why("evaluate", "-p", "factor=3") == [
        "evaluate ×3 depend on scale and fit, which come first",
        "  scale runs: arguments: factor 2 → 3",
        "  fit ×3 depend: after scale",
    ]
    assert ran.why("-p", "factor=3", "-p", "title=Other") == [
        "scale runs: changed since run R",
        "  argument factor: 2 → 3",
        "fit ×3 depend on scale, which comes first",
        "evaluate ×3 depend on scale and fit, which come first",
        "write depends on evaluate, which comes first, and changed since run R",
        '  argument title: "Report" → "Other"',
    ]


def test_an_input_made_anew_is_told_with_who_made_it(ran: World) -> None:
    ran.submit("-p", "factor=3", "--only", "scale")
    assert ran.why("fit[width=1]", "-p", "factor=3")[1:] == [
        "  input table: scaled: version 1 (4 rows), made by scale in run R → "
        "version 2 (4 rows), made by scale in run R"
    ]


def test_columns_and_keys_of_outputs_are_told_apart(ran: World) -> None:
    ran.edit("pipeline.yaml", "unique: true}}, key: [id]}", "unique: true}}, key: [id, value]}")
    ran.edit(
        "pipeline.yaml",
        "cleaned: {kind: table, columns: {",
        "cleaned: {kind: table, columns: {value: {type: float32}, ",
    )
    assert ran.why("clean") == [
        "clean runs: changed since run R",
        '  output cleaned key: ["id"] → ["id", "value"]',
        "  output cleaned column value is new: float32",
    ]


def test_a_seed_and_threads_are_told(ran: World) -> None:
    ran.edit(
        "pipeline.yaml",
        "matrix: {width: [1, 2, 3]}",
        "matrix: {width: [1, 2, 3]}\n    threads: 2\n    seed: 5",
    )
    lines = ran.why("fit[width=1]")
    assert lines[0] == "fit[width=1] runs: changed since run R"
    assert re.fullmatch(r"  seed: \d+ → 5", lines[1])
    assert lines[2] == "  threads: 1 → 2"


def test_another_entry_point_is_told(ran: World) -> None:
    ran.edit("stages/clean.py", "def clean(", "def clear(")
    ran.edit("pipeline.yaml", "stages.clean:clean", "stages.clean:clear")
    lines = ran.why("clean")
    assert '  entry point: "stages.clean:clean" → "stages.clean:clear"' in lines
    assert "  code stages/clean.py changed: `clean`, `clear` (+1 −1)" in lines


def test_the_last_run_counts_also_where_it_made_no_version(ran: World) -> None:
    ran.edit("stages/lib/third.py", "value * factor", "factor * value")
    ran.submit()
    ran.edit("stages/scale.py", "def scale(", "UNUSED = 1\n\n\ndef scale(")
    ran.edit("stages/scale.py", "table, factor: int", "table, factor: int = 1")
    lines = ran.why("scale")
    assert len(lines) == 2
    assert lines[1].startswith("  code stages/scale.py changed: `scale` (+")


def test_a_task_that_failed_says_in_which_run(world: World) -> None:
    world.edit("stages/lib/third.py", "return", "raise ValueError; return")
    world.submit(rc=1)
    assert world.why("scale") == ["scale runs: it failed in run R"]
    world.edit("stages/lib/third.py", "raise ValueError; return", "return")
    assert world.why("scale") == ["scale runs: it never ran"]


def test_missing_objects_are_told(ran: World) -> None:
    ((_, out, _),) = run_many([("get", "report", "--json")], ran.folder)
    Path(json.loads(out)[0]["paths"][0]).unlink()
    assert ran.why("write") == ["write runs: what it gave is no longer whole in the store"]


def test_a_refusal_by_a_contract_is_told(ran: World) -> None:
    ran.edit("pipeline.yaml", "require: {size: {minimum: 1}}", "require: {size: {minimum: 2}}")
    lines = ran.why("evaluate[width=1]")
    assert lines[0].startswith("evaluate[width=1] fails: `scores` breaks its contract")


def test_a_changed_distribution_is_named_with_its_versions(tmp_path: Path, reprocc: Any) -> None:
    site = tmp_path / "site"
    (site / "toy").mkdir(parents=True)
    (site / "toy" / "__init__.py").write_text("")

    def install(version: str) -> None:
        for old in site.glob("toy-*"):
            for file in old.iterdir():
                file.unlink()
            old.rmdir()
        folder = site / f"toy-{version}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: toy\nVersion: {version}\n")
        (folder / "RECORD").write_text(f"toy/__init__.py,,\ntoy-{version}.dist-info/METADATA,,\n")
        (folder / "top_level.txt").write_text("toy\n")

    folder = tmp_path / "toys"
    folder.mkdir()
    (folder / "work.py").write_text(
        "def play(n):\n    if n > 1:\n        import toy\n    return {'n': n}\n"
    )
    (folder / "pipeline.yaml").write_text(
        textwrap.dedent(
            """\
            reprocc: 1
            name: toys
            artifacts: {fun: {kind: metrics}}
            transformations:
              play: {python: "work:play", outputs: [fun], arguments: {n: 1}}
            """
        )
    )
    env = {"PYTHONPATH": str(site)}
    install("1.0")
    done = reprocc(*INLINE, cwd=folder, env=env)
    assert done.rc == 0, done.stderr
    install("1.1")
    told = reprocc("why", "pipeline.yaml", "play", "-q", cwd=folder, env=env)
    assert RUN.sub("R", told.stdout).splitlines() == [
        "play runs: changed since run R",
        "  environment toy: 1.0 → 1.1",
    ]


def test_a_command_and_a_query_show_what_was_written(tmp_path: Path, reprocc: Any) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "points.csv").write_text("x,y\n1,2\n2,5\n3,9\n")
    (folder / "far.sql").write_text("select x\nfrom points\nwhere y > 4\norder by x\n")
    (folder / "pipeline.yaml").write_text(
        textwrap.dedent(
            """\
            reprocc: 1
            name: texts
            parameters: {least: 3}
            artifacts:
              points: {kind: table, source: points.csv}
              first: {kind: file, format: csv}
              near: {kind: table, key: [x]}
              far: {kind: table}
            transformations:
              take:
                command: "head -${parameters.least} ${inputs.points} > ${outputs.first}"
                inputs: {points: {artifact: points, as: csv}}
                outputs: [first]
              pick:
                sql: "select x, y from points where y > ${parameters.least}"
                inputs: [points]
                outputs: [near]
              select: {sql: {file: far.sql}, inputs: [points], outputs: [far]}
            """
        )
    )
    world = World(folder=folder, reprocc=reprocc)
    world.submit()
    assert world.why("-p", "least=4") == [
        "pick runs: changed since run R",
        "  query changed (+1 −1)",
        "    -select x, y from points where y > 3",
        "    +select x, y from points where y > 4",
        "take runs: changed since run R",
        "  command changed (+1 −1)",
        "    -head -3 ${inputs.points} > ${outputs.first}",
        "    +head -4 ${inputs.points} > ${outputs.first}",
    ]
    world.edit("far.sql", "y > 4", "y > 2")
    assert world.why("select")[1:] == [
        "  code far.sql changed (+1 −1)",
        "  query changed (+1 −1)",
        "     select x",
        "     from points",
        "    -where y > 4",
        "    +where y > 2",
        "     order by x",
    ]


def test_an_unknown_task_is_refused_with_the_mend(ran: World) -> None:
    ((rc, out, talk),) = run_many([("why", "pipeline.yaml", "skale")], ran.folder)
    assert (rc, out) == (1, "")
    assert "the pipeline has no transformation `skale`" in talk
    assert "did you mean `scale`?" in talk
