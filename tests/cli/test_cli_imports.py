"""What is asked every day imports neither Ray nor Arrow."""

from __future__ import annotations

import os
import subprocess
import sys

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
