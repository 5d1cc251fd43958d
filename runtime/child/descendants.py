"""Finds and ends every process below one, also those that left its session."""

from __future__ import annotations

import contextlib
import os
import signal
import time

LONGEST_SECONDS = 10.0


def descendants(root: int) -> list[int]:
    """Return the processes below `root`, itself left out, parents before children."""
    below: dict[int, list[int]] = {}
    for pid, parent in _parents():
        below.setdefault(parent, []).append(pid)
    found: list[int] = []
    waiting = [root]
    while waiting:
        children = below.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def end_descendants(*, grace: float = 0.0) -> tuple[int, float, int]:
    """Reap everything below this process, killing what is still there after `grace` seconds.

    Return how many there were to kill, and the CPU seconds and peak bytes of those reaped.
    """
    cpu, peak, ended = 0.0, 0, set[int]()
    started = time.monotonic()
    while time.monotonic() - started < LONGEST_SECONDS:
        try:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if pid:
            cpu, peak = (
                cpu + usage.ru_utime + usage.ru_stime,
                max(peak, peak_bytes(usage.ru_maxrss)),
            )
            continue
        time.sleep(0.001)
        if time.monotonic() - started < grace:
            continue
        running = [pid for pid in descendants(os.getpid()) if not _is_zombie(pid)]
        for each in running:
            ended.add(each)
            with contextlib.suppress(OSError):
                os.kill(each, signal.SIGKILL)
    return len(ended), cpu, peak


def peak_bytes(maxrss: int) -> int:
    """Return a `ru_maxrss` in bytes: Linux counts KiB, macOS bytes."""
    return maxrss if os.uname().sysname == "Darwin" else maxrss * 1024


def _parents() -> list[tuple[int, int]]:
    if os.path.isdir("/proc/self"):
        return [(pid, int(stat[1])) for pid, stat in _stats()]
    import subprocess  # it brings the machinery of threads, which each fork would pay for

    listing = subprocess.run(
        ["ps", "-axo", "pid=,ppid="], capture_output=True, text=True, check=False
    ).stdout
    fields = (line.split() for line in listing.splitlines())
    return [(int(pid), int(parent)) for pid, parent in fields]


def _stats() -> list[tuple[int, list[str]]]:
    found: list[tuple[int, list[str]]] = []
    for name in os.listdir("/proc"):
        if name.isdigit() and (stat := _stat(int(name))) is not None:
            found.append((int(name), stat))
    return found


def _stat(pid: int) -> list[str] | None:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            # The command's name stands in parentheses and may hold anything, parentheses too.
            return file.read().rpartition(")")[2].split()
    except OSError:
        return None


def _is_zombie(pid: int) -> bool:
    stat = _stat(pid)
    return stat is not None and stat[0] == "Z"
