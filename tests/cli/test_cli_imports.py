"""What is asked every day imports neither Ray nor Arrow."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Ran

PROBE = """
import atexit, sys
def tell():
    heavy = {"ray", "pyarrow", "pandas", "numpy", "fsspec", "duckdb"} & set(sys.modules)
    sys.__stderr__.write("imported: " + " ".join(sorted(heavy)) + "\\n")
atexit.register(tell)
from reprocc.cli.__main__ import main
main()
"""
NAMES = """
import pathlib, reprocc
folder = pathlib.Path(reprocc.__path__[0]) / "cli" / "verbs"
VERBS = {f"reprocc.cli.verbs.{path.stem}" for path in folder.glob("[a-z]*.py")}
"""
VERBS = (
    ("--version",),
    ("validate", "pipeline.yaml"),
    ("compile", "pipeline.yaml", "-q"),
    ("plan", "pipeline.yaml", "-p", "title=Other"),
    ("submit", "pipeline.yaml", "-p", "title=Other", "--store", "{copy}"),
    ("runs",),
    ("show",),
    ("logs",),
    ("artifacts",),
    ("versions", "weights"),
    ("get", "report"),
    ("tag", "report", "best", "--store", "{copy}"),
    ("tag", "report"),
    ("lineage", "weights"),
    ("lineage", "raw", "--json"),
    ("diff", "report@1", "report@2"),
    ("diff", "scores[width=1]", "scores[width=2]"),
    ("diff", "scaled@1", "scaled"),
    ("get", "weights", "--json"),
    ("init", "{new}"),
    ("explain",),
    ("explain", "unknown-key"),
    ("completion", "bash"),
    ("--help",),
)


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
def test_a_verb_that_starts_nothing_imports_nothing_heavy(
    ran: Ran, verb: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> None:
    if "{copy}" in verb:
        import shutil

        copy = tmp_path_factory.mktemp("copy") / "store"
        shutil.copytree(ran.folder / ".reprocc", copy)
        verb = tuple(word.replace("{copy}", str(copy)) for word in verb)
    new = str(tmp_path_factory.mktemp("new"))
    verb = tuple(word.replace("{new}", new) for word in verb)
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *verb],
        cwd=ran.folder,
        env={k: v for k, v in os.environ.items() if not k.startswith("REPROCC_")},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "imported: "


def test_a_verb_that_is_asked_for_is_the_only_one_that_is_built(ran: Ran) -> None:
    script = PROBE.replace('{"ray", "pyarrow", "pandas", "numpy", "fsspec", "duckdb"}', "VERBS")
    found = {}
    for word in ("validate", "explain", "valdate", "--help"):
        done = subprocess.run(
            [sys.executable, "-c", f"{NAMES}\n{script}", word],
            cwd=ran.folder,
            capture_output=True,
            encoding="utf-8",
        )
        found[word] = done.stderr.splitlines()[-1].split()[1:]
    assert found["validate"] == ["reprocc.cli.verbs.validate"]
    assert found["explain"] == ["reprocc.cli.verbs.explain"]
    assert len(found["--help"]) == len(found["valdate"]) > 10


PLUGIN = """
import os, pathlib
pathlib.Path(os.environ["PLUGIN_WAS_HERE"]).touch()
plugin = None
"""


def test_what_extends_pydantic_is_not_loaded_and_may_be_off_elsewhere(
    ran: Ran, tmp_path: Path
) -> None:
    (tmp_path / "site" / "extending-1.dist-info").mkdir(parents=True)
    (tmp_path / "site" / "extending.py").write_text(PLUGIN)
    (tmp_path / "site" / "extending-1.dist-info" / "METADATA").write_text("Name: extending\n")
    (tmp_path / "site" / "extending-1.dist-info" / "entry_points.txt").write_text(
        "[pydantic]\nextending = extending:plugin\n"
    )
    witness = tmp_path / "loaded"
    variables = {"PYTHONPATH": str(tmp_path / "site"), "PLUGIN_WAS_HERE": str(witness)}
    assert ran("validate", "pipeline.yaml", env=variables).stderr == "pipeline.yaml: valid\n"
    assert not witness.exists()
    subprocess.run(
        [sys.executable, "-c", "import pydantic; pydantic.TypeAdapter(int)"],
        env={**os.environ, **variables},
        capture_output=True,
    )
    assert witness.exists(), "else nothing was tried"


@pytest.mark.parametrize("words", [("get", ""), ("why", "pipeline.yaml", ""), ("show", "")])
def test_completion_imports_nothing_heavy(ran: Ran, words: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *words],
        cwd=ran.folder,
        env={k: v for k, v in os.environ.items() if not k.startswith("REPROCC_")}
        | {"_REPROCC_COMPLETE": "zsh"},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.stdout.strip()
    assert done.stderr == "imported: \n"
