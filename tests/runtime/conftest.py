"""What tests of attempts ask for: a store, workers, and a function that runs any `fit`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reprocc.runtime.codecs.metrics import read_metrics
from reprocc.runtime.executor import Outcome
from reprocc.runtime.store.backend import Backend
from reprocc.runtime.store.store import Store
from reprocc.runtime.worker.execute import execute
from reprocc.runtime.worker.worker import Worker

sys.path.insert(0, str(Path(__file__).parent))

from attempts import Fit, assignment


@pytest.fixture
def local_store(tmp_path: Path) -> Backend:
    """Open an empty store on disk."""
    return Store.open(str(tmp_path / "store")).backend


@pytest.fixture(scope="session")
def shared_worker() -> Iterator[Worker]:
    """Keep one worker for all tests, as attempts must not see each other."""
    worker = Worker()
    yield worker
    worker.close()


@pytest.fixture
def open_worker() -> Iterator[Callable[..., Worker]]:
    """Open workers that the test need not close."""
    opened: list[Worker] = []

    def run(*, forks: bool = True) -> Worker:
        opened.append(Worker(forks=forks))
        return opened[-1]

    yield run
    for worker in opened:
        worker.close()


@pytest.fixture
def fit(local_store: Backend, tmp_path: Path, shared_worker: Worker) -> Fit:
    """Run a module's `fit` and return the outcome; equal sources make equal snapshots."""

    def run(source: str, worker: Worker = shared_worker, **given: Any) -> Outcome:
        number = len(list(tmp_path.glob("code*")))
        return execute(
            assignment(local_store, tmp_path / f"code{number}", source, **given), worker=worker
        )

    return run


@pytest.fixture
def metrics(fit: Fit, local_store: Backend) -> Callable[..., Any]:
    """Run a module's `fit` and return the metrics that it gave."""

    def run(source: str, **given: Any) -> Any:
        outcome = fit(source, **given)
        assert outcome.state == "succeeded", outcome.failure
        return read_metrics(local_store, outcome.contents[0][1])

    return run
