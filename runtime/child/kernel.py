"""What the kernel does for us where it can: orphans come to the server, and none outlives it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys

_SET_PDEATHSIG = 1
_SET_CHILD_SUBREAPER = 36

_libc = ctypes.CDLL(None, use_errno=True)


def adopt_orphans() -> None:
    """Let every process below this one whose parent ends become this one's child (Linux)."""
    if sys.platform == "linux":
        _libc.prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with(parent: int) -> None:
    """Let this process be killed when `parent`, which forked it, ends (Linux)."""
    if sys.platform == "linux":
        _libc.prctl(_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def thread_count() -> int:
    """Return how many threads this process has; 1 where it cannot be known."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 1


def flush_c_streams() -> None:
    """Write out what C code has printed and not flushed, in this process."""
    _libc.fflush(None)


def unbuffer_c_output() -> None:
    """Let C code's standard output appear line by line, so that it keeps its place in the log."""
    name = "__stdoutp" if sys.platform == "darwin" else "stdout"
    with contextlib.suppress(ValueError, AttributeError):
        stream = ctypes.c_void_p.in_dll(_libc, name)
        _libc.setvbuf(stream, None, 1, 0)
