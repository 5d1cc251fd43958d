"""Run a command as a whole process and say what it cost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Timer


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run of a command cost: CPU (own and children's) and wall time in seconds, peak
    memory of the largest process in bytes."""

    cpu: float
    wall: float
    peak: int


def reprocc(*arguments: str, folder: Path) -> Cost:
    """Run `reprocc` in a folder, in this interpreter. Raises CalledProcessError."""
    return run([sys.executable, "-m", "reprocc.cli", *arguments], folder=folder)


def run(
    command: list[str],
    *,
    folder: Path,
    env: Mapping[str, str] | None = None,
    limit: float | None = None,
) -> Cost:
    """Run a command to its end and return its cost; after `limit` seconds it is killed.

    Raises CalledProcessError, subprocess.TimeoutExpired.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None, "stderr is a pipe"
    timer = Timer(limit or 0.0, process.kill)
    if limit is not None:
        timer.start()
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    timer.cancel()
    wall = time.perf_counter() - started
    if limit is not None and wall >= limit and process.returncode == -signal.SIGKILL:
        raise subprocess.TimeoutExpired(command, limit)
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command, stderr=said)
    return Cost(
        cpu=usage.ru_utime + usage.ru_stime,
        wall=wall,
        peak=usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
    )


def median(costs: list[Cost]) -> Cost:
    """Return the run whose CPU time is the median."""
    return sorted(costs, key=lambda cost: cost.cpu)[len(costs) // 2]
