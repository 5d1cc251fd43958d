"""What runs inside a Ray worker: one attempt, by the worker that this process keeps."""

from __future__ import annotations

import atexit
import os
import tempfile
from pathlib import Path

from ...runtime.executor import Assignment, Outcome
from ...runtime.worker.worker import Worker
from ...runtime.worker.worker import execute as execute_attempt
from .packing import pack, unpack
from .slots import held

NURSERY = "n"
"""The folder of the node's nursery, where it has one, beside that of its workers' files."""

_WORKERS: dict[str, Worker] = {}


def run_packed(data: bytes) -> bytes:
    """Do what `run_attempt` does with packed arguments; return its outcome packed."""
    return pack(run_attempt(*unpack(data)))


def run_attempt(assignment: Assignment, folder: str, slots: str | None, cpus: int) -> Outcome:
    """Carry out an attempt in this process's worker, whose files lie under `folder`.

    With `slots`, CPUs of the machine are shared with other sessions through that folder.
    """
    worker = _WORKERS.get(folder)
    if worker is None:
        worker = _WORKERS[folder] = _open_worker(folder)
    if slots is None:
        return execute_attempt(assignment, worker=worker)
    with held(Path(slots), wanted=assignment.resources.cpus, total=cpus):
        return execute_attempt(assignment, worker=worker)


def _open_worker(folder: str) -> Worker:
    Path(folder).mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(prefix=f"w{os.getpid()}-", dir=folder))
    worker = Worker(folder=path, nursery=Path(folder).with_name(NURSERY))
    atexit.register(worker.close)
    return worker
