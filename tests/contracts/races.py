"""Acts that begin at the same moment, in threads or in processes."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

Result = TypeVar("Result")


def race(count: int, act: Callable[[int], Result]) -> list[Result]:
    """Return what `act(0)` … `act(count - 1)` gave, all called at the same moment by threads."""
    barrier = threading.Barrier(count)
    results: dict[int, Result] = {}

    def run(index: int) -> None:
        barrier.wait()
        results[index] = act(index)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == count
    return [results[index] for index in range(count)]


def race_processes(count: int, program: str, arguments: Sequence[str]) -> list[str]:
    """Return what `count` Python processes printed that began at the same moment.

    A program finds `index` and `arguments` defined and calls `begin()` when it is ready.
    """
    prelude = (
        "import sys\n"
        "index, arguments = int(sys.argv[1]), sys.argv[2:]\n"
        "def begin():\n    print('ready', flush=True); sys.stdin.readline()\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", prelude + program, str(index), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for index in range(count)
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        outputs = [process.communicate(timeout=120)[0] for process in processes]
        assert [process.returncode for process in processes] == [0] * count
        return outputs
    finally:
        for process in processes:
            process.kill()
            process.wait()
