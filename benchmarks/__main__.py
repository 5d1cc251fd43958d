"""`make bench`: the figures of one run on one machine, as Markdown and JSON."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .chains import measure_chains
from .compiling import COUNTS, POINTS, measure_compiling
from .figures import Table, machine, markdown, write_results
from .shell import measure_penguins, measure_unchanged
from .tables import measure_tables
from .verbs import measure_verbs

SECTIONS = ("chains", "penguins", "unchanged", "compiling", "verbs", "tables")


def main(argv: list[str] | None = None) -> int:
    """Measure, print each table when it is there, and write all; 1 where a bound does not hold."""
    asked = _arguments(argv)
    print(", ".join(f"{key} {value}" for key, value in machine().items()), flush=True)
    tables: list[Table] = []
    with tempfile.TemporaryDirectory() as name:
        for section in asked.sections or SECTIONS:
            for table in _measured(section, Path(name), small=asked.small):
                print(f"\n{markdown(table)}", flush=True)
                tables.append(table)
    written = write_results("bench-small" if asked.small else "bench", tables)
    print("\n".join(f"written: {path}" for path in written), file=sys.stderr)
    broken = [table.bound for table in tables if table.holds is False]
    for bound in broken:
        print(f"does not hold: {bound}", file=sys.stderr)
    return 1 if broken else 0


def _measured(section: str, folder: Path, *, small: bool) -> Iterator[Table]:
    match section:
        case "chains":
            yield from measure_chains((10,) if small else (10, 100, 1000), 1 if small else 3)
        case "penguins":
            yield measure_penguins(folder, 1 if small else 3)
        case "unchanged":
            yield measure_unchanged(folder, (10,) if small else (10, 100, 1000), 1 if small else 5)
        case "compiling":
            counts, points = ((10,), (100,)) if small else (COUNTS, POINTS)
            yield measure_compiling(folder, counts, points)
        case "verbs":
            yield measure_verbs(folder, 10 if small else 1000)
        case "tables":
            size, files, repeats = (1 << 24, 100, 1) if small else (1 << 30, 10_000, 3)
            yield from measure_tables(folder, size=size, files=files, repeats=repeats)


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="reprocc.benchmarks", description=__doc__)
    parser.add_argument("sections", nargs="*", choices=(*SECTIONS, []), help="all where none")
    parser.add_argument("--small", action="store_true", help="the smallest sizes, once each")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
