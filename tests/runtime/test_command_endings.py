"""How commands fail, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attempts import await_end, command_assignment

from reprocc.runtime.events import Failure
from reprocc.runtime.executor import Outcome
from reprocc.runtime.store.backend import Backend
from reprocc.runtime.store.objects import get_bytes
from reprocc.runtime.worker.execute import execute
from reprocc.runtime.worker.worker import Worker

Fail = Callable[..., tuple[Failure, Outcome]]


@pytest.fixture(params=[True, False], ids=["forked", "started"])
def fail(
    local_store: Backend,
    tmp_path: Path,
    open_worker: Callable[..., Worker],
    request: pytest.FixtureRequest,
) -> Fail:
    """Run a command that fails, and return the failure and the outcome."""
    worker = open_worker(forks=request.param)

    def fail(command: Any, **given: Any) -> tuple[Failure, Outcome]:
        number = len(list(tmp_path.glob("code*")))
        made = command_assignment(local_store, tmp_path / f"code{number}", command, **given)
        outcome = execute(made, worker=worker)
        assert outcome.failure is not None
        return outcome.failure, outcome

    return fail


def test_a_status_is_named_with_the_end_of_what_was_printed(
    fail: Fail, local_store: Backend
) -> None:
    failure, outcome = fail("echo before; echo 'no such column' >&2; exit 3")
    assert (failure.reason, failure.message) == ("error", "`fit` ended with status 3")
    assert failure.detail == "before\nno such column"
    assert outcome.log is not None
    assert get_bytes(local_store, outcome.log) == b"before\nno such column\n"


def test_a_traceback_names_the_file_as_the_user_does(fail: Fail) -> None:
    failure, _ = fail(["python", "t.py"], files={"t.py": "import json\njson.loads('{')"})
    assert failure.message == "`fit` ended with status 1"
    assert 'File "t.py", line 2' in failure.detail
    assert "JSONDecodeError" in failure.detail


def test_a_signal_is_named(fail: Fail) -> None:
    direct, _ = fail(["sh", "-c", "kill -TERM $$"])
    assert direct.message == "`fit` was killed by signal 15 (SIGTERM)"
    below, _ = fail("sh -c 'kill -SEGV $$'; true")
    assert below.message == "`fit` was killed by signal 11 (SIGSEGV)"
    killed, _ = fail("sh -c 'kill -KILL $$'")
    assert killed.reason == "out-of-memory"


def test_a_program_that_is_not_there_is_named(fail: Fail) -> None:
    for command in (["nosuchprogram", "-x"], "nosuchprogram -x"):
        failure, _ = fail(command)
        assert failure.message == "`fit` runs `nosuchprogram`, which is not found"
        assert failure.help is not None
        assert "`nosuchprogram`" in failure.help
    script, _ = fail(["./run.sh"])
    assert script.help == "declare it: `code: [run.sh]`"


def test_a_file_that_is_no_program_is_named(fail: Fail) -> None:
    for command in (["./data.txt"], "./data.txt"):
        failure, _ = fail(command, files={"data.txt": "x"})
        assert failure.message == "`fit` may not run `./data.txt`"


def test_a_missing_output_names_what_lies_there_instead(fail: Fail) -> None:
    failure, _ = fail(
        "mkdir -p ../out; echo x > ../out/modle.pkl; echo y > beside.txt",
        outputs={"model": "checkpoint"},
        files={"a.py": ""},
    )
    assert failure.reason == "wrong-output"
    assert failure.message == "`fit` did not write its output `model`"
    assert "`../out/model`, which is `${outputs.model}`" in failure.detail
    assert "What it wrote instead: `../out/modle.pkl`, `beside.txt`" in failure.detail


def test_a_folder_for_a_file_is_refused(fail: Fail) -> None:
    failure, _ = fail("mkdir {out.plot}", outputs={"plot": "figure"})
    assert failure.message == "`fit` wrote a folder for `plot`"


def test_a_timeout_ends_the_command_and_all_below_it(fail: Fail, tmp_path: Path) -> None:
    told = tmp_path / "pids"
    failure, _ = fail(
        f"sleep 300 & echo $! $$ > {told}; setsid sleep 300 & echo $! >> {told}; wait",
        timeout=1,
    )
    assert (failure.reason, failure.message) == ("timeout", "`fit` ran longer than 1 s")
    assert await_end(*map(int, told.read_text().split())) == []


def test_processes_left_behind_are_ended(
    local_store: Backend, tmp_path: Path, shared_worker: Worker
) -> None:
    told = tmp_path / "pid"
    given = command_assignment(
        local_store,
        tmp_path / "code",
        f"setsid sleep 300 & echo $! > {told}; echo '{{}}' > {{out.result}}",
    )
    outcome = execute(given, worker=shared_worker)
    assert outcome.state == "succeeded", outcome.failure
    assert outcome.warnings == ("1 process was left running and had to be ended",)
    assert await_end(int(told.read_text())) == []


def test_nothing_survives_a_server_that_dies(
    local_store: Backend, tmp_path: Path, open_worker: Callable[..., Worker]
) -> None:
    told = tmp_path / "pids"
    source = """
        import os, pathlib, signal, sys, time
        stat = pathlib.Path(f"/proc/{sys.argv[1]}/stat").read_text()
        os.kill(int(stat.rpartition(")")[2].split()[1]), signal.SIGKILL)
        time.sleep(300)
    """
    given = command_assignment(
        local_store,
        tmp_path / "code",
        f"sleep 300 & echo $! $$ > {told}; exec python kill.py $PPID",
        files={"kill.py": source},
    )
    failure = execute(given, worker=open_worker()).failure
    assert failure is not None
    assert failure.reason == "worker-lost"
    assert await_end(*map(int, told.read_text().split())) == []


def test_cpu_and_memory_are_measured_with_all_processes(
    local_store: Backend, tmp_path: Path, shared_worker: Worker
) -> None:
    given = command_assignment(
        local_store,
        tmp_path / "code",
        "python -c 'x = b\"x\" * 200_000_000; sum(range(3_000_000))'; echo '{}' > {out.result}",
    )
    outcome = execute(given, worker=shared_worker)
    assert outcome.cpu_seconds > 0.02
    assert outcome.peak_memory > 200_000_000
