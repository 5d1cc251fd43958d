"""The user's code is never imported but by the task that runs it: every other verb leaves it be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from reprocc.cli.app import build_app

REPROCC = Path(sys.executable).with_name("reprocc")

SPEC = """\
reprocc: 1
name: trapped
code: code
parameters: {least: 1}
artifacts:
  rows: {kind: table, source: rows.csv, key: [n]}
  made: {kind: metrics}
  told: {kind: file}
  best: {kind: table}
transformations:
  make:
    python: pack.inner:make
    inputs: [rows]
    outputs: [made]
    arguments: {least: "${parameters.least}"}
  tell:
    command: python tool.py ${inputs.made} ${outputs.told}
    inputs: [made]
    outputs: [told]
  best: {sql: "SELECT n FROM rows WHERE n > 1 ORDER BY n", inputs: [rows], outputs: [best]}
"""

# Beside the spec, where a process that runs there might find them before what it looks for.
BESIDE = (
    *("json", "yaml", "typing_extensions", "pydantic", "typer", "rich", "ray", "jsonschema"),
    *("sitecustomize", "usercustomize", "conftest", "setup", "reprocc", "near", "ruamel.yaml"),
)
# In the code folder; the function's module imports each of the last four.
MODULES = ("code.conftest", "code.sitecustomize", "code.json", "code.tool")
IMPORTED = ("code.pack", "code.pack.inner", "code.helpers", "code.near")
TRAPS = (*BESIDE, *MODULES, *IMPORTED)

MAKE = """\
import helpers
from near import HERE

def make(rows, least):
    return {"rows": rows.num_rows, "least": least, "here": HERE}
"""
TOOL = """\
if __name__ == "__main__":
    import pathlib
    pathlib.Path(sys.argv[2]).write_text(pathlib.Path(sys.argv[1]).read_text())
"""

VERBS: dict[str, tuple[tuple[str, ...], ...]] = {
    "init": (("made-new",),),
    "validate": (
        ("pipeline.yaml",),
        ("--fix", "fixed.yaml"),
        ("--format", "json", "pipeline.yaml"),
    ),
    "plan": (("pipeline.yaml",), ("pipeline.yaml", "-p", "least=2", "--json")),
    "runs": ((),),
    "show": ((),),
    "logs": ((),),
    "artifacts": ((),),
    "versions": (("made",),),
    "get": (("made",), ("told", "-o", "copied.txt")),
    "diff": (("made", "made"),),
    "tag": (("made", "best"),),
    "lineage": (("told",),),
    "why": (("pipeline.yaml",), ("pipeline.yaml", "make", "-p", "least=2")),
    "explain": (("unknown-key",),),
    "fsck": ((),),
    "gc": ((),),
    "compile": (("pipeline.yaml",), ("pipeline.yaml", "-p", "least=2", "-o", "plan.json")),
    "schema": ((),),
    "completion": (("bash",),),
}
"""What is asked of each verb that must leave the code alone."""

RUNS_CODE = frozenset({"submit"})
"""The verbs that run it, in a process of the task's own."""


def trap(folder: Path, name: str, body: str = "") -> None:
    """Write a module that, when it is imported, deletes its witness and writes its mark."""
    *packages, module = name.split(".")
    place = folder.joinpath(*packages)
    place.mkdir(parents=True, exist_ok=True)
    file = place / module / "__init__.py" if name == "code.pack" else place / f"{module}.py"
    file.parent.mkdir(exist_ok=True)
    file.write_text(
        "import os, sys\n"
        f"open({str(folder / 'marks' / name)!r}, 'w').close()\n"
        f"os.remove({str(folder / 'witnesses' / name)!r})\n{body}"
    )


class Trapped:
    """A folder full of traps, with a store in which one run has succeeded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("marks", "witnesses", "code"):
            (folder / name).mkdir()
        for name in TRAPS:
            trap(folder, name)
        trap(folder, "code.pack.inner", MAKE)
        trap(folder, "code.near", "HERE = 1\n")
        trap(folder, "code.tool", TOOL)
        (folder / "pipeline.yaml").write_text(SPEC)
        (folder / "fixed.yaml").write_text(SPEC.replace("parameters:", "parametres:"))
        (folder / "rows.csv").write_text("n\n1\n2\n3\n")
        self.arm()

    def arm(self) -> None:
        """Lay every witness again, and forget what was imported."""
        for mark in (self.folder / "marks").iterdir():
            mark.unlink()
        for name in TRAPS:
            (self.folder / "witnesses" / name).touch()

    def imported(self) -> set[str]:
        """Return the names of the traps that have been imported."""
        marks = {path.name for path in (self.folder / "marks").iterdir()}
        witnesses = {path.name for path in (self.folder / "witnesses").iterdir()}
        assert marks == set(TRAPS) - witnesses
        return marks

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `reprocc` where the spec lies, as its user does."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("REPROCC_", "PYTHON"))}
        return subprocess.run(
            [REPROCC, *words],
            cwd=self.folder,
            env=kept,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Trapped:
    """The folder, after the control: a run imports what its function needs, and nothing else."""
    made = Trapped(tmp_path_factory.mktemp("trapped"))
    done = made.run("submit", "pipeline.yaml", "--executor", "inline")
    assert done.returncode == 0, done.stderr
    assert made.imported() == {*IMPORTED, "code.tool"}
    return made


def verbs_of_the_command_line() -> set[str]:
    found: set[str] = set()
    pending = [("", typer.main.get_command(build_app()))]
    while pending:
        path, command = pending.pop()
        below = getattr(command, "commands", {})
        pending += [(f"{path} {name}".strip(), inner) for name, inner in below.items()]
        found |= set() if below else {path}
    return found


def test_every_verb_says_whether_it_runs_the_code() -> None:
    assert verbs_of_the_command_line() == {*VERBS, *RUNS_CODE}


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_leaves_the_code_alone(trapped: Trapped, verb: str) -> None:
    for words in VERBS[verb]:
        trapped.arm()
        done = trapped.run(verb, *words)
        assert done.returncode in (0, 1), done.stderr
        assert "itself failed" not in done.stderr
        assert trapped.imported() == set()


def test_a_submit_in_which_nothing_is_stale_leaves_the_code_alone(trapped: Trapped) -> None:
    trapped.arm()
    done = trapped.run("submit", "pipeline.yaml", "--executor", "inline")
    assert done.returncode == 0, done.stderr
    assert trapped.imported() == set()


def test_completion_leaves_the_code_alone(
    trapped: Trapped, monkeypatch: pytest.MonkeyPatch
) -> None:
    trapped.arm()
    monkeypatch.setenv("_REPROCC_COMPLETE", "zsh")
    done = subprocess.run(
        [REPROCC, "why", "pipeline.yaml", ""], cwd=trapped.folder, capture_output=True, timeout=60
    )
    assert done.returncode == 0
    assert b"make" in done.stdout
    assert trapped.imported() == set()
