"""A series of attempts: what one thread keeps while the next attempt runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from attempts import assignment, failure

from reprocc.compiler.canonical import encode_text
from reprocc.compiler.fingerprint import Fingerprint
from reprocc.compiler.plan import TaskId
from reprocc.runtime.codecs.metrics import read_metrics
from reprocc.runtime.executor import Assignment
from reprocc.runtime.store import reuse, versions
from reprocc.runtime.store.backend import Backend
from reprocc.runtime.worker.execute import execute, execute_series
from reprocc.runtime.worker.worker import Worker

CODE = """
import os, sys, work

def fit(index):
    print("attempt", index)
    left = os.environ.get("MARK"), getattr(work, "mark", None), os.listdir(".")
    os.environ["MARK"] = work.mark = "left"
    open("left", "w").close()
    if index == 2:
        raise ValueError("not this one")
    return {"index": index, "left": left != (None, None, [])}
"""


def series(backend: Backend, folder: Path, count: int) -> tuple[Assignment, ...]:
    model = assignment(backend, folder, CODE)
    return tuple(
        replace(
            model,
            task=TaskId(f"fit{index}"),
            fingerprint=Fingerprint(f"task1:{index:064d}"),
            arguments=encode_text({"index": index}),
        )
        for index in range(count)
    )


def test_a_series_gives_what_its_attempts_give_one_by_one(
    local_store: Backend, tmp_path: Path, shared_worker: Worker
) -> None:
    given = series(local_store, tmp_path / "code", 5)
    alone = [execute(each, worker=shared_worker) for each in given]
    before = sorted(shared_worker.scratch_folder.glob("a-*"))
    found = execute_series(given, worker=shared_worker, seconds=60)
    assert [one.contents for one in found] == [one.contents for one in alone]
    assert [one.log for one in found] == [one.log for one in alone]
    assert [one.state for one in found] == ["succeeded"] * 2 + ["failed"] + ["succeeded"] * 2
    assert failure(found[2]) == failure(alone[2])
    values = [read_metrics(local_store, one.contents[0][1]) for one in found if one.contents]
    assert values == [{"index": index, "left": False} for index in (0, 1, 3, 4)]
    left = sorted(shared_worker.scratch_folder.glob("a-*"))
    assert set(before) <= set(left), "folders are lent again"
    assert not any(path.name == "left" for path in shared_worker.scratch_folder.rglob("a-*/*/*"))


def test_every_attempt_of_a_series_is_published_before_it_is_reported(
    local_store: Backend, tmp_path: Path, shared_worker: Worker
) -> None:
    given = series(local_store, tmp_path / "code", 4)
    found = execute_series(given, worker=shared_worker, seconds=60)
    for each, outcome in zip(given, found, strict=True):
        record = reuse.find(local_store, each.fingerprint)
        assert (record is not None) == (outcome.state == "succeeded")
        assert record is None or record.outputs == outcome.contents
    newest = versions.newest(local_store, "demo", "result", ())
    assert newest is not None
    assert read_metrics(local_store, newest.content) == {"index": 3, "left": False}


def test_a_series_that_has_had_its_time_leaves_the_rest_alone(
    local_store: Backend, tmp_path: Path, shared_worker: Worker
) -> None:
    given = series(local_store, tmp_path / "code", 4)
    found = execute_series(given, worker=shared_worker, seconds=0)
    assert [one.task for one in found] == ["fit0"]
    assert reuse.find(local_store, given[1].fingerprint) is None
