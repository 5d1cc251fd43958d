"""A pipeline that has run, with its store, for the verbs that look at what there is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from .history import History, make_history

PIPELINES = Path(__file__).resolve().parent.parent / "pipelines"
SUBMIT = (
    [sys.executable, "-m", "reprocc.cli", "submit", "pipeline.yaml"],
    ["--executor", "inline", "--json"],
)


# Each command is a process of its own, forked where the command line is already imported.
MANY = """
import json, os, sys, tempfile
from reprocc.cli import app, usage, reference, places
from reprocc.cli.__main__ import main
from reprocc.runtime.store import runs, versions, store
found = []
for arguments in json.loads(sys.argv[1]):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as talk:
        pid = os.fork()
        if pid == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(talk.fileno(), 2)
            sys.argv = ["reprocc", *arguments]
            main()
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        said = []
        for file in (out, talk):
            file.seek(0)
            said.append(file.read().decode())
        found.append([status, *said])
print(json.dumps(found))
"""


def run_many(
    commands: Sequence[Sequence[str]], folder: Path, *, imports: str = ""
) -> list[tuple[int, str, str]]:
    """Run commands that start nothing; return status, stdout and stderr of each.

    `imports` is a statement that imports what all of them will need.
    """
    done = subprocess.run(
        [sys.executable, "-c", f"{imports}\n{MANY}", json.dumps(commands)],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if not k.startswith("REPROCC_")},
        capture_output=True,
        check=True,
    )
    return [(rc, out, talk) for rc, out, talk in json.loads(done.stdout)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """The pipeline `chain` after two runs: all of it, then `write` with the title `Other`.

    `first` and `second` are what the runs printed. Nothing may change it.
    """

    folder: Path
    first: dict[str, Any]
    second: dict[str, Any]
    reprocc: Callable[..., Any]

    def __call__(self, *arguments: str, rc: int = 0, **keywords: Any) -> Any:
        """Run a verb there."""
        done = self.reprocc(*arguments, cwd=self.folder, **keywords)
        assert done.rc == rc, f"status {done.rc}\n{done.stdout}\n{done.stderr}"
        return done


@pytest.fixture(scope="session")
def two_runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    folder = copy(tmp_path_factory.mktemp("ran") / "chain")
    variables = {k: v for k, v in os.environ.items() if not k.startswith("REPROCC_")}
    found = []
    for more in ([], ["-p", "title=Other"]):
        done = subprocess.run(
            [*SUBMIT[0], *SUBMIT[1], *more],
            cwd=folder,
            env=variables,
            capture_output=True,
            check=True,
        )
        found.append(json.loads(done.stdout))
    return folder, found


@pytest.fixture
def ran(two_runs: tuple[Path, list[dict[str, Any]]], reprocc: Callable[..., Any]) -> Ran:
    folder, (first, second) = two_runs
    return Ran(folder=folder, first=first, second=second, reprocc=reprocc)


@pytest.fixture(scope="session")
def made_history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """A store with some history, that nothing may change."""
    return make_history(copy(tmp_path_factory.mktemp("catalogue") / "chain"))


@pytest.fixture
def history(made_history: History, tmp_path: Path) -> History:
    """A copy that may be changed."""
    shutil.copytree(made_history.folder, tmp_path / "chain")
    return replace(made_history, folder=tmp_path / "chain")


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    """A copy of the pipeline that has not run and may be changed."""
    return copy(tmp_path / "chain")


def copy(folder: Path) -> Path:
    shutil.copytree(
        PIPELINES / "chain", folder, ignore=shutil.ignore_patterns("__pycache__", ".reprocc")
    )
    return folder
