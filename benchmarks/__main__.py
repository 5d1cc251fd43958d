"""`make bench`: figures of the whole command line, from one run on one machine."""

from __future__ import annotations

import json
import platform
import tempfile
from pathlib import Path

from .measure import Cost, median, reprocc
from .pipelines import write_chains

REPEATS = 5


def main() -> None:
    """Measure, and print one row a figure; the same as JSON in `benchmarks/results.json`."""
    with tempfile.TemporaryDirectory() as name:
        rows = [*_compiling(Path(name)), *_unchanged(Path(name))]
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}")
    print(f"\n{'what':44} {'CPU':>8} {'wall':>8} {'peak':>9}   {'bound':>8}")
    for what, cost, bound in rows:
        limit = "" if bound is None else f"{bound * 1000:.0f} ms"
        mark = "" if bound is None or cost.cpu <= bound else "  over"
        print(
            f"{what:44} {cost.cpu * 1000:5.0f} ms {cost.wall * 1000:5.0f} ms "
            f"{cost.peak / 2**20:5.0f} MiB   {limit:>8}{mark}"
        )
    found = [
        {"what": what, "cpu": cost.cpu, "wall": cost.wall, "peak": cost.peak, "bound": bound}
        for what, cost, bound in rows
    ]
    target = Path(__file__).with_name("results.json")
    target.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _compiling(folder: Path) -> list[tuple[str, Cost, float | None]]:
    rows: list[tuple[str, Cost, float | None]] = []
    for count, bound in ((100, 0.5), (1000, None), (10_000, None)):
        spec = write_chains(folder / f"chains-{count}", count)
        repeats = REPEATS if count < 10_000 else 1
        for verb, limit in (("validate", bound), ("compile", None)):
            arguments = [verb, spec.name] + (["-o", "plan.json"] if verb == "compile" else [])
            costs = [reprocc(*arguments, folder=spec.parent) for _ in range(repeats)]
            rows.append((f"{verb}, {count:,} transformations", median(costs), limit))
    return rows


def _unchanged(folder: Path) -> list[tuple[str, Cost, float | None]]:
    rows: list[tuple[str, Cost, float | None]] = []
    for count, bound in ((10, 0.7), (100, None), (1000, None)):
        spec = write_chains(folder / f"unchanged-{count}", count)
        submit = ("submit", spec.name, "--executor", "inline")
        rows.append((f"first submit, inline, {count:,} tasks", _cost(submit, spec), None))
        costs = [_cost(("submit", spec.name), spec) for _ in range(REPEATS)]
        rows.append((f"unchanged submit, {count:,} tasks", median(costs), bound))
    return rows


def _cost(arguments: tuple[str, ...], spec: Path) -> Cost:
    return reprocc(*arguments, folder=spec.parent)


if __name__ == "__main__":
    main()
