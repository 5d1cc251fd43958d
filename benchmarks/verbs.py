"""What each verb that only reads costs on a store with many runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from .figures import Cell, Table
from .measure import median, reprocc
from .stores import make_store

MOST = 0.7
REPEATS = 3


def measure_verbs(folder: Path, runs: int) -> Table:
    """Return the CPU time of every verb that only reads, on a store with `runs` runs."""
    store = folder / "many-runs"
    make_store(store, runs=runs)
    rows: list[tuple[Cell, ...]] = []
    for arguments in _readings(store):
        try:
            cost = median([reprocc(*arguments, folder=folder) for _ in range(REPEATS)])
        except subprocess.CalledProcessError as error:
            raise RuntimeError(f"reprocc {' '.join(arguments)}: {error.stderr.decode()}") from error
        said = " ".join(arguments[:-2]).replace(str(folder), ".")
        rows.append((f"reprocc {said}", cost.cpu, cost.wall, cost.peak / 2**20))
    worst = max(float(row[1] or 0) for row in rows)
    return Table(
        title=f"Verbs that only read, on a store with {runs:,} runs",
        columns=("verb", "CPU, s", "wall, s", "peak memory, MiB"),
        rows=tuple(rows),
        notes=("Whole processes; medians of three.",),
        bound=f"each takes at most {MOST:g} s of CPU",
        holds=worst <= MOST,
    )


def _readings(store: Path) -> list[tuple[str, ...]]:
    """Return the verbs with arguments that fit the store, `--store` at the end of each."""
    run = _said(store, "runs")[0]["run"]
    artifact = _said(store, "artifacts")[0]
    name = f"{artifact['pipeline']}/{artifact['artifact']}"
    wanted = [("runs",), ("show", run), ("artifacts",), ("versions", name)]
    wanted += [("get", name, "-o", str(store.parent / "copy"), "--force")]
    return [(*each, "--store", str(store)) for each in wanted]


def _said(store: Path, verb: str) -> list[dict[str, str]]:
    command = [sys.executable, "-m", "reprocc.cli", verb, "--json", "--store", str(store)]
    done = subprocess.run(command, check=True, capture_output=True)
    found: list[dict[str, str]] = json.loads(done.stdout)[verb]
    return found
