"""`init`: a pipeline that works as it stands, and never writes over anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reprocc.cli.starter import FILES, SCHEMA, pipeline_name, starter_files

INLINE = ("--executor", "inline", "--json")


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pipeline that was begun and has run once; nothing may change it."""
    folder = tmp_path_factory.mktemp("init") / "demand"
    for arguments in (["init", str(folder), "-q"], ["submit", str(folder / "pipeline.yaml")]):
        more = [] if arguments[0] == "init" else ["--executor", "inline", "-q"]
        command = [sys.executable, "-m", "reprocc.cli", *arguments, *more]
        variables = {k: v for k, v in os.environ.items() if not k.startswith("REPROCC_")}
        subprocess.run(command, check=True, env=variables, capture_output=True)
    return folder


def files_below(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_init_says_what_it_wrote_and_what_to_type(
    tmp_path: Path, reprocc: Callable[..., Any]
) -> None:
    done = reprocc("init", "my project")
    assert (done.rc, done.stdout) == (0, "")
    assert done.stderr == (
        "wrote the pipeline `my-project` into my project:\n"
        + "".join(f"  {name}\n" for name in [*FILES, SCHEMA])
        + "\nnext:\n  cd 'my project'\n  reprocc submit pipeline.yaml\n"
    )
    folder = tmp_path / "my project"
    assert files_below(folder) == {*FILES, SCHEMA}
    for name, data in starter_files("my-project").items():
        assert (folder / name).read_bytes() == data


def test_init_fills_the_current_folder_where_none_is_named(
    tmp_path: Path, reprocc: Callable[..., Any]
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    done = reprocc("init", "--json")
    assert (done.rc, done.stderr) == (0, "")
    assert done.json == {
        "folder": ".",
        "pipeline": pipeline_name(tmp_path),
        "files": [*FILES, SCHEMA],
    }
    assert files_below(tmp_path) == {*FILES, SCHEMA, "notes.txt"}


def test_init_never_overwrites(tmp_path: Path, reprocc: Callable[..., Any]) -> None:
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / "data").write_text("a file where a folder is needed")
    (tmp_path / ".gitignore").symlink_to("nowhere")
    before = files_below(tmp_path)
    done = reprocc("init", "--json")
    assert (done.rc, done.stdout) == (1, "")
    assert done.stderr == (
        "error: 3 of the files exist already; nothing was written\n"
        "  = help: move `.gitignore`, `README.md`, `data` away, "
        "or name a new folder: `reprocc init FOLDER`\n"
    )
    assert files_below(tmp_path) == before
    again = reprocc("init", "new", "-q")
    assert (again.rc, again.stderr) == (0, "")
    assert reprocc("init", "new").stderr.startswith("error: 14 of the files exist already; ")


def test_a_place_that_cannot_be_written_to_is_said(
    tmp_path: Path, reprocc: Callable[..., Any]
) -> None:
    (tmp_path / "file").write_text("")
    done = reprocc("init", "file")
    assert (done.rc, done.stderr) == (
        1,
        "error: `file` is no folder\n  = help: name a new or empty folder\n",
    )
    below = reprocc("init", "file/below")
    assert below.rc == 3
    assert below.stderr.startswith("error: cannot write `file`: ")
    long = "n" * 300
    done = reprocc("init", f"new/{long}")
    assert done.rc == 3
    assert not (tmp_path / "new").exists(), "what was begun is taken back"


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("demand", "demand"),
        ("My  Project_2", "my-project-2"),
        ("Émile's", "emile-s"),
        ("2026", "pipeline-2026"),
        ("數據", "pipeline"),
        ("--", "pipeline"),
    ],
)
def test_a_pipeline_is_named_after_its_folder(folder: str, name: str) -> None:
    assert pipeline_name(Path(folder)) == name
    assert f"\nname: {name}\n".encode() in starter_files(name)["pipeline.yaml"]
    assert starter_files(name)["README.md"].startswith(f"# {name}\n".encode())


def test_what_was_written_is_valid_for_us_and_for_editors(
    started: Path, reprocc: Callable[..., Any]
) -> None:
    done = reprocc("validate", "pipeline.yaml", cwd=started)
    assert (done.rc, done.stdout, done.stderr) == (0, "", "pipeline.yaml: valid\n")
    assert (started / SCHEMA).read_text() == reprocc("schema").stdout
    first = (started / "pipeline.yaml").read_text().splitlines()[0]
    assert first == f"# yaml-language-server: $schema={SCHEMA}"
    check = [sys.executable, "-m", "check_jsonschema", "--schemafile", SCHEMA, "pipeline.yaml"]
    assert subprocess.run(check, cwd=started, capture_output=True).returncode == 0
    settings = json.loads((started / ".vscode/settings.json").read_text())
    assert list(settings["yaml.schemas"]) == [f"./{SCHEMA}"]
    assert json.loads((started / ".vscode/extensions.json").read_text())["recommendations"]


def test_the_template_needs_nothing_but_what_reprocc_needs() -> None:
    import ast

    own = {"stages", *sys.stdlib_module_names, "pyarrow"}
    for name, data in starter_files("x").items():
        if name.endswith(".py"):
            for found in ast.walk(ast.parse(data)):
                if isinstance(found, ast.Import):
                    assert {alias.name.split(".")[0] for alias in found.names} <= own, name
                elif isinstance(found, ast.ImportFrom) and not found.level:
                    assert str(found.module).split(".")[0] in own, name


def test_it_tells_the_demand_and_draws_it(started: Path, reprocc: Callable[..., Any]) -> None:
    def stored(name: str) -> str:
        (path,) = reprocc("get", name, cwd=started).stdout.splitlines()
        return Path(path).read_text()

    r2 = [json.loads(stored(f"scores[degree={degree}]"))["r2"] for degree in (1, 2, 4)]
    assert r2 == sorted(r2), "each degree tells more than the one before"
    assert r2[0] > 0.4
    assert r2[2] > 0.75
    assert stored("best") == stored("model[degree=4]")
    picture = stored("curve")
    assert picture.count("<circle") == 365
    assert "<polyline" in picture
    from xml.etree import ElementTree

    assert ElementTree.fromstring(picture).tag == "{http://www.w3.org/2000/svg}svg"


def test_nothing_runs_again_and_an_edit_runs_what_it_must(
    started: Path, tmp_path: Path, reprocc: Callable[..., Any]
) -> None:
    import shutil

    copy = tmp_path / "demand"
    shutil.copytree(started, copy)
    again = reprocc("submit", "pipeline.yaml", *INLINE, cwd=copy).json
    assert {task["state"] for task in again["tasks"]} == {"reused"}
    spec = copy / "pipeline.yaml"
    spec.write_text(spec.read_text().replace("degree: [1, 2, 4]", "degree: [1, 2, 3, 4]"))
    plan = reprocc("plan", "pipeline.yaml", "--json", cwd=copy).json["tasks"]
    decisions = {task["task"]: task["decision"] for task in plan}
    assert {task for task, decision in decisions.items() if decision == "run"} == {"fit[degree=3]"}
    assert {task for task, decision in decisions.items() if decision == "depends"} == {
        *("evaluate[degree=3]", "choose", "draw")
    }


def test_a_model_that_is_worse_than_required_is_refused(
    started: Path, tmp_path: Path, reprocc: Callable[..., Any]
) -> None:
    """What the README invites to try."""
    import shutil

    copy = tmp_path / "demand"
    shutil.copytree(started, copy)
    spec = copy / "pipeline.yaml"
    spec.write_text(spec.read_text().replace("r2: {minimum: 0.3}", "r2: {minimum: 0.6}"))
    assert "say `r2: {minimum: 0.6}`" in (copy / "README.md").read_text()
    done = reprocc("submit", "pipeline.yaml", *INLINE, cwd=copy)
    assert done.rc == 1
    failed = [task["task"] for task in done.json["tasks"] if task["state"] == "failed"]
    assert failed == ["evaluate[degree=1]"]
