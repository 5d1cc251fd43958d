"""What every test may ask for: folders, an empty store, the command line, a port; a clean end."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from .browser import WANTED, Browser, find_chromium, launched
from .servers import cloud, gcs_server, s3_server  # noqa: F401  # fixtures for all
from .terminals import Terminal

ROOT = Path(__file__).resolve().parent.parent
FAST = (  # what may differ between Pythons: syntax trees, the standard library, the wheels
    "compiler",
    "runtime/test_child.py",
    "runtime/test_digest.py",
    "runtime/test_table_codec.py",
)

# A deadline would judge the machine's other work; a fixed seed lets a red run be seen again.
settings.register_profile("house", deadline=None, derandomize=True, database=None)
settings.load_profile("house")


# Whoever started the tests in the background had Ctrl-C ignored, and children inherit that; what a
# handler is set for, they get as the system's default.
for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of Ray in one xdist worker, and mark the sample for the other Pythons."""
    for item in items:
        if item.get_closest_marker("ray"):
            item.add_marker(pytest.mark.xdist_group("ray"))
        elif any(item.path.is_relative_to(ROOT / "tests" / place) for place in FAST):
            item.add_marker(pytest.mark.fast)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A command that has ended: exit status, what it wrote, CPU seconds of all its processes."""

    rc: int
    stdout: str
    stderr: str
    cpu_seconds: float

    @property
    def json(self) -> Any:
        """Standard output as one JSON value."""
        return json.loads(self.stdout)


@pytest.fixture
def store(tmp_path: Path) -> str:
    """Name a store that does not exist yet, as a path."""
    return str(tmp_path / "store")


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    """Copy the example pipelines, so that a test may change them, and return their folder."""
    folder = tmp_path / "examples"
    shutil.copytree(
        ROOT / "specs" / "examples",
        folder,
        ignore=shutil.ignore_patterns("__pycache__", ".reprocc"),
    )
    return folder


@pytest.fixture
def reprocc(tmp_path: Path) -> Callable[..., Finished]:
    """Run `reprocc` in a fresh process, in `tmp_path`, without the settings of whoever tests.

    Keywords: `cwd` (a folder), `env` (variables on top; None takes one away), `timeout` (seconds,
    120), `python` (an interpreter).
    """

    def run(
        *arguments: str | Path,
        cwd: Path = tmp_path,
        env: dict[str, str | None] | None = None,
        timeout: float = 120,
        python: str = sys.executable,
    ) -> Finished:
        variables = {k: v for k, v in os.environ.items() if not k.startswith("REPROCC_")}
        for name, value in (env or {}).items():
            variables.pop(name, None)
            if value is not None:
                variables[name] = value
        before = _cpu_of_children()
        done = subprocess.run(
            [python, "-m", "reprocc.cli", *map(str, arguments)],
            cwd=cwd,
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=timeout,
        )
        return Finished(
            rc=done.returncode,
            stdout=done.stdout,
            stderr=done.stderr,
            cpu_seconds=_cpu_of_children() - before,
        )

    return run


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Run `reprocc` in a pseudo-terminal, without the settings of whoever tests; see terminals.py.

    Keywords: `cwd` (a folder), `env` (variables on top; None takes one away), `columns`, `rows`,
    `command` (another program than `reprocc`).
    """
    opened: list[Terminal] = []

    def run(
        *arguments: str | Path,
        cwd: Path = tmp_path,
        env: dict[str, str | None] | None = None,
        columns: int = 80,
        rows: int = 24,
        command: Sequence[str] = (sys.executable, "-m", "reprocc.cli"),
    ) -> Terminal:
        decided = ("REPROCC_", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "LC_", "LANG", "PYTHONUTF8")
        variables = {k: v for k, v in os.environ.items() if not k.startswith(decided)}
        variables |= {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
        for name, value in (env or {}).items():
            variables.pop(name, None)
            if value is not None:
                variables[name] = value
        opened.append(
            Terminal(
                [*command, *map(str, arguments)],
                cwd=cwd,
                environment=variables,
                columns=columns,
                rows=rows,
            )
        )
        return opened[-1]

    yield run
    for one in opened:
        one.close()


@pytest.fixture
def free_port() -> int:
    """Return a loopback port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium for one file of tests; skips where there is none."""
    program = find_chromium()
    if program is None:
        pytest.skip(WANTED)
    with launched(program) as found:
        yield found


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left_running() -> Iterator[None]:
    """Give the tests a temporary folder of their own, and fail where a process outlives them.

    Whatever they start has that folder in its environment, its arguments or its working folder,
    also where it runs with an environment of its own making: its scratch folder lies there.
    (The tracker that this process's own `multiprocessing` keeps ends with this process.)
    """
    folder = tempfile.mkdtemp(prefix="rt-")  # short: sockets below it have a limit of 107 bytes
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    yield
    tempfile.tempdir = None
    os.environ.pop("TMPDIR")
    if before is not None:
        os.environ["TMPDIR"] = before
    left = _end_of_all(folder)
    shutil.rmtree(folder, ignore_errors=True)
    assert not left, "the tests left these processes running:\n" + "\n".join(left)


def _end_of_all(mark: str) -> list[str]:
    """Wait up to 5 s until no process names `mark`; kill and return those that stay."""
    deadline = time.monotonic() + 5
    while (found := _processes_of(mark)) and time.monotonic() < deadline:
        time.sleep(0.1)
    for pid in found:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    return [f"{pid}: {command}" for pid, command in sorted(found.items())]


def _processes_of(mark: str) -> dict[int, str]:
    """Return the living processes of this machine that name `mark`; none where /proc is missing."""
    found: dict[int, str] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        pid = int(entry.name)
        try:
            command = (entry / "cmdline").read_bytes()
            places = command + (entry / "environ").read_bytes()
            places += os.fsencode(os.readlink(entry / "cwd"))
        except OSError:
            continue
        if pid == os.getpid() or b"multiprocessing.resource_tracker" in command:
            continue
        if os.fsencode(mark) in places:
            found[pid] = command.replace(b"\0", b" ").decode(errors="replace").strip()
    return found


def _cpu_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
