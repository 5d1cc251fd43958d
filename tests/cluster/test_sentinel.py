"""The process that ends what a killed session left behind."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
from pathlib import Path

from reprocc.cluster.engine import sentinel

# A process that carries the session's mark, and below it one that has cast off everything.
FAMILY = """
import os, subprocess, sys
code = "import os, signal; os.write(1, b'%d ' % os.getpid()); os.close(1); signal.pause()"
below = subprocess.Popen(
    [sys.executable, "-I", "-S", "-c", code], start_new_session=True, cwd="/", env={}
)
below.wait()
"""


def _await_end(pid: int) -> bool:
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    with contextlib.closing(os.fdopen(handle)) as file:
        return bool(select.select([file], [], [], 10)[0])


def test_what_cast_off_every_mark_ends_with_its_parent_and_others_live(tmp_path: Path) -> None:
    folder = tmp_path / "session"
    folder.mkdir()
    other = subprocess.Popen(["sleep", "600"], cwd="/", env={})
    watch = sentinel.start(folder)
    marked = subprocess.Popen(
        [sys.executable, "-c", FAMILY],
        stdout=subprocess.PIPE,
        env={**os.environ, "SESSION": str(folder)},
    )
    try:
        assert marked.stdout is not None
        below = int(marked.stdout.read1(99))
        watch.stop()
        assert marked.wait(10) == -9
        assert _await_end(below)
        assert not folder.exists()
        assert other.poll() is None, "a child of the same parent that is none of the session's"
    finally:
        for process in (other, marked):
            process.kill()
            process.wait()
