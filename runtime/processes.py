"""Which process is meant: a name that tells it from all others of its machine, before and after."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

_PROC = Path("/proc")


def this_process() -> str | None:
    """Return the name of this process, or None where the system cannot tell.

    It is made of the boot and the space of process ids (hashed), the id, and when it began.
    """
    system, began = _system(), _began(os.getpid())
    return None if system is None or began is None else f"{system}-{os.getpid()}-{began}"


def is_gone(process: str | None) -> bool | None:
    """Say whether a process has ended, or None where that cannot be known from here."""
    system, _, rest = (process or "").partition("-")
    pid, _, began = rest.partition("-")
    if not system or system != _system() or not pid.isdecimal():
        return None
    return _began(int(pid)) != began


def _system() -> str | None:
    """Return what the processes have in common that see each other's ids."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii")
        space = os.readlink(_PROC / "self/ns/pid")
    except OSError:
        return None
    return sha256(f"{boot} {space}".encode()).hexdigest()[:16]


def _began(pid: int) -> str | None:
    """Return when a process began, in ticks since the boot; None where it is not, or is dead."""
    try:
        stat = (_PROC / f"{pid}/stat").read_bytes()
    except OSError:
        return None
    # The name of its program, in parentheses, may hold anything.
    fields = stat.rpartition(b")")[2].split()
    return None if fields[0] in (b"Z", b"X") else fields[19].decode()
