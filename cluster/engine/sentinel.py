"""A small process that outlives its parent by a moment, to end what the parent left behind.

It waits for the end of a pipe whose other end only the parent holds. Then it kills every process
of the session's, and removes the folder. Standard library only, started with
`python -I -S`, so that it costs a few milliseconds and nothing that the user set can break it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PATIENCE = 30.0
"""Seconds after which processes that will not die are left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentinel:
    """The parent's end of the pipe, and the process."""

    pipe: IO[bytes]
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Have the folder removed now; return when it is."""
        if not self.pipe.closed:
            self.pipe.close()
            self.process.wait()


def start(folder: Path) -> Sentinel:
    """Watch over a session's folder from now on."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", __file__, str(folder), str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
    )
    assert process.stdin is not None
    return Sentinel(pipe=process.stdin, process=process)


def _belonging(folder: str) -> list[int]:
    """Return the processes of a session: those that name its folder, or have a file open there.

    The name alone does not do: some of Ray's processes write their title over it.
    """
    if not os.path.isdir("/proc/self"):
        return _named(folder)
    found: list[int] = []
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid() and _belongs(f"/proc/{name}", folder):
            found.append(int(name))
    return found


def _belongs(process: str, folder: str) -> bool:
    for part in ("cmdline", "environ"):
        with contextlib.suppress(OSError), open(f"{process}/{part}", "rb") as file:
            if os.fsencode(folder) in file.read():
                return True
    with contextlib.suppress(OSError):
        for descriptor in os.listdir(f"{process}/fd"):
            with contextlib.suppress(OSError):
                if os.readlink(f"{process}/fd/{descriptor}").startswith(folder):
                    return True
    return False


def _named(folder: str) -> list[int]:
    listing = subprocess.run(
        ["ps", "-axwwE", "-o", "pid=,command="], capture_output=True, check=False
    )
    lines = listing.stdout.decode(errors="replace").splitlines()
    pids = [int(line.split()[0]) for line in lines if folder in line]
    return [pid for pid in pids if pid != os.getpid()]


def _sweep(folder: str, parent: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        left = _freeze(folder, parent)
        for pid in left:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)
        if not left and not os.path.exists(folder):
            return
        time.sleep(0.05)


def _freeze(folder: str, parent: int) -> set[int]:
    """Stop and return the session's processes and all below them, so that no new ones come.

    What the user's code has started may have cast off everything that marks it, but not its
    parent, as long as that lives.
    """
    found: set[int] = set()
    while True:
        alive = _parents()
        # Whoever uses this package may have children of its own, which are not the session's.
        for each in (parent, os.getpid()):
            alive.pop(each, None)
        tree = found | (alive.keys() & _belonging(folder))
        while more := {pid for pid, above in alive.items() if above in tree} - tree:
            tree |= more
        if tree == found:
            return found
        for pid in tree - found:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGSTOP)
        found = tree


def _parents() -> dict[int, int]:
    """Return the parent of every process that has not ended."""
    if os.path.isdir("/proc/self"):
        found: dict[int, int] = {}
        for name in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
                # The name of the program stands in parentheses and may hold anything.
                state, above = file.read().rpartition(b")")[2].split()[:2]
                if state not in (b"Z", b"X"):
                    found[int(name)] = int(above)
        return found
    listing = subprocess.run(
        ["ps", "-axo", "pid=,ppid=,stat="], capture_output=True, text=True, check=False
    ).stdout
    rows = [line.split() for line in listing.splitlines()]
    return {int(pid): int(parent) for pid, parent, state, *_ in rows if not state.startswith("Z")}


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdin.buffer.read()
    _sweep(sys.argv[1], int(sys.argv[2]))
