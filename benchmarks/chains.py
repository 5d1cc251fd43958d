"""Chains of ten trivial tasks: reprocc on a Ray that is up, beside Ray alone."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from .engine import Engine, Lap
from .figures import Cell, Table
from .pipelines import write_chains
from .raw import run_raw

MOST = 6.0
"""How many times the wall time of Ray alone a cold run of 1,000 tasks may take."""


def measure_chains(counts: Sequence[int], repeats: int) -> tuple[Table, Table]:
    """Return cold and unchanged runs beside raw Ray, and what comes before the first task.

    All runs of one count alternate with those of raw Ray, in one Ray; medians of `repeats`.
    """
    with tempfile.TemporaryDirectory() as name, Engine() as engine:
        folder = Path(name)
        spec = write_chains(folder / "first", 10)
        raw = run_raw(engine.session.ray, folder / "raw", 10)
        first = engine.submit(spec, folder / "store")
        started = _started(engine, raw, first)
        return _table(engine, folder, counts, repeats), started


def _table(engine: Engine, folder: Path, counts: Sequence[int], repeats: int) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for count in counts:
        spec = write_chains(folder / f"chains-{count}", count)
        laps = [_round(engine, spec, folder / f"{count}-{turn}", count) for turn in range(repeats)]
        rows.append((count, *_row(laps)))
    holds = [float(row[3] or 0) <= MOST for row in rows if row[0] == 1000]
    return Table(
        title="Cold and unchanged runs beside raw Ray",
        columns=(
            "tasks",
            "raw Ray, s",
            "cold, s",
            "cold / raw",
            "cold CPU / raw CPU",
            "cold CPU, ms a task",
            "with compiling, s",
            "unchanged, s",
            "unchanged / raw",
        ),
        rows=tuple(rows),
        notes=(
            "Chains of ten trivial Python functions, each reads a mapping and returns a mapping.",
            "Raw Ray: one Ray task a stage, chained by references, that reads the JSON file before "
            "its own and writes its own, of the same bytes. It hashes nothing, keeps no versions "
            "and no record, starts no process for a task, and does not flush to the disk.",
            "Cold: run, publish durably and record, into an empty store, from the moment at which "
            "Ray would be started; what comes before is in the column `with compiling`.",
            "Unchanged: the whole of it, compiling included; Ray is not touched.",
            "Both on one Ray that is up, its workers started; alternating, medians.",
            "CPU is that of the driver and of every process of Ray's and of the tasks.",
        ),
        bound=f"a cold run of 1,000 tasks takes at most {MOST:g} times raw Ray's wall time",
        holds=all(holds) if holds else None,
    )


def _round(engine: Engine, spec: Path, folder: Path, count: int) -> tuple[Lap, Lap, Lap]:
    raw = run_raw(engine.session.ray, folder / "raw", count)
    cold = engine.submit(spec, folder / "store")
    unchanged = engine.submit(spec, folder / "store")
    if (cold.states, unchanged.states) != ({"succeeded": count}, {"reused": count}):
        raise RuntimeError(f"not the runs to measure: {cold.states}, {unchanged.states}")
    return raw, cold, unchanged


def _row(laps: list[tuple[Lap, Lap, Lap]]) -> tuple[Cell, ...]:
    raw, cold, unchanged = (median(lap[at].wall for lap in laps) for at in range(3))
    raw_cpu, cold_cpu = (median(lap[at].cpu for lap in laps) for at in range(2))
    count = sum(laps[0][0].states.values())
    ratio = median(cold.wall / raw.wall for raw, cold, _ in laps)
    share = cold_cpu / raw_cpu if raw_cpu else None
    whole = median(lap[1].whole for lap in laps)
    return (raw, cold, ratio, share, cold_cpu / count * 1000, whole, unchanged, unchanged / raw)


def _started(engine: Engine, raw: Lap, first: Lap) -> Table:
    return Table(
        title="Before the first task",
        columns=("what", "wall, s"),
        rows=(
            ("Ray's start: import, `ray.init`, embedded", engine.start),
            ("first 10 tasks of raw Ray (its workers start)", raw.wall),
            ("first 10 tasks of reprocc after that (fork servers start)", first.wall),
        ),
        notes=("Once in each session; in the table above all of it has happened before.",),
    )
