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
    heavy = {"ray", "pyarrow", "pandas", "numpy", "fsspec"} & set(sys.modules)
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
    ("get", "weights", "--json"),
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
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *verb],
        cwd=ran.folder,
        env={k: v for k, v in os.environ.items() if not k.startswith("REPROCC_")},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "imported: "
