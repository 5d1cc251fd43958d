"""A `reprocc submit` that a test watches, with all processes and files that belong to it."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

SHARED = ("reprocc-cpus-",)
"""What stays in the temporary folder: the lock files through which runs share the CPUs."""


class Place:
    """A temporary folder of its own, by which processes and files of a run are known."""

    def __init__(self) -> None:
        # Short, since Ray makes sockets below it, whose paths must stay within 107 bytes.
        self.path = Path(tempfile.mkdtemp(prefix="k"))

    def __enter__(self) -> Place:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        while found := self.processes():
            for pid in found:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
                _await_end_of(pid, time.monotonic() + 5)
        shutil.rmtree(self.path, ignore_errors=True)

    @property
    def variables(self) -> dict[str, str]:
        """The environment in which everything started belongs to this place."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("REPROCC_")}
        return {**kept, "TMPDIR": str(self.path)}

    def processes(self) -> dict[int, str]:
        """Return the living processes that name the folder anywhere."""
        mark, found = os.fsencode(self.path), {}
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                command = (entry / "cmdline").read_bytes()
                where = os.fsencode(os.readlink(entry / "cwd"))
                if mark in command + (entry / "environ").read_bytes() + where:
                    found[int(entry.name)] = command.replace(b"\0", b" ").decode(errors="replace")
        return found

    def await_end(self, seconds: float) -> dict[int, str]:
        """Wait until no process is left, or for `seconds`; return those that are."""
        deadline = time.monotonic() + seconds
        while (found := self.processes()) and time.monotonic() < deadline:
            for pid in found:
                _await_end_of(pid, deadline)
        return found

    def files(self) -> list[str]:
        """Return what lies in the folder, but for what stays by design."""
        names = (path.name for path in self.path.iterdir())
        return sorted(name for name in names if not name.startswith(SHARED))


def _await_end_of(pid: int, deadline: float) -> None:
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    with contextlib.closing(os.fdopen(handle, closefd=True)) as file:
        select.select([file], [], [], max(0.0, deadline - time.monotonic()))


class Submit:
    """A running `reprocc submit pipeline.yaml --events`, in a process group of its own."""

    def __init__(self, folder: Path, place: Place, *options: str) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as this
        self.process = subprocess.Popen(
            [sys.executable, "-m", "reprocc.cli", "submit", "pipeline.yaml", "--events", *options],
            cwd=folder,
            env=place.variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
        )

    def events(self) -> Iterator[dict[str, Any]]:
        """Yield the events as they come, to the end of the output."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            yield json.loads(line)

    def until(self, event: str) -> dict[str, Any]:
        """Return the next event of a kind."""
        for found in self.events():
            if found["event"] == event:
                return found
        raise AssertionError(f"no {event} came\n{self.errors()}")

    def kill(self, delay: float = 0.0) -> None:
        """Kill it, after `delay` seconds unless it ends before."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(delay)
        self.process.kill()
        self.process.communicate()

    def interrupt(self, number: int = signal.SIGINT) -> None:
        """Send a signal to the whole process group, as a terminal does."""
        os.killpg(self.process.pid, number)

    def finish(self, seconds: float = 60) -> int:
        """Wait for its end; return the exit status."""
        self.process.communicate(timeout=seconds)
        return self.process.returncode

    def errors(self) -> str:
        """Return what it wrote to stderr so far."""
        self._errors.seek(0)
        return self._errors.read().decode()


class Moment:
    """A named pipe through which user code, far away, tells a test that it has come so far."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self._end = os.open(path, os.O_RDWR | os.O_NONBLOCK)

    def wait(self, seconds: float = 120) -> str:
        """Wait until something is written, and return it."""
        assert select.select([self._end], [], [], seconds)[0], "the moment never came"
        return os.read(self._end, 4096).decode()

    def open(self) -> None:
        """Let everyone through who waits to read a byte, now and later."""
        os.write(self._end, b"." * 64)
