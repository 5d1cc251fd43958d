"""Processes: whatever happens, none is left; what they used is measured."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from attempts import Fit, assignment, await_end, failure

from reprocc.runtime.child.descendants import descendants
from reprocc.runtime.store.backend import Backend
from reprocc.runtime.store.objects import get_bytes
from reprocc.runtime.worker.execute import execute
from reprocc.runtime.worker.worker import Worker

MODES = pytest.mark.parametrize("forks", [True, False], ids=["fork", "once"])


@MODES
def test_a_timeout_ends_all_processes_also_those_in_sessions_of_their_own(
    fit: Fit, tmp_path: Path, forks: bool, open_worker: Callable[..., Worker]
) -> None:
    pids = tmp_path / "pids"
    outcome = fit(
        f"""
        import os, subprocess, sys, time
        def fit():
            code = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
            nested = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', sys.argv[1]])"
            lines = []
            for command, session in (([code], False), ([code], True), ([nested, code], True)):
                read, write = os.pipe()
                subprocess.Popen([sys.executable, "-c", *command], stdout=write,
                                 start_new_session=session)
                lines.append(os.read(read, 20).decode().strip())
            with open({str(pids)!r}, "w") as file:
                file.write(" ".join([*lines, str(os.getpid())]))
            time.sleep(600)
        """,
        worker=open_worker(forks=forks),
        timeout=3.0,
    )
    started = [int(pid) for pid in pids.read_text().split()]
    assert failure(outcome) == ("timeout", "`fit` ran longer than 3 s")
    assert len(started) == 4
    assert await_end(*started) == []


def test_processes_that_are_left_running_are_ended_and_named(fit: Fit, tmp_path: Path) -> None:
    outcome = fit(f"""
        import subprocess
        def fit():
            child = subprocess.Popen(["sleep", "600"], start_new_session=True)
            with open({str(tmp_path / "pid")!r}, "w") as file:
                file.write(str(child.pid))
            return {{}}
        """)
    assert outcome.warnings == ("1 process was left running and had to be ended",)
    assert await_end(int((tmp_path / "pid").read_text())) == []


@MODES
def test_nothing_survives_a_worker_that_is_killed(tmp_path: Path, forks: bool) -> None:
    pids = tmp_path / "pids"
    source = f"""
        import os, subprocess, time
        def fit():
            child = subprocess.Popen(["sleep", "600"], start_new_session=True)
            with open({str(pids)!r} + ".new", "w") as file:
                file.write(f"{{os.getpid()}} {{os.getppid()}} {{child.pid}}")
            os.rename({str(pids)!r} + ".new", {str(pids)!r})
            time.sleep(600)
        """
    (tmp_path / "source").write_text(textwrap.dedent(source))
    driver = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, pathlib; sys.path.insert(0, sys.argv[1])\n"
            "from attempts import assignment\n"
            "from reprocc.runtime.store.store import Store\n"
            "from reprocc.runtime.worker.execute import execute\n"
            "from reprocc.runtime.worker.worker import Worker\n"
            "place = pathlib.Path(sys.argv[2])\n"
            "backend = Store.open(str(place / 'store')).backend\n"
            "given = assignment(backend, place / 'code', (place / 'source').read_text())\n"
            "execute(given, worker=Worker(place, forks=sys.argv[3] == 'True'))",
            str(Path(__file__).parent),
            str(tmp_path),
            str(forks),
        ]
    )
    deadline = time.monotonic() + 30
    while not pids.exists() and time.monotonic() < deadline and driver.poll() is None:
        time.sleep(0.01)
    attempt, parent, child = (int(pid) for pid in pids.read_text().split())
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    mine = {attempt, child} | ({parent} if parent != driver.pid else set())
    assert await_end(*mine) == []
    Worker(tmp_path).close()
    assert list(tmp_path.glob("reprocc-*")) == [], "the folder of a dead worker is swept"


def test_a_server_that_dies_is_an_outcome_and_replaced(
    fit: Fit, open_worker: Callable[..., Worker]
) -> None:
    worker = open_worker()
    outcome = fit(
        "import os, signal\ndef fit(): os.kill(os.getppid(), signal.SIGKILL); signal.pause()",
        worker=worker,
    )
    assert failure(outcome) == ("worker-lost", "the process for tasks has died")
    assert fit("def fit(): return {}", worker=worker).state == "succeeded"


def test_a_server_that_dies_between_attempts_is_replaced(
    fit: Fit, local_store: Backend, open_worker: Callable[..., Worker]
) -> None:
    worker = open_worker()
    where = "import os\ndef fit(): print(os.getppid()); return {}"
    first = fit(where, worker=worker)
    assert first.log is not None
    server = int(get_bytes(local_store, first.log))
    os.kill(server, signal.SIGKILL)
    assert await_end(server) == []
    assert fit(where, worker=worker).state == "succeeded"


def test_few_servers_are_kept(fit: Fit, open_worker: Callable[..., Worker]) -> None:
    before, worker = set(descendants(os.getpid())), open_worker()
    for threads in range(1, 7):
        fit("def fit(): return {}", worker=worker, threads=threads)
    kept = set(descendants(os.getpid())) - before
    assert len(kept) == 4
    worker.close()
    assert await_end(*kept) == []


def test_user_code_may_start_processes_of_its_own(fit: Fit, metrics: Callable[..., Any]) -> None:
    source = """
        import multiprocessing
        def double(x): return 2 * x
        def fit():
            found = []
            for method in ("fork", "spawn"):
                with multiprocessing.get_context(method).Pool(1) as pool:
                    found.append(pool.map(double, [1, 2]))
            return {"found": found}
        """
    assert metrics(source) == {"found": [[2, 4], [2, 4]]}
    assert fit(source).warnings == (), "what ends by itself is not called left"


def test_cpu_and_memory_are_measured_with_all_processes(fit: Fit) -> None:
    outcome = fit("""
        import subprocess, sys
        def fit():
            code = "x = bytearray(200 << 20)\\nfor i in range(3_000_000): pass"
            subprocess.run([sys.executable, "-c", code], check=True)
            return {}
        """)
    assert outcome.cpu_seconds > 0.05
    assert outcome.peak_memory > 200 << 20


def test_an_interpreter_that_is_not_there_is_an_outcome(
    local_store: Backend, tmp_path: Path, shared_worker: Worker
) -> None:
    given = assignment(local_store, tmp_path / "code", "def fit(): return {}")
    given = replace(given, environment=replace(given.environment, python="/no/python"))
    assert failure(execute(given, worker=shared_worker)) == (
        "worker-lost",
        "`/no/python` cannot be started",
    )
