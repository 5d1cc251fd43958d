"""The small pipeline of `tests/pipelines/chain`, as a place that a test may change."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PIPELINES = Path(__file__).resolve().parent.parent / "pipelines"
TASKS = (
    "clean",
    "scale",
    "fit[width=1]",
    "fit[width=2]",
    "fit[width=3]",
    "evaluate[width=1]",
    "evaluate[width=2]",
    "evaluate[width=3]",
    "write",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A copy of the pipeline and the command that runs it."""

    folder: Path
    reprocc: Callable[..., Any]

    @property
    def spec(self) -> Path:
        return self.folder / "pipeline.yaml"

    def submit(self, *options: str, rc: int = 0, **keywords: Any) -> dict[str, Any]:
        """Submit inline and return the JSON result."""
        executor = () if "--executor" in options else ("--executor", "inline")
        done = self.reprocc(
            "submit", "pipeline.yaml", "--json", *executor, *options, cwd=self.folder, **keywords
        )
        assert done.rc == rc, f"status {done.rc}\n{done.stdout}\n{done.stderr}"
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def ask(self, *arguments: str) -> Any:
        """Run a verb with --json and return what it printed."""
        done = self.reprocc(*arguments, "--json", cwd=self.folder)
        assert done.rc == 0, done.stderr
        return json.loads(done.stdout)

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace text in a file of the pipeline."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


def copy_chain(folder: Path, reprocc: Callable[..., Any]) -> Chain:
    """Copy the pipeline into a folder that does not exist yet."""
    return copy_pipeline("chain", folder, reprocc)


def ran(result: dict[str, Any]) -> set[str]:
    """Return the tasks that ran."""
    return {task["task"] for task in result["tasks"] if task["state"] == "succeeded"}


def digests(result: dict[str, Any]) -> dict[str, str]:
    """Return the digest of every output of every task."""
    return {
        f"{task['task']}:{name}": output["digest"]
        for task in result["tasks"]
        for name, output in task["outputs"].items()
    }


def copy_pipeline(name: str, folder: Path, reprocc: Callable[..., Any]) -> Chain:
    """Copy a pipeline of `tests/pipelines` into a folder that does not exist yet."""
    shutil.copytree(
        PIPELINES / name, folder, ignore=shutil.ignore_patterns("__pycache__", ".reprocc")
    )
    return Chain(folder=folder, reprocc=reprocc)


def write_pipeline(folder: Path, reprocc: Callable[..., Any], *, spec: str, code: str) -> Chain:
    """Write a pipeline whose code is one module, `work`; `spec` lacks the version and the name."""
    folder.mkdir(parents=True)
    head = "reprocc: 1\nname: small\n"
    (folder / "pipeline.yaml").write_text(head + textwrap.dedent(spec), encoding="utf-8")
    (folder / "work.py").write_text(textwrap.dedent(code), encoding="utf-8")
    return Chain(folder=folder, reprocc=reprocc)


def stored(store: Path) -> dict[str, str]:
    """Return the content digest of every version in a store, sources included.

    Keys are `artifact/point/number`. The numbers of each artifact and point have no gap.
    """
    found: dict[str, str] = {}
    for path in sorted((store / "pipelines").glob("*/artifacts/**/*.json")):
        key = path.relative_to(store / "pipelines").with_suffix("").as_posix()
        found[key] = json.loads(path.read_bytes())["content"]["digest"]
        numbers = [int(each.stem) for each in sorted(path.parent.glob("*.json"))]
        assert numbers == list(range(1, len(numbers) + 1)), f"{path.parent} has gaps"
    return found


def recorded(store: Path) -> set[str]:
    """Return the fingerprints that have a reuse record, as `submit --json` writes them."""
    return {json.loads(path.read_bytes())["fingerprint"] for path in store.glob("reuse/*/*.json")}
