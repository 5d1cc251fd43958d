"""The nursery: servers that have their modules already, and nothing else, and leave nothing."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attempts import Fit, assignment, await_end, failure

from reprocc.runtime.codecs.metrics import read_metrics
from reprocc.runtime.store.backend import Backend
from reprocc.runtime.worker.nursery import Nursery, adopt_server
from reprocc.runtime.worker.server_key import ServerKey
from reprocc.runtime.worker.variables import child_variables
from reprocc.runtime.worker.worker import Worker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="servers are forked on Linux alone")

SHOW = """
import os, sys
def fit():
    with open(f"/proc/{os.getppid()}/stat") as file:
        above = int(file.read().rpartition(")")[2].split()[1])
    names = [name for name in ("colorsys",) if name in sys.modules]
    return {"server": os.getppid(), "above": above, "loaded": names, "home": os.environ["HOME"]}
"""
"""Tells the server that forked this attempt, and what that came from."""


def key(backend: Backend, folder: Path, *preload: str, **variables: str) -> ServerKey:
    """Return what the worker wants for an attempt with this preload."""
    one = assignment(backend, folder, SHOW, preload=preload, variables=tuple(variables.items()))
    found = child_variables(
        os.environ, one.environment, threads=1, numerics="deterministic", gpus=0
    )
    return ServerKey(python=sys.executable, variables=tuple(sorted(found.items())), preload=preload)


@pytest.fixture
def short() -> Iterator[Path]:
    """Return a folder with a short path, below which a nursery may be made."""
    path = Path(tempfile.mkdtemp(prefix="n"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def plant(short: Path) -> Iterator[Callable[..., tuple[Nursery, Worker]]]:
    """Open a nursery for some keys and a worker that knows it; both end with the test."""
    opened: list[Nursery | Worker] = []

    def run(*keys: ServerKey) -> tuple[Nursery, Worker]:
        nursery, worker = Nursery(short / "n", keys), Worker(nursery=short / "n")
        opened.extend((nursery, worker))
        return nursery, worker

    yield run
    for each in reversed(opened):
        each.close()


def shown(fit: Fit, backend: Backend, worker: Worker, *preload: str) -> dict[str, object]:
    outcome = fit(SHOW, worker=worker, preload=preload)
    assert outcome.state == "succeeded", outcome.failure
    return dict(read_metrics(backend, outcome.contents[0][1]))


def test_servers_come_out_of_the_nursery_with_their_own_modules_only(
    fit: Fit,
    local_store: Backend,
    tmp_path: Path,
    plant: Callable[..., tuple[Nursery, Worker]],
) -> None:
    more = key(local_store, tmp_path / "a", "colorsys", "json")
    less = key(local_store, tmp_path / "b", "json")
    _, worker = plant(more, less)
    with_it = shown(fit, local_store, worker, "colorsys", "json")
    without = shown(fit, local_store, worker, "json")
    private = shown(fit, local_store, worker, "string")
    assert (with_it["loaded"], without["loaded"]) == (["colorsys"], [])
    assert os.getpid() not in (with_it["above"], without["above"])
    assert private["above"] == os.getpid()


def test_attempts_of_one_server_share_it_and_workers_do_not(
    fit: Fit,
    local_store: Backend,
    tmp_path: Path,
    short: Path,
    plant: Callable[..., tuple[Nursery, Worker]],
) -> None:
    _, worker = plant(key(local_store, tmp_path / "a", "colorsys"))
    other = Worker(nursery=short / "n")
    servers = [shown(fit, local_store, worker, "colorsys")["server"] for _ in range(2)]
    apart = shown(fit, local_store, other, "colorsys")
    other.close()
    assert servers[0] == servers[1] != apart["server"]
    assert await_end(int(str(apart["server"]))) == []


def test_nothing_is_left_when_nursery_and_worker_have_closed(
    fit: Fit,
    local_store: Backend,
    tmp_path: Path,
    plant: Callable[..., tuple[Nursery, Worker]],
) -> None:
    nursery, worker = plant(key(local_store, tmp_path / "a", "colorsys"))
    found = shown(fit, local_store, worker, "colorsys")
    nursery.close()
    assert shown(fit, local_store, worker, "colorsys")["server"] == found["server"]
    worker.close()
    assert await_end(int(str(found["server"])), int(str(found["above"]))) == []


def test_a_module_that_starts_a_thread_gets_servers_of_the_workers_own(
    fit: Fit,
    local_store: Backend,
    tmp_path: Path,
    plant: Callable[..., tuple[Nursery, Worker]],
) -> None:
    (tmp_path / "library").mkdir()
    text = "import threading, time\n"
    text += "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    (tmp_path / "library" / "threaded.py").write_text(text)
    path = str(tmp_path / "library")
    _, worker = plant(key(local_store, tmp_path / "a", "threaded", PYTHONPATH=path))
    outcome = fit(SHOW, worker=worker, preload=("threaded",), variables=(("PYTHONPATH", path),))
    found = read_metrics(local_store, outcome.contents[0][1])
    assert found["above"] == os.getpid()


def test_a_timeout_ends_an_attempt_whose_server_is_from_the_nursery(
    fit: Fit,
    local_store: Backend,
    tmp_path: Path,
    plant: Callable[..., tuple[Nursery, Worker]],
) -> None:
    _, worker = plant(key(local_store, tmp_path / "a", "colorsys"))
    code = "import time\ndef fit():\n    time.sleep(600)\n"
    outcome = fit(code, worker=worker, preload=("colorsys",), timeout=0.5)
    assert failure(outcome)[0] == "timeout"


def test_where_there_is_no_nursery_there_is_no_server(local_store: Backend, tmp_path: Path) -> None:
    wanted = key(local_store, tmp_path / "a", "colorsys")
    assert adopt_server(tmp_path / "none", wanted, tmp_path) is None
