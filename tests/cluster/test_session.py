"""An embedded Ray that is private and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [pytest.mark.ray, pytest.mark.xdist_group("ray")]

HOLD = """
import json, os, sys
from reprocc.cluster.engine.session import EmbeddedSession, Machine
session = EmbeddedSession(Machine(cpus=1))
os.write(1, b"Ray's own words\\n")
print(json.dumps({"folder": str(session.folder), "mode": os.environ["RAY_AUTH_MODE"]}), flush=True)
sys.stdin.read()
session.close()
os.write(1, b"back\\n")
"""


def _start(folder: Path, home: Path | None = None) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "HOME": str(home or folder)}
    return subprocess.Popen(
        [sys.executable, "-c", HOLD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        cwd=folder,
    )


def _first_line(process: subprocess.Popen[bytes]) -> dict[str, str]:
    assert process.stdout is not None
    found: dict[str, str] = json.loads(process.stdout.readline())
    return found


def _naming(folder: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if folder.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def _gone_within(folder: str, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not _naming(folder) and not Path(folder).exists():
            return True
        time.sleep(0.05)
    return False


def test_a_session_ends_with_everything_it_started_and_gives_stdout_back(tmp_path: Path) -> None:
    process = _start(tmp_path)
    said = _first_line(process)
    assert said["mode"] == "token"
    assert _naming(said["folder"])
    rest, _ = process.communicate(b"", timeout=60)
    assert process.returncode == 0
    assert rest == b"back\n"
    assert not _naming(said["folder"])
    assert not Path(said["folder"]).exists()


def test_a_session_writes_nothing_into_the_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    process = _start(tmp_path, home)
    _first_line(process)
    process.communicate(b"", timeout=60)
    assert list(home.iterdir()) == []


def test_a_killed_process_leaves_no_ray_behind(tmp_path: Path) -> None:
    process = _start(tmp_path)
    folder = _first_line(process)["folder"]
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    assert _gone_within(folder, 10)
