"""What runs inside a Ray worker: attempts, by the worker that this process keeps."""

from __future__ import annotations

import atexit
import os
import tempfile
from pathlib import Path

from ...runtime.executor import Assignment, Outcome
from ...runtime.worker.execute import execute, execute_series
from ...runtime.worker.worker import Worker
from .batches import BATCH_SECONDS
from .packing import pack, unpack
from .slots import held

NURSERY = "n"
"""The folder of the node's nursery, where it has one, beside that of its workers' files."""

_WORKERS: dict[str, Worker] = {}


def run_packed(data: bytes) -> bytes:
    """Do what `run_attempts` does with packed arguments; return its outcomes packed."""
    return pack(run_attempts(*unpack(data)))


def run_attempts(
    assignments: tuple[Assignment, ...], folder: str, slots: str | None, cpus: int
) -> list[Outcome]:
    """Carry out attempts in this process's worker, whose files lie under `folder`.

    Several that take far longer than was thought are left in part: those have no outcome. With
    `slots`, CPUs of the machine are shared with other sessions through that folder.
    """
    worker = _WORKERS.get(folder)
    if worker is None:
        worker = _WORKERS[folder] = _open_worker(folder)
    if slots is None:
        return _execute(assignments, worker)
    with held(Path(slots), wanted=assignments[0].resources.cpus, total=cpus):
        return _execute(assignments, worker)


def _execute(assignments: tuple[Assignment, ...], worker: Worker) -> list[Outcome]:
    if len(assignments) == 1:
        return [execute(assignments[0], worker=worker)]
    return execute_series(assignments, worker=worker, seconds=2 * BATCH_SECONDS)


def _open_worker(folder: str) -> Worker:
    Path(folder).mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(prefix=f"w{os.getpid()}-", dir=folder))
    worker = Worker(folder=path, nursery=Path(folder).with_name(NURSERY))
    atexit.register(worker.close)
    return worker
