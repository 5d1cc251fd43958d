"""A store with some history: pipelines that ran several times, for the verbs that look back."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SUBMIT = (sys.executable, "-m", "reprocc.cli", "submit", "--json", "--executor", "inline")
GIVEN = (
    (),
    ("-p", "factor=5"),
    ("-p", "factor=5", "-p", "title=New"),
    (),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """`chain` after four runs, the last of which takes over what the first made; then `other`, the
    same pipeline under another name, in one store; then `chain` with other data."""

    folder: Path
    runs: tuple[str, ...]

    def masked(self, text: str) -> str:
        """Write runs as R1 to R6, as wide as they are, and digests as a row of `#`."""
        for number, run in enumerate(self.runs, 1):
            text = text.replace(run, f"R{number}".ljust(len(run)))
        text = re.sub(r"\b[0-9a-f]{12}\b", "#" * 12, text)
        return "\n".join(line.rstrip() for line in text.splitlines())

    def __call__(self, *commands: str) -> list[str]:
        """Run commands that must succeed; return what they print, masked."""
        from .conftest import run_many

        found = run_many([command.split(" ") for command in commands], self.folder)
        assert [rc for rc, _, _ in found] == [0] * len(commands), found
        return [self.masked(out + talk) for _, out, talk in found]

    def json(self, command: str) -> Any:
        """Run a command and return its JSON."""
        from .conftest import run_many

        ((rc, out, talk),) = run_many([[*command.split(" "), "--json"]], self.folder)
        assert (rc, talk) == (0, "")
        return json.loads(out)

    def refused(self, command: str, status: int = 1) -> str:
        """Run a command that must fail; return what it says."""
        from .conftest import run_many

        ((rc, out, talk),) = run_many([command.split(" ")], self.folder)
        assert (rc, out) == (status, "")
        return talk


def make_history(folder: Path) -> History:
    """Run the pipelines in a folder that holds `chain`."""
    text = (folder / "pipeline.yaml").read_text()
    (folder / "other.yaml").write_text(text.replace("name: chain", "name: other"))
    submits = [("pipeline.yaml", *given) for given in GIVEN]
    submits += [("other.yaml",), ("pipeline.yaml",)]
    runs = []
    for arguments in submits:
        if len(runs) == len(submits) - 1:
            data = folder / "data" / "raw.csv"
            data.write_text(data.read_text().replace("1,1.5", "1,2.0") + "9,1.0\n")
        done = subprocess.run(
            [*SUBMIT, *arguments],
            cwd=folder,
            env={k: v for k, v in os.environ.items() if not k.startswith("REPROCC_")},
            capture_output=True,
            check=True,
        )
        runs.append(json.loads(done.stdout)["run"])
    return History(folder=folder, runs=tuple(runs))
