"""`make bench-peers`: reprocc beside DVC, Snakemake and doit, on generated equivalents."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from .figures import Cell, Table, machine, markdown, write_results
from .measure import reprocc
from .peer_planning import measure_planning
from .peer_tools import PEERS, Peer
from .pipelines import write_chains
from .publishing import measure_publishing
from .reruns import CHANGES, rerun_ours, rerun_peer

LIMIT = 400.0
"""Seconds after which a run of a peer is given up."""


def main(argv: list[str] | None = None) -> int:
    """Install what lacks, measure, print and write the tables."""
    parser = argparse.ArgumentParser(prog="reprocc.benchmarks.peers", description=__doc__)
    parser.add_argument("--small", action="store_true", help="chains of ten only")
    parser.add_argument("--limit", type=float, default=LIMIT, help="seconds a run may take")
    asked = parser.parse_args(argv)
    for peer in PEERS:
        print(f"installing {peer.name}", file=sys.stderr, flush=True)
        peer.install()
    print(", ".join(f"{key} {value}" for key, value in machine().items()), flush=True)
    with tempfile.TemporaryDirectory() as name:
        tables = [_reruns(Path(name))]
        print(f"\n{markdown(tables[0])}", flush=True)
        tables.append(_times(Path(name), (10,) if asked.small else (10, 100, 1000), asked.limit))
        print(f"\n{markdown(tables[1])}", flush=True)
        counts = (10,) if asked.small else (100, 1000, 10_000)
        tables.append(measure_planning(Path(name) / "planning", counts, asked.limit))
        print(f"\n{markdown(tables[2])}", flush=True)
        size, files = (1 << 24, 100) if asked.small else (1 << 30, 10_000)
        tables.append(measure_publishing(Path(name) / "publishing", size=size, files=files))
        print(f"\n{markdown(tables[3])}", flush=True)
    for path in write_results("peers-small" if asked.small else "peers", tables):
        print(f"written: {path}", file=sys.stderr)
    return 0 if tables[0].holds else 1


def _reruns(folder: Path) -> Table:
    found = [rerun_ours(folder / "reruns-ours")]
    found += [rerun_peer(peer, folder / f"reruns-{peer.name}") for peer in PEERS]
    wanted = [_wanted(change.expected, change.repairs) for change in CHANGES]
    rows = [
        (change.title, wanted[at], *(counts[at] for counts in found))
        for at, change in enumerate(CHANGES)
    ]
    return Table(
        title="Minimal reruns: stages that run after a change",
        columns=("change", "right", "reprocc", *(f"{peer.name} {peer.version}" for peer in PEERS)),
        rows=tuple(rows),
        notes=(
            "Two chains of four stages (strip, shout, turn, finish), one change after the other.",
            "Counted by a file to which each stage appends a line when it runs.",
            "Peers declare input, script and parameter of each stage. None is told of the module "
            "that the script imports, as few would think of it.",
            "The damage is one that shows in the file's size. Restoring it from a cache without "
            "running anything (0, repaired) is as good.",
        ),
        bound="reprocc runs what must run and nothing else",
        holds=found[0] == wanted,
    )


def _wanted(expected: int, repairs: bool) -> str:
    return f"{expected}, repaired" if repairs else str(expected)


def _times(folder: Path, counts: Sequence[int], limit: float) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for executor in ("inline", "ray"):
        rows += [_ours(folder, executor, count) for count in counts]
    for peer in PEERS:
        rows += [_peers(folder, peer, count, limit) for count in counts]
    return Table(
        title="Cold and unchanged runs, from the shell",
        columns=("tool", "stages", "cold, s", "nothing changed, s"),
        rows=tuple(rows),
        notes=(
            "Whole commands, once each; Ray's start and end are part of reprocc's row with Ray.",
            "reprocc calls a Python function in a fresh process and stores the result durably. "
            "Snakemake and DVC run a shell command, doit calls a Python function in its own "
            "process, one stage after the other; none of the three flushes to the disk.",
            f"A run of more than {limit:g} s is given up.",
        ),
    )


def _ours(folder: Path, executor: str, count: int) -> tuple[Cell, ...]:
    spec = write_chains(folder / f"ours-{executor}-{count}", count)
    submit = ("submit", spec.name, "--executor", executor, "--quiet")
    cold, unchanged = (reprocc(*submit, folder=spec.parent).wall for _ in range(2))
    return (f"reprocc, {executor}", count, cold, unchanged)


def _peers(folder: Path, peer: Peer, count: int, limit: float) -> tuple[Cell, ...]:
    place = folder / f"{peer.name}-{count}"
    peer.write(place, count)
    cold = _seconds(lambda: peer.run(place, limit))
    unchanged = None if cold is None else _seconds(lambda: peer.run(place, limit))
    return (peer.name, count, *(f"> {limit:g}" if t is None else t for t in (cold, unchanged)))


def _seconds(act: Callable[[], None]) -> float | None:
    began = time.perf_counter()
    try:
        act()
    except subprocess.TimeoutExpired:
        return None
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
