"""CPU time and peak memory of `validate` and `compile`, by the size of the pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .figures import Cell, Table
from .measure import median, reprocc
from .pipelines import write_chains

REPEATS = 5
MOST = 0.5


def measure_compiling(folder: Path, counts: Sequence[int], repeats: int = REPEATS) -> Table:
    """Return one row a verb and size; whole processes, in a folder of their own."""
    rows: list[tuple[Cell, ...]] = []
    small: list[float] = []
    for count in counts:
        spec = write_chains(folder / f"chains-{count}", count)
        for verb in ("validate", "compile"):
            arguments = [verb, spec.name] + (["-o", "plan.json"] if verb == "compile" else [])
            turns = repeats if count < 10_000 else 1
            cost = median([reprocc(*arguments, folder=spec.parent) for _ in range(turns)])
            rows.append((verb, count, cost.cpu, cost.cpu / count * 1000, cost.peak / 2**20))
            if (verb, count) == ("validate", 100):
                small.append(cost.cpu)
    return Table(
        title="Compiling",
        columns=(
            "verb",
            "transformations",
            "CPU, s",
            "CPU, ms a transformation",
            "peak memory, MiB",
        ),
        rows=tuple(rows),
        notes=("Whole processes, the start of Python and all imports included; medians.",),
        bound=f"`validate` of 100 transformations takes at most {MOST:g} s of CPU",
        holds=all(cpu <= MOST for cpu in small) if small else None,
    )
