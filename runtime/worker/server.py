"""One child process as its parent sees it: started, asked, and ended with all below it."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, cast

from ..child import __file__ as _child_package
from ..child.descendants import descendants, peak_bytes
from ..child.frame import read_frame, write_frame
from ..child.request import AnyCall, Ending, Report
from ..interrupts import held_back
from .scratch import remove_tree

START_SECONDS = 600.0
GRACE_SECONDS = 5.0
KILL_SECONDS = 15.0
SCRIPT = Path(_child_package).with_name("__main__.py")


class ServerLostError(Exception):
    """The process that runs attempts did not start, or has died; `detail` is what it said."""

    def __init__(self, message: str, *, detail: str) -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


def start_server(
    *,
    python: str,
    variables: Mapping[str, str],
    preload: tuple[str, ...],
    folder: Path,
    forks: bool,
) -> ChildProcess:
    """Start a child process in a session of its own and wait until it is ready.

    Its home and log lie below `folder`. Raises ServerLostError where it does not come up.
    """
    home = Path(tempfile.mkdtemp(prefix="s-", dir=folder))
    ours, theirs = socket.socketpair()
    mode = "fork" if forks else "once"
    command = [python, "-s", "-P", str(SCRIPT), str(theirs.fileno()), mode, json.dumps(preload)]
    log = home / "log"
    try:
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=[theirs.fileno()],
                env={"HOME": str(home), "TMPDIR": str(home), **variables},
                cwd=home,
                start_new_session=True,
            )
    except OSError as error:
        ours.close()
        raise ServerLostError(f"`{python}` cannot be started", detail=str(error)) from error
    finally:
        theirs.close()
    child = ChildProcess(process, ours, log, forks=forks)
    try:
        child.wait_until_ready()
    except BaseException:
        child.close()
        raise
    return child


class Process(Protocol):
    """What is asked of a process, whoever's child it is; see `subprocess.Popen`."""

    pid: int
    returncode: int | None

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...


class ChildProcess:
    """A running child: a fork server, or a process for one attempt."""

    def __init__(self, process: Process, sock: socket.socket, log: Path, *, forks: bool) -> None:
        self._process = process
        self._socket = sock
        self._log = log
        self._forks = forks
        self._attempt: int | None = None

    def is_alive(self) -> bool:
        """Say whether it can be asked; between calls it says nothing unless it has ended."""
        return not self._is_readable(0) and self._process.poll() is None

    def wait_until_ready(self) -> int:
        """Block until it can be asked, and return its number. Raises ServerLostError."""
        if not self._is_readable(START_SECONDS):
            raise self._lost("the process for tasks does not start")
        message = self._read()
        if message is None:
            raise self._lost("the process for tasks cannot be started")
        return int(message["ready"])

    def call(self, call: AnyCall, timeout: float | None) -> Ending:
        """Run one attempt, and kill it after `timeout` seconds. Raises ServerLostError."""
        try:
            write_frame(self._socket.fileno(), {"call": call})
        except OSError:
            raise self._lost("the process for tasks has died") from None
        started = self._read()
        if started is None:
            raise self._lost("the process for tasks has died")
        self._attempt = started["started"]
        ending = self._ending(timeout) if self._forks else self._ending_once(timeout)
        self._attempt = None
        return ending

    def close(self) -> None:
        """End it and everything below it, and forget it; safe to call twice."""
        with held_back():
            with contextlib.suppress(OSError):
                # The end of its socket tells a server to end its attempt and itself.
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            if self._process.returncode is None:
                try:
                    self._process.wait(GRACE_SECONDS)
                except subprocess.TimeoutExpired:
                    self._kill()
            if self._attempt is not None:
                _kill_group(self._attempt)
                self._attempt = None
            remove_tree(self._log.parent)

    def _ending(self, timeout: float | None) -> Ending:
        if not self._is_readable(timeout):
            with contextlib.suppress(OSError):
                write_frame(self._socket.fileno(), {"kill": True})
            if not self._is_readable(KILL_SECONDS):
                raise self._lost("a task that was to be ended does not end")
        message = self._read()
        if message is None:
            raise self._lost("the process for tasks has died")
        return cast(Ending, message["ended"])

    def _ending_once(self, timeout: float | None) -> Ending:
        """Return how a process of its own ended: what it said, and what the system says of it."""
        killed = not self._is_readable(timeout)
        if killed:
            with contextlib.suppress(OSError):
                write_frame(self._socket.fileno(), {"kill": True})
        report = None if killed else self._read()
        status, usage = self._reap()
        return Ending(
            status=os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
            cpu=usage.ru_utime + usage.ru_stime,
            peak=peak_bytes(usage.ru_maxrss),
            left=0,
            killed=killed,
            report=cast(Report | None, report),
        )

    def _reap(self) -> tuple[int, Any]:
        deadline = time.monotonic() + GRACE_SECONDS
        while True:
            pid, status, usage = os.wait4(self._process.pid, os.WNOHANG)
            if pid:
                self._process.returncode = os.waitstatus_to_exitcode(status)
                return status, usage
            if time.monotonic() > deadline:
                self._kill_all()
            time.sleep(0.002)

    def _kill(self) -> None:
        self._kill_all()
        self._process.wait()

    def _kill_all(self) -> None:
        for pid in descendants(self._process.pid):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        _kill_group(self._process.pid)

    def _is_readable(self, timeout: float | None) -> bool:
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        if timeout is None:
            return bool(poll.poll())
        deadline = time.monotonic() + timeout
        # A poll counts milliseconds in 32 bits, so it cannot wait for a month at once.
        while not (ready := poll.poll(max(0.0, min(deadline - time.monotonic(), 1e6)) * 1000)):
            if time.monotonic() >= deadline:
                break
        return bool(ready)

    def _read(self) -> dict[str, Any] | None:
        return read_frame(self._socket.fileno())

    def _lost(self, message: str) -> ServerLostError:
        with contextlib.suppress(OSError):
            return ServerLostError(message, detail=self._log.read_text("utf-8", "replace")[-4000:])
        return ServerLostError(message, detail="")


def _kill_group(pid: int) -> None:
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)
