"""The executor that runs attempts where the command runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from attempts import assignment, await_end

from reprocc.runtime.child.descendants import descendants
from reprocc.runtime.executor import Executor
from reprocc.runtime.inline import InlineExecutor
from reprocc.runtime.store.backend import Backend


def test_attempts_run_one_at_a_time_in_the_order_taken(
    local_store: Backend, tmp_path: Path
) -> None:
    before = set(descendants(os.getpid()))
    executor: Executor = InlineExecutor()
    assert executor.wait(0) == []
    first = assignment(local_store, tmp_path / "a", "def fit(): return {'n': 1}")
    second = assignment(local_store, tmp_path / "b", "def fit(): raise ValueError('no')")
    assert executor.room == 1
    assert executor.infeasible(first.resources) is None
    executor.start(first)
    assert executor.room == 0
    executor.start(second)
    outcomes = [outcome for _ in range(3) for outcome in executor.wait(None)]
    assert [outcome.state for outcome in outcomes] == ["succeeded", "failed"]
    assert executor.room == 1
    servers = set(descendants(os.getpid())) - before
    assert len(servers) == 1
    executor.close()
    executor.close()
    assert await_end(*servers) == []


def test_an_interrupt_ends_the_attempt_and_everything_below_it(
    local_store: Backend, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    given = assignment(
        local_store,
        tmp_path / "code",
        f"""
        import os, signal, subprocess
        def fit():
            child = subprocess.Popen(["sleep", "600"], start_new_session=True)
            with open({str(pids)!r}, "w") as file:
                file.write(f"{{os.getpid()}} {{child.pid}}")
            os.kill({os.getpid()}, signal.SIGINT)
            signal.pause()
        """,
    )
    executor = InlineExecutor()
    executor.start(given)
    with pytest.raises(KeyboardInterrupt):
        executor.wait(None)
    assert await_end(*(int(pid) for pid in pids.read_text().split())) == []
    executor.close()


def test_control_c_at_a_terminal_ends_the_command_and_leaves_nothing(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[1])\n"
        "from attempts import assignment\n"
        "from reprocc.runtime.inline import InlineExecutor\n"
        "from reprocc.runtime.store.store import Store\n"
        "place = pathlib.Path(sys.argv[2])\n"
        "backend = Store.open(str(place / 'store')).backend\n"
        "executor = InlineExecutor()\n"
        "source = 'import os, pathlib, signal\\ndef fit(file):\\n'\n"
        "source += '    pathlib.Path(file).write_text(str(os.getpid()))\\n    signal.pause()'\n"
        "executor.start(assignment(backend, place / 'code', source,"
        " arguments={'file': str(place / 'pid')}))\n"
        "try:\n    executor.wait(None)\nfinally:\n    executor.close()\n"
    )
    command = subprocess.Popen(
        [sys.executable, "-c", code, str(Path(__file__).parent), str(tmp_path)],
        start_new_session=True,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    deadline = time.monotonic() + 30
    while not (pid := _read(tmp_path / "pid")) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(command.pid, signal.SIGINT)
    _, said = command.communicate(timeout=30)
    assert said.rstrip().endswith(b"KeyboardInterrupt")
    assert await_end(int(pid)) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["code", "pid", "store"]


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""
