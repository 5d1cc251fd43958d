"""CPU time and peak memory of `validate` and `compile`, by the size of the pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from .figures import Cell, Table
from .measure import Cost, median, reprocc
from .pipelines import write_chains, write_points

COUNTS = (100, 1000, 10_000, 100_000)
POINTS = (100_000,)
REPEATS = 5
ONCE_FROM = 100_000
"""Pipelines of so many transformations are compiled once."""

MOST: dict[tuple[str, int, int], float] = {
    ("validate", 100, 1): 0.4,
    ("validate", 1000, 1): 0.6,
    ("validate", 10_000, 1): 2.5,
    ("compile", 10_000, 1): 3.0,
    ("compile", 1, 100_000): 5.0,
}
"""CPU seconds that a verb may take, by transformations and the points of each."""

MOST_MEMORY: dict[tuple[str, int, int], float] = {("compile", 1, 100_000): 600.0}
"""MiB of memory that it may hold at its peak."""

LINEAR_FROM = 1000
"""Below, a transformation more costs too little beside the start of Python to be measured."""

MOST_GROWTH = 1.3
"""How many times the cost of a transformation more may grow when there are ten times as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """What a verb cost on a pipeline of `count` transformations with `points` points each."""

    verb: str
    count: int
    points: int
    cost: Cost

    @property
    def size(self) -> tuple[str, int, int]:
        return self.verb, self.count, self.points

    @property
    def peak(self) -> float:
        return self.cost.peak / 2**20

    def row(self) -> tuple[Cell, ...]:
        tasks = self.count * self.points
        limits = [f"{most:g} s" for size, most in MOST.items() if size == self.size]
        limits += [f"{most:g} MiB" for size, most in MOST_MEMORY.items() if size == self.size]
        figures = (self.cost.cpu, self.cost.cpu / tasks * 1000, self.peak)
        return (self.verb, self.count, self.points, *figures, ", ".join(limits) or None)

    def holds(self) -> bool:
        most, most_memory = MOST.get(self.size), MOST_MEMORY.get(self.size)
        is_fast = most is None or self.cost.cpu <= most
        return is_fast and (most_memory is None or self.peak <= most_memory)


def measure_compiling(
    folder: Path, counts: Sequence[int], points: Sequence[int], repeats: int = REPEATS
) -> Table:
    """Return one row a verb and size; whole processes, in a folder of their own.

    `counts` are numbers of transformations, ascending; `points` those of the points of one, each
    a multiple of 100.
    """
    specs = [(write_chains(folder / f"chains-{count}", count), count, 1) for count in counts]
    specs += [(write_points(folder / f"points-{count}", count), 1, count) for count in points]
    found = [
        _measured(spec, verb, count, many, 1 if count >= ONCE_FROM else repeats)
        for spec, count, many in specs
        for verb in ("validate", "compile")
    ]
    is_judged = any(each.size in MOST for each in found)
    holds = all(each.holds() for each in found) and _is_linear(found)
    return Table(
        title="Compiling",
        columns=(
            "verb",
            "transformations",
            "points of each",
            "CPU, s",
            "CPU, ms a task",
            "peak memory, MiB",
            "at most",
        ),
        rows=tuple(each.row() for each in found),
        notes=(
            "Whole processes, the start of Python and all imports included; medians of "
            f"{repeats}, from {ONCE_FROM:,} transformations once.",
            "Chains of ten; the one transformation with many points names two axes in its "
            "arguments. `compile` writes its plan to a file.",
        ),
        bound="each stays below its last column, and a transformation more costs at most "
        f"{MOST_GROWTH:g} times as much where there are ten times as many",
        holds=holds if is_judged else None,
    )


def _measured(spec: Path, verb: str, count: int, points: int, turns: int) -> _Measured:
    arguments = [verb, spec.name] + (["-o", "plan.json"] if verb == "compile" else [])
    cost = median([reprocc(*arguments, folder=spec.parent) for _ in range(turns)])
    return _Measured(verb=verb, count=count, points=points, cost=cost)


def _is_linear(found: Sequence[_Measured]) -> bool:
    """Say whether what a transformation more costs stays the same from one size to the next."""
    for verb in ("validate", "compile"):
        costs = [
            (each.count, each.cost.cpu)
            for each in found
            if each.verb == verb and each.points == 1 and each.count >= LINEAR_FROM
        ]
        slopes = [
            (cpu - cpu_before) / (count - before)
            for (before, cpu_before), (count, cpu) in pairwise(costs)
        ]
        if any(later > MOST_GROWTH * earlier for earlier, later in pairwise(slopes)):
            return False
    return True
