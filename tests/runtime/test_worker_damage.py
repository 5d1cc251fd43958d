"""What a worker makes of objects that are damaged or gone, and of files that were changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from attempts import FREE, Fit, again, artifact, assignment, failure, gathered, single

from reprocc.compiler.plan import MetricContract
from reprocc.runtime.codecs.metrics import put_metrics, read_metrics
from reprocc.runtime.codecs.table import write_table
from reprocc.runtime.store.backend import Backend
from reprocc.runtime.store.layout import object_key
from reprocc.runtime.worker.execute import execute
from reprocc.runtime.worker.worker import Worker


def test_a_laid_table_that_was_changed_when_its_server_was_killed_is_laid_again(
    fit: Fit, local_store: Backend
) -> None:
    table = write_table(local_store, pa.table({"n": [1, 2]}), key=())
    inputs = (single("t", "table", table, "arrow"),)
    spoil = """
        import os, signal
        def fit(t):
            maps = open("/proc/self/maps").read().split()
            (path,) = {word for word in maps if word.endswith(".arrow")}
            os.chmod(path, 0o644)
            data = open(path, "rb").read()
            one, nine = (n.to_bytes(8, "little") for n in (1, 9))
            open(path, "r+b").write(data.replace(one + bytes([2]), nine + bytes([2])))
            os.kill(os.getppid(), signal.SIGKILL)
            signal.pause()
        """
    assert failure(fit(spoil, inputs=inputs))[0] == "worker-lost"
    outcome = fit("def fit(t): return t.to_pydict()", inputs=inputs)
    assert outcome.state == "succeeded", outcome.failure
    assert read_metrics(local_store, outcome.contents[0][1]) == {"n": [1, 2]}


def test_inputs_that_the_store_lost_are_named_and_nothing_runs(
    fit: Fit, local_store: Backend
) -> None:
    contents = tuple(
        ((("depth", depth),), put_metrics(local_store, {"depth": depth})) for depth in (1, 2, 3)
    )
    local_store.delete(object_key(contents[0][1].parts[0].sha256))
    local_store.put(object_key(contents[2][1].parts[0].sha256), b"damaged")
    outcome = fit(
        "def fit(scores): print('ran'); return {}",
        inputs=(gathered("scores", "metrics", contents, "arrow"),),
    )
    assert failure(outcome)[0] == "store"
    assert outcome.unreadable == (
        ("scores", (("depth", 1),)),
        ("scores", (("depth", 3),)),
    )
    assert outcome.log is None


class MendedSoon:
    """A store in which one object is damaged at the first look, and whole from then on."""

    def __init__(self, below: Backend, key: str) -> None:
        self.below, self.key = below, key

    def __getattr__(self, name: str) -> Any:
        return getattr(self.below, name)

    def get(self, key: str) -> bytes:
        is_first, self.key = key == self.key, "" if key == self.key else self.key
        return b"damaged" if is_first else self.below.get(key)


def test_an_input_that_another_attempt_has_had_mended_meanwhile_is_laid_again(
    local_store: Backend, tmp_path: Path, open_worker: Callable[..., Worker]
) -> None:
    content = put_metrics(local_store, {"a": 1})
    key = object_key(content.parts[0].sha256)
    worker = open_worker()
    worker._backends[local_store.url] = MendedSoon(local_store, key)  # type: ignore[assignment]
    bound = single("before", "metrics", content)
    given = assignment(
        local_store, tmp_path / "code", "def fit(before): return before", inputs=(bound,)
    )
    outcome = execute(given, worker=worker)
    assert outcome.state == "succeeded", outcome.failure
    assert outcome.contents[0][1].digest == content.digest


def test_a_repair_writes_an_object_that_is_damaged_again(
    local_store: Backend, tmp_path: Path, shared_worker: Worker
) -> None:
    given = assignment(local_store, tmp_path / "code", "def fit(): return {'a': 1}")
    ((_, content),) = execute(given, worker=shared_worker).contents
    key = object_key(content.parts[0].sha256)
    whole = local_store.get(key)
    local_store.put(key, b"x" * len(whole))
    execute(again(given), worker=shared_worker)
    assert local_store.get(key) == b"x" * len(whole)
    execute(replace(given, repair=True), worker=shared_worker)
    assert local_store.get(key) == whole


def test_damage_found_while_a_contract_is_checked_is_mended(
    local_store: Backend, tmp_path: Path, shared_worker: Worker
) -> None:
    source = "def fit(): return {'accuracy': 0.5}"
    free = assignment(local_store, tmp_path / "a", source)
    ((_, content),) = execute(free, worker=shared_worker).contents
    key = object_key(content.parts[0].sha256)
    whole = local_store.get(key)
    local_store.put(key, b"x" * len(whole))
    rule = MetricContract(path="accuracy", minimum=0.5, maximum=None, severity="error")
    contract = replace(FREE, require=(rule,))
    bound = {"result": artifact("result", "metrics", contract=contract)}
    given = assignment(local_store, tmp_path / "b", source, outputs=bound)
    outcome = execute(given, worker=shared_worker)
    assert outcome.state == "succeeded", outcome.failure
    assert local_store.get(key) == whole


def test_code_that_the_store_lost_is_a_failure_of_the_store(
    local_store: Backend, tmp_path: Path, shared_worker: Worker
) -> None:
    given = assignment(local_store, tmp_path / "code", "def fit(): return {'only': 'here'}")
    local_store.delete(object_key(given.code.parts[0].sha256))
    outcome = execute(given, worker=shared_worker)
    assert failure(outcome) == ("store", "an object of the store is missing")
    assert outcome.unreadable == ()


def test_processes_that_have_ended_leave_no_folder(
    fit: Fit, open_worker: Callable[..., Worker]
) -> None:
    worker = open_worker(forks=False)
    for _ in range(2):
        assert fit("def fit(): return {}", worker=worker).state == "succeeded"
    assert not list(worker.scratch_folder.glob("s-*"))
