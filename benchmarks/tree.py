"""The CPU time of a process and of everything below it, while they run."""

from __future__ import annotations

import os
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def cpu_of_tree(root: int | None = None) -> float:
    """Return the CPU seconds used so far by a process (this one) and all below it.

    What has ended counts where its parent has waited for it. Needs `/proc`; 0.0 without it.
    """
    root = os.getpid() if root is None else root
    used: dict[int, float] = {}
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(entry.name)
        used[pid] = sum(map(int, fields[11:15])) / _TICK
        below.setdefault(int(fields[1]), []).append(pid)
    total, waiting = 0.0, [root]
    while waiting:
        pid = waiting.pop()
        total += used.get(pid, 0.0)
        waiting += below.get(pid, [])
    return total
