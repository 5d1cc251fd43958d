"""What tasks will import, imported once a machine, while Ray starts; servers are forked from it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from ..child.frame import write_frame
from ..child.nursery import Bed
from .server import SCRIPT, ChildProcess, ServerLostError
from .server_key import ServerKey

GRACE_SECONDS = 5.0
LONGEST_PATH = 107
"""Bytes of a socket's path."""


class Nursery:
    """Processes from which servers for the keys that will be wanted are forked.

    `folder` is a new folder of its own with a short path. Nothing starts where there is nothing
    to import, or where forking is unsafe.
    """

    def __init__(self, folder: Path, upcoming: Sequence[ServerKey]) -> None:
        self._processes: list[tuple[subprocess.Popen[bytes], int]] = []
        groups: defaultdict[tuple[str, tuple[tuple[str, str], ...]], list[ServerKey]] = defaultdict(
            list
        )
        for key in dict.fromkeys(upcoming):
            if key.preload and sys.platform == "linux":
                groups[key.python, key.variables].append(key)
        if groups:
            folder.mkdir()
        for keys in groups.values():
            with contextlib.suppress(OSError):
                self._processes.append(_start(folder, keys))

    def close(self) -> None:
        """End the processes; the servers forked from them end with those who use them."""
        while self._processes:
            process, life = self._processes.pop()
            os.close(life)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(GRACE_SECONDS)
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def adopt_server(nursery: Path, key: ServerKey, folder: Path) -> ChildProcess | None:
    """Return a server forked for this caller, or None where there is no such nursery.

    Its home and log lie below `folder`. Waits while the modules are still being imported.
    """
    path = nursery / _name(key)
    if not path.exists():
        return None
    ours = socket.socket(socket.AF_UNIX)
    try:
        ours.connect(str(path))
        home = Path(tempfile.mkdtemp(prefix="s-", dir=folder))
        write_frame(ours.fileno(), {"home": str(home), "log": str(home / "log")})
    except OSError:
        ours.close()
        return None
    return _adopted(ours, home / "log")


def _adopted(ours: socket.socket, log: Path) -> ChildProcess | None:
    process = _Forked()
    child = ChildProcess(process, ours, log, forks=True)
    try:
        process.is_known_as(child.wait_until_ready())
    except (ServerLostError, OSError):
        child.close()
        return None
    except BaseException:
        child.close()
        raise
    return child


class _Forked:
    """A process that is nobody's child here, with the few methods of a `Popen` that are wanted."""

    def __init__(self) -> None:
        self.pid = 0
        self.returncode: int | None = 0
        self._descriptor = -1

    def is_known_as(self, pid: int) -> None:
        """Take the process that has this number now. Raises OSError where it has gone."""
        self._descriptor = os.pidfd_open(pid)
        self.pid, self.returncode = pid, None

    def poll(self) -> int | None:
        """Say whether it has ended."""
        if self.returncode is None and self._has_ended(0):
            self._forget()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended. Raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            if not self._has_ended(timeout):
                raise subprocess.TimeoutExpired("server", timeout or 0.0)
            self._forget()
        return 0

    def _has_ended(self, timeout: float | None) -> bool:
        poll = select.poll()
        poll.register(self._descriptor, select.POLLIN)
        return bool(poll.poll(None if timeout is None else timeout * 1000))

    def _forget(self) -> None:
        os.close(self._descriptor)
        self.returncode = 0


def _start(folder: Path, keys: list[ServerKey]) -> tuple[subprocess.Popen[bytes], int]:
    listeners: dict[tuple[str, ...], socket.socket] = {}
    ours, life = -1, -1
    try:
        for key in keys:
            listeners[key.preload] = _listen(folder / _name(key))
        life, ours = os.pipe()
        fds = {modules: listener.fileno() for modules, listener in listeners.items()}
        with (folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [keys[0].python, "-s", "-P", str(SCRIPT), str(life), "nursery", _tree(fds)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[life, *fds.values()],
                env={"HOME": str(folder), "TMPDIR": str(folder), **dict(keys[0].variables)},
                cwd=folder,
                start_new_session=True,
            )
    except OSError:
        if ours >= 0:
            os.close(ours)
        raise
    finally:
        if life >= 0:
            os.close(life)
        for listener in listeners.values():
            listener.close()
    return process, ours


def _listen(path: Path) -> socket.socket:
    if len(os.fsencode(path)) > LONGEST_PATH:
        raise OSError("the path of a socket is too long")
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(str(path))
        listener.listen(64)
    except OSError:
        listener.close()
        raise
    return listener


def _tree(listeners: dict[tuple[str, ...], int]) -> str:
    """Return the processes to be: each set of modules below the largest set that it contains."""
    common = frozenset.intersection(*map(frozenset, listeners))
    root = Bed(modules=sorted(common), listener=None, children=[])
    beds: list[tuple[frozenset[str], Bed]] = [(common, root)]
    for modules, listener in sorted(listeners.items(), key=lambda item: (len(item[0]), item[0])):
        wanted = frozenset(modules)
        if wanted == common:
            root["listener"] = listener
            continue
        above, parent = max(
            (each for each in beds if each[0] <= wanted), key=lambda each: len(each[0])
        )
        bed = Bed(modules=sorted(wanted - above), listener=listener, children=[])
        parent["children"].append(bed)
        beds.append((wanted, bed))
    return json.dumps(root)


def _name(key: ServerKey) -> str:
    said = json.dumps([key.python, key.variables, key.preload])
    return hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()[:16]
