"""The verbs that look into a store: `runs`, `show`, `logs`, `artifacts`, `versions`, `get`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyarrow.parquet as pq

from .conftest import Ran, run_many


def rows(text: str) -> list[list[str]]:
    """Split a table into cells, two blanks apart."""
    return [re.split("  +", line) for line in text.splitlines()]


def test_runs_lists_the_newest_first(ran: Ran) -> None:
    head, second, first = rows(ran("runs").stdout)
    assert head == ["RUN", "PIPELINE", "STATE", "TIME", "TASKS"]
    assert second[:3] == [ran.second["run"], "chain", "succeeded"]
    assert second[4] == "1 ran, 8 reused"
    assert [first[0], first[4]] == [ran.first["run"], "9 ran"]
    assert len(rows(ran("runs", "-n", "1").stdout)) == 2
    (one,) = ran("runs", "-n", "1", "--json").json
    assert set(one) == {"run", "pipeline", "state", "started", "seconds", "tasks"}
    assert one["tasks"] == {"succeeded": 1, "reused": 8}


def test_show_tells_what_a_run_did(ran: Ran) -> None:
    said = ran("show").stdout
    assert said.startswith(f"run         {ran.second['run']} of chain, plan ")
    assert "\nparameters  factor = " in said
    assert '\n            title = "Other"\n' in said
    assert rows(said)[-1][:2] == ["write", "succeeded"]
    assert rows(said)[-1][3] == "report@2"
    record = ran("show", ran.first["run"], "--json").json
    assert record["plan"] == ran.first["plan"]
    assert [task["state"] for task in record["tasks"]] == ["succeeded"] * 9
    fit = record["tasks"][2]
    assert fit["inputs"][0]["artifact"] == "scaled"
    assert fit["outputs"]["weights"]["version"] == 1
    assert ran("show", ran.first["run"][:-1], "--json").json == record


def test_a_run_that_is_not_there_or_not_one_is_refused(ran: Ran) -> None:
    for verb in ("show", "logs"):
        said = ran(verb, "1999", rc=1).stderr
        assert said == "error: no run begins with `1999`\n  = help: `reprocc runs` lists the runs\n"
        many = ran(verb, ran.first["run"][:4], rc=1).stderr
        assert many.startswith(f"error: 2 runs begin with `{ran.first['run'][:4]}`\n")
        assert f"`{ran.second['run']}`, `{ran.first['run']}`" in many


def test_logs_prints_what_the_code_printed(ran: Ran) -> None:
    run = ran.first["run"]
    assert ran("logs", run).stdout == "".join(
        f"== fit[width={width}]\nfitted with width {width}\n" for width in (1, 2, 3)
    )
    assert ran("logs", run, "fit[width=2]").stdout == "fitted with width 2\n"
    assert ran("logs", run, "fit[width=2]", "--json").json == [
        {"task": "fit[width=2]", "log": "fitted with width 2\n"}
    ]
    assert ran("logs", run, "fitt", rc=1).stderr.startswith("error: the run has no task `fitt`\n")
    # A task that was reused shows what it printed when it ran.
    assert ran("logs", "", "fit[width=1]").stdout == "fitted with width 1\n"


def test_artifacts_lists_what_there_is(ran: Ran) -> None:
    head, *found = rows(ran("artifacts").stdout)
    assert head == ["ARTIFACT", "KIND", "VERSION", "DIGEST", "ROWS", "SIZE"]
    names = [row[0] for row in found]
    assert names == sorted(names)
    assert len(names) == 10
    assert found[1][:3] == ["chain/raw", "table", "1"]
    assert found[1][4] == "6"
    listed = ran("artifacts", "chain", "--json").json
    assert [one["artifact"] for one in listed][:3] == ["cleaned", "raw", "report"]
    assert listed[2]["version"] == 2
    other = ran("artifacts", "other", rc=1)
    assert (other.stdout, other.stderr) == (
        "",
        "error: the store has no pipeline `other`\n"
        "  = help: `reprocc artifacts` lists what there is\n",
    )
    assert "did you mean `chain`?" in ran("artifacts", "chian", "--json", rc=1).stderr


def test_versions_lists_a_history_the_newest_first(ran: Ran) -> None:
    head, *found = rows(ran("versions", "report").stdout)
    assert head == ["VERSION", "DIGEST", "SIZE", "RUN", "TASK"]  # columns that hold something
    assert [row[0] for row in found] == ["2", "1"]
    assert [row[-2] for row in found] == [ran.second["run"], ran.first["run"]]
    assert rows(ran("versions", "raw").stdout)[1][-1] == "(source)"
    listed = ran("versions", "chain/weights", "--json").json
    assert [one["point"] for one in listed] == ["width=1", "width=2", "width=3"]
    assert set(listed[0]) >= {
        *("version", "digest", "run", "task", "created", "parts", "rows", "bytes", "tags")
    }
    assert [one["version"] for one in ran("versions", "report@1", "--json").json] == [1]


def test_get_prints_paths_that_other_tools_read(ran: Ran) -> None:
    (path,) = ran("get", "scaled").stdout.splitlines()
    assert pq.read_table(path).num_rows == 4
    (record,) = ran("get", "chain/report@1", "--json").json
    assert Path(record["paths"][0]).read_text().startswith("Report\n")
    assert (record["version"], record["kind"], record["point"]) == (1, "file", "")


def test_get_does_not_write_parquet_under_another_formats_name(ran: Ran, tmp_path: Path) -> None:
    done = ran("get", "scaled", "-o", str(tmp_path / "t.csv"), rc=1)
    assert done.stderr == (
        "error: tables are copied as Parquet, not as `.csv`; nothing was copied\n"
        f"  = help: write `-o {tmp_path / 't.parquet'}`\n"
    )
    assert not (tmp_path / "t.csv").exists()


def test_get_copies_each_kind(ran: Ran, tmp_path: Path) -> None:
    def get(name: str, to: str) -> Path:
        done = ran("get", name, "-o", str(tmp_path / to))
        assert done.stdout == ""
        assert done.stderr.startswith(f"{tmp_path / to}: chain/{name.partition('@')[0]}")
        return tmp_path / to

    assert pq.read_table(get("scaled", "table.parquet")).num_rows == 4
    assert pq.read_table(get("scaled", "deep/er/table")).num_rows == 4
    assert get("report@1", "report.txt").read_text().startswith("Report\n")
    weights = get("weights[width=2]", "weights")
    assert len(json.loads((weights / "weights.json").read_text())["weights"]) == 2
    assert (weights / "rows" / "3.txt").read_text() == "3"
    assert json.loads(get("scores[width=3]", "scores.json").read_text())["size"] == 3
    grid = get("scores", "grid")
    assert sorted(path.name for path in grid.iterdir()) == [
        *("width=1.json", "width=2.json", "width=3.json")
    ]
    with (grid / "width=1.json").open("a") as file:
        file.write("a copy belongs to whoever made it")
    refused = ran("get", "report", "-o", str(grid), rc=1).stderr
    assert refused == (f"error: `{grid}` exists; nothing was copied\n  = help: name a new path\n")
    nowhere = ran("get", "report", "-o", "/proc/nowhere/report", rc=3).stderr
    assert nowhere.startswith("error: cannot write `/proc/nowhere/report`: ")


def test_a_version_is_named_by_number_run_or_digest(ran: Ran) -> None:
    newest, oldest = ran("versions", "report", "--json").json
    cases = {
        "report": [2],
        "report@2": [2],
        "chain/report@2": [2],
        f"report@{newest['digest']}": [2],
        f"report@{oldest['digest'].removeprefix('sha256:')[:8]}": [1],
        f"report@run:{ran.first['run']}": [1],
        f"report@run:{ran.second['run'][:-1]}": [2],
        # What a run reused, and what it read from outside, is its own as well.
        f"weights@run:{ran.second['run']}": [1, 1, 1],
        f"raw@run:{ran.second['run']}": [1],
        "weights[width=2]@1": [1],
    }
    found = run_many([["get", reference, "--json"] for reference in cases], ran.folder)
    for (reference, wanted), (rc, out, talk) in zip(cases.items(), found, strict=True):
        assert rc == 0, talk
        assert [one["version"] for one in json.loads(out)] == wanted, reference


LISTS = "`reprocc versions chain/report` lists them"
FORM = "write `pipeline/artifact[axis=value]@version`"
POINTS = "it has [width=1], [width=2], [width=3]"
WRONG = (
    ("report@3", "`chain/report` has no version `3`", LISTS),
    ("report@feedbeef", "`chain/report` has no version `feedbeef`", LISTS),
    ("report@abc", "`chain/report` has no version `abc`", LISTS),
    ("report@run:1999", "no run begins with `1999`", "`reprocc runs` lists the runs"),
    ("reprot", "the store has no artifact `reprot`", "did you mean `report`?"),
    ("chian/report", "the store has no artifact `chian/report`", "did you mean `chain/report`?"),
    ("zzz", "the store has no artifact `zzz`", "`reprocc artifacts` lists what there is"),
    ("report[a=1]", "`chain/report` has no point [a=1]", "it has no axes"),
    ("weights[width=9]", "`chain/weights` has no point [width=9]", POINTS),
    ("weights[width]", "`[width]` is no point", FORM),
    ('weights[width="1]', '`[width="1]` is no point', FORM),
    ("weights[width=1", "`weights[width=1` names no artifact", FORM),
    ("Report", "`Report` names no artifact", FORM),
    ("report@", "`report@` names no artifact", FORM),
)


def test_a_reference_to_nothing_says_what_there_is(ran: Ran) -> None:
    found = run_many([["get", reference] for reference, _, _ in WRONG], ran.folder)
    for (_, message, help), done in zip(WRONG, found, strict=True):
        assert done == (1, "", f"error: {message}\n  = help: {help}\n")


def test_an_artifact_of_two_pipelines_needs_the_pipeline(ran: Ran, tmp_path: Path) -> None:
    text = (ran.folder / "pipeline.yaml").read_text().replace("name: chain", "name: other")
    (ran.folder / "other.yaml").write_text(text)
    store = str(tmp_path / "store")
    for spec in ("pipeline.yaml", "other.yaml"):
        ran("submit", spec, "--executor", "inline", "--store", store, "-q")
    (ran.folder / "other.yaml").unlink()
    said = ran("get", "report", "--store", store, rc=1).stderr
    assert said == (
        "error: several pipelines have an artifact `report`\n"
        "  = help: name one: `chain/report`, `other/report`\n"
    )
    assert ran("get", "other/report", "--store", store).rc == 0


def test_logs_takes_a_task_of_the_newest_run_alone(ran: Ran) -> None:
    assert ran("logs", "fit[width=2]").stdout == ran("logs", "", "fit[width=2]").stdout
    several = ran("logs", "fit").stdout
    assert several.count("== fit[width=") == several.count("fitted with width") == 3


def test_diff_of_nothing_named_compares_the_two_newest_runs(ran: Ran) -> None:
    said = ran("diff").stdout
    assert said.startswith(f"{ran.first['run']} → {ran.second['run']}\n")
    assert said == ran("diff", ran.first["run"], ran.second["run"]).stdout
