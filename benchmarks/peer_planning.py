"""What it costs to read a pipeline and say what would run: reprocc beside DVC and Snakemake."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from .figures import Cell, Table
from .measure import Cost, median, reprocc
from .peer_tools import PEERS
from .pipelines import write_chains

REPEATS = 3
ONCE_FROM = 10_000
"""Pipelines of so many stages are read once by each."""

OURS = (("validate",), ("compile", "-o", "plan.json"), ("plan",))
THEIRS = (
    ("dvc", ("dag", "--dot")),
    ("dvc", ("status",)),
    ("snakemake", ("-n", "--quiet", "all")),
)
"""The peers' verbs that run nothing; `--dot` spares DVC the drawing of its graph."""


def measure_planning(folder: Path, counts: Sequence[int], limit: float) -> Table:
    """Return one row a command and size; nothing has run before, and nothing is run.

    A command of a peer that takes longer than `limit` seconds has no figures.
    """
    rows: list[tuple[Cell, ...]] = []
    for count in counts:
        spec = write_chains(folder / f"ours-{count}", count)
        for verb, *options in OURS:
            arguments = (verb, spec.name, *options)
            cost = _cost(lambda: reprocc(*arguments, folder=spec.parent), count)  # noqa: B023
            rows.append(_row(f"reprocc {verb}", count, cost, limit))
        peers = {peer.name: peer for peer in PEERS}
        for name in dict.fromkeys(name for name, _ in THEIRS):
            peers[name].write(folder / f"{name}-{count}", count)
        for name, arguments in THEIRS:
            peer, place = peers[name], folder / f"{name}-{count}"
            cost = _cost(lambda: peer.ask(place, arguments, limit), count)  # noqa: B023
            rows.append(_row(" ".join((name, *arguments)), count, cost, limit))
    return Table(
        title="What would run, from the shell",
        columns=("command", "stages", "CPU, s", "wall, s", "peak memory, MiB"),
        rows=tuple(rows),
        notes=(
            f"Whole processes, medians of {REPEATS}; from {ONCE_FROM:,} stages once.",
            "Chains of ten, nothing has run before. `validate` and `compile` read the user's code "
            "too, and `plan` asks the store; the peers look for files.",
            f"A command of more than {limit:g} s is given up.",
        ),
    )


def _cost(act: Callable[[], Cost], count: int) -> Cost | None:
    """Return the median cost; None where it took too long."""
    try:
        return median([act() for _ in range(1 if count >= ONCE_FROM else REPEATS)])
    except subprocess.TimeoutExpired:
        return None


def _row(command: str, count: int, cost: Cost | None, limit: float) -> tuple[Cell, ...]:
    if cost is None:
        return (command, count, None, f"> {limit:g}", None)
    return (command, count, cost.cpu, cost.wall, cost.peak / 2**20)
