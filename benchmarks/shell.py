"""Whole commands, as typed: unchanged submits, and `penguins` beside Ray's own start."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median as middle

from .figures import Cell, Table
from .measure import Cost, median, reprocc, run
from .pipelines import write_chains

EXAMPLES = Path(__file__).resolve().parent.parent / "specs" / "examples"
MOST_OVER_RAY = 4.0
"""Seconds of wall time that `penguins` may take beyond Ray's own start and end."""

MOST_UNCHANGED = 0.7
"""CPU seconds that an unchanged submit of ten tasks may take."""

_RAY = """
import os, sys
os.environ.update(RAY_ENABLE_UV_RUN_RUNTIME_ENV="0", RAY_USAGE_STATS_ENABLED="0")
os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN="0" * 64)
import ray
ray.init(address="local", include_dashboard=False, log_to_driver=False, logging_level="ERROR",
         object_store_memory=80 << 20, _temp_dir=sys.argv[1], _node_ip_address="127.0.0.1")
ray.shutdown()
"""


def measure_unchanged(folder: Path, counts: Sequence[int], repeats: int) -> Table:
    """Return what a submit costs in which nothing is stale, from a store filled inline."""
    rows: list[tuple[Cell, ...]] = []
    for count in counts:
        spec = write_chains(folder / f"unchanged-{count}", count)
        reprocc("submit", spec.name, "--executor", "inline", folder=spec.parent)
        cost = median([reprocc("submit", spec.name, folder=spec.parent) for _ in range(repeats)])
        rows.append((count, cost.cpu, cost.wall, cost.peak / 2**20))
    small = [float(row[1] or 0) for row in rows if row[0] == 10]
    return Table(
        title="Submit with nothing to do, from the shell",
        columns=("tasks", "CPU, s", "wall, s", "peak memory, MiB"),
        rows=tuple(rows),
        notes=("Whole processes; Ray is not imported.",),
        bound=f"ten tasks take at most {MOST_UNCHANGED:g} s of CPU",
        holds=all(cpu <= MOST_UNCHANGED for cpu in small) if small else None,
    )


def measure_penguins(folder: Path, repeats: int) -> Table:
    """Return the penguins example from the shell into an empty store, beside Ray alone."""
    example = folder / "penguins"
    shutil.copytree(
        EXAMPLES / "penguins", example, ignore=shutil.ignore_patterns("__pycache__", ".reprocc")
    )
    pairs: list[tuple[Cost, Cost, Cost]] = []
    for turn in range(repeats):
        store = str(folder / f"penguins-{turn}")
        submit = ("submit", "pipeline.yaml", "--store", store)
        alone = _ray_alone(folder / f"ray-{os.getpid()}-{turn}")
        cold = reprocc(*submit, folder=example)
        pairs.append((alone, cold, reprocc(*submit, folder=example)))
    over = middle(cold.wall - alone.wall for alone, cold, _ in pairs)
    names = ("Ray alone: start and end", "penguins, cold", "penguins, nothing changed")
    rows: list[tuple[Cell, ...]] = []
    for at, name in enumerate(names):
        costs = [pair[at] for pair in pairs]
        rows.append((name, middle(each.wall for each in costs), middle(each.cpu for each in costs)))
    rows.append(("penguins, cold, beyond Ray alone", over, None))
    return Table(
        title="Penguins from the shell",
        columns=("what", "wall, s", "CPU, s"),
        rows=tuple(rows),
        notes=(
            "Whole processes, alternating, medians.",
            "Ray alone: `import ray`, `ray.init` with the options that reprocc uses, shutdown.",
            "CPU counts what was waited for; of Ray's own processes it misses those that were "
            "killed.",
        ),
        bound=f"penguins takes at most Ray's own start and {MOST_OVER_RAY:g} s",
        holds=over <= MOST_OVER_RAY,
    )


def _ray_alone(folder: Path) -> Cost:
    # Sockets lie below: the path is short wherever the figures are taken.
    short = Path("/tmp") / folder.name
    short.mkdir()
    try:
        return run([sys.executable, "-c", _RAY, str(short)], folder=short)
    finally:
        shutil.rmtree(short, ignore_errors=True)
