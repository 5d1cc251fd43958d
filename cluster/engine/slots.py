"""The machine's CPUs, shared by all embedded sessions: one lock file a CPU.

Each embedded Ray believes that it has the whole machine. A task holds as many slots as it asked
for CPUs while it runs, so that two submits at once share the machine task by task. The kernel
gives a lock back when its holder dies, however it dies.
"""

from __future__ import annotations

import contextlib
import fcntl
import math
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

SHORTEST_PAUSE, LONGEST_PAUSE = 0.0005, 0.02
"""Seconds between two looks for a free slot, when others hold them all: each time a half more."""


def slots_folder() -> Path:
    """Return the folder of this user's lock files."""
    return Path(tempfile.gettempdir()) / f"reprocc-cpus-{os.getuid()}"


@contextlib.contextmanager
def held(folder: Path, *, wanted: float, total: int) -> Iterator[None]:
    """Hold slots for `wanted` CPUs of a machine that has `total`.

    Less than one CPU holds none: Ray runs several such tasks side by side.
    """
    count = min(math.floor(wanted), total)
    if count < 1:
        yield
        return
    with contextlib.ExitStack() as stack:
        _take(folder, count, total, stack)
        yield


def _take(folder: Path, count: int, total: int, stack: contextlib.ExitStack) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    # One process at a time gathers slots, so that two that want several cannot starve each other.
    with (folder / "gate").open("wb") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        taken: set[int] = set()
        pause = SHORTEST_PAUSE
        while True:
            for slot in range(total):
                if slot not in taken and len(taken) < count:
                    file = _try_lock(folder / f"cpu-{slot}")
                    if file is not None:
                        stack.callback(file.close)
                        taken.add(slot)
            if len(taken) == count:
                return
            time.sleep(pause)
            pause = min(1.5 * pause, LONGEST_PAUSE)


def _try_lock(path: Path) -> IO[bytes] | None:
    file = path.open("wb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file
