"""What a collection removes, what it keeps, and that it loses nothing to a race."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from reprocc.runtime.keeping.check import check
from reprocc.runtime.keeping.collect import Collected, collect
from reprocc.runtime.keeping.retention import Policy
from reprocc.runtime.record import Recorder
from reprocc.runtime.store import reuse, versions
from reprocc.runtime.store.memory import MemoryBackend
from reprocc.runtime.store.objects import put_bytes, put_path
from reprocc.runtime.store.overlay import Overlay
from reprocc.runtime.store.records_json import encode_store
from reprocc.runtime.store.runs import RunRecords

sys.path.insert(0, str(Path(__file__).parent))

from kept import (
    DAY,
    RUN,
    Kept,
    a_day_old,
    damage,
    digest_of,
    insist_on_wholeness,
    numbers,
    open_kept,
    samples,
)

LATER = "20261122-172713-3f9a1c"
SOURCE = (("raw", b"0"),)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return a_day_old(tmp_path / "store")


def gone(result: Collected) -> list[str]:
    return [f"{one.version.artifact}@{one.version.number}" for one in result.versions]


def counts(result: Collected) -> dict[str, int]:
    return {kind: tally.count for kind, tally in result.freed.items() if tally.count}


def test_a_dry_run_says_what_would_go_and_touches_nothing(kept: Kept) -> None:
    before = kept.files()
    result = kept.collect(keep=5, deletes=False)
    assert gone(result) == ["a@1", "b@1"]
    assert counts(result) == {"objects": 2, "manifests": 2, "reuse": 2}
    assert result.kept == 11
    assert kept.files() == before
    times = {path.stat().st_mtime for path in kept.root.rglob("*.json")}
    assert kept.collect(keep=5, deletes=False) == result
    assert {path.stat().st_mtime for path in kept.root.rglob("*.json")} == times


def test_what_a_dry_run_said_goes_and_nothing_else(kept: Kept) -> None:
    said = kept.collect(keep=5, deletes=False)
    before = kept.files()
    done = kept.collect(keep=5)
    assert done == said
    after = kept.files()
    lost = {key for key in before if key not in after}
    assert {key for key in lost if "objects/" in key} == {
        kept.object(data).relative_to(kept.root).as_posix() for data in (b"a1", b"b1")
    }
    assert sorted(key for key in after if key not in before) == [
        "pipelines/p/artifacts/a/0000000001.gone",
        "pipelines/p/artifacts/b/0000000001.gone",
    ]
    assert len(lost) == 2 + 2 + 2
    assert done.bytes == sum(len(before[key]) for key in lost)
    insist_on_wholeness(kept)
    assert kept.collect(keep=5).bytes == 0


def test_numbers_go_on_and_the_newest_always_stays(kept: Kept) -> None:
    kept.collect(keep=1)
    assert numbers(kept, "a") == numbers(kept, "b") == [6]
    assert kept.version("a", b"a1", made_from=SOURCE).number == 7
    insist_on_wholeness(kept)


def test_what_a_tag_names_stays(kept: Kept) -> None:
    second, third = versions.history(kept.backend, "p", "b", ())[1:3]
    kept.tag(second, "best")
    kept.tag(third, "best")
    kept.collect(keep=1)
    assert numbers(kept, "b") == [3, 6]
    assert kept.object(b"b3").exists()
    assert reuse.find(kept.backend, third.fingerprint) is not None
    assert reuse.latest(kept.backend, second.fingerprint) is None
    insist_on_wholeness(kept)


def test_what_two_versions_share_stays_with_one_of_them(kept: Kept) -> None:
    kept.version("a", b"a1", made_from=SOURCE)
    kept.age()
    result = kept.collect(keep=1)
    assert numbers(kept, "a") == [7]
    assert next(one for one in result.versions if one.version.artifact == "a").bytes == 0
    insist_on_wholeness(kept)


def test_nothing_goes_before_its_grace_is_over(tmp_path: Path) -> None:
    kept = open_kept(tmp_path)
    kept.run("a")
    kept.version("a", b"1", made_from=SOURCE)
    kept.age()
    kept.version("a", b"2", made_from=SOURCE)
    put_bytes(kept.backend, b"nothing names it")
    assert kept.collect(keep=1).bytes == 0, "the first was the newest a moment ago"
    kept.age(3700)
    assert counts(kept.collect(keep=1)) == {
        "objects": 1, "manifests": 1, "reuse": 1, "orphans": 1
    }  # fmt: skip


def test_it_says_which_versions_could_be_made_again(kept: Kept) -> None:
    kept.version("raw", b"00")
    kept.run("c", run=LATER)
    kept.version("c", b"c1", made_from=(("raw", b"0"), ("nowhere", b"?")), run=LATER)
    kept.version("c", b"c2", made_from=SOURCE, run="20261122-172714-3f9a1c")
    kept.version("c", b"c3", made_from=SOURCE, run=LATER)
    kept.age()
    found = {gone: one.obstacle for one in kept.collect(keep=1, deletes=False).versions
             for gone in [f"{one.version.artifact}@{one.version.number}"]}  # fmt: skip
    assert found["raw@1"] == "it came from outside"
    assert found["a@1"] == "it was made from `raw`, which goes too"
    assert found["b@1"] == "it was made from `a`, which goes too"
    assert found["c@1"].endswith("which goes too")
    assert found["c@2"] == "the code that made it is not in the store"
    kept.tag(versions.history(kept.backend, "p", "raw", ())[0], "kept")
    found = {gone: one.obstacle for one in kept.collect(keep=1, deletes=False).versions
             for gone in [f"{one.version.artifact}@{one.version.number}"]}  # fmt: skip
    assert found["a@1"] == found["b@1"] == ""
    assert found["c@1"] == "it was made from `nowhere`, which is gone"


def test_old_logs_go_with_what_they_are_of(kept: Kept) -> None:
    record = samples.task_record("a")
    names = {}
    for data in (b"of a run long ago", b"of a run of today"):
        names[data] = put_bytes(kept.backend, data)
        kept.age(40 * DAY if b"ago" in data else 0)
        run = LATER if b"ago" in data else RUN
        batch = type(record)(
            **{**{f: getattr(record, f) for f in record.__slots__}, "log": names[data]}
        )
        RunRecords(kept.backend, run).tasks([batch])
        kept.age(40 * DAY if b"ago" in data else 0)
    kept.age(2 * 3600)
    result = kept.collect(keep=10, logs=30 * DAY)
    assert counts(result) == {"logs": 1}
    assert not kept.object(b"of a run long ago").exists()
    assert kept.object(b"of a run of today").exists()
    insist_on_wholeness(kept)


def test_a_report_of_a_contract_goes_with_its_content(kept: Kept) -> None:
    from reprocc.runtime.contracts.report import ContractReport
    from reprocc.runtime.store import contracts

    for data in (b"a1", b"a6"):
        contracts.add(
            kept.backend,
            ContractReport(contract=digest_of(b"c"), content=digest_of(data), violations=()),
        )
    kept.age()
    assert counts(kept.collect(keep=1))["contracts"] == 1
    assert contracts.find(kept.backend, digest_of(b"a6"), digest_of(b"c")) is not None


def test_what_a_killed_writer_left_goes(kept: Kept) -> None:
    (kept.root / "tmp/1-a").write_bytes(b"half")
    kept.age()
    (kept.root / "tmp/1-b").write_bytes(b"half")
    result = kept.collect(keep=10)
    assert (counts(result), result.bytes) == ({"leftovers": 1}, 4)
    assert os.listdir(kept.root / "tmp") == ["1-b"]
    os.link(kept.root / "store.json", kept.root / "tmp/1-c")
    assert check(kept.backend, deep=False).findings == ()
    assert counts(kept.collect(keep=10)) == {"leftovers": 1}
    assert os.listdir(kept.root / "tmp") == ["1-b"]


def test_where_a_record_cannot_be_read_nothing_goes(kept: Kept) -> None:
    damage(kept.root / "runs/2026-11-22" / RUN / "end.json", b"torn")
    before = kept.files()
    result = kept.collect(keep=1)
    assert result.unreadable == (f"runs/2026-11-22/{RUN}/end.json",)
    assert result.bytes == 0
    assert kept.files() == before


def test_a_run_that_is_under_way_keeps_what_was_new_when_it_began(kept: Kept) -> None:
    kept.run("a", run=LATER, ends=False)
    put_bytes(kept.backend, b"what the run has made and not named yet")
    kept.age(5 * 3600)
    kept.version("a", b"a7", made_from=SOURCE)
    kept.age(5 * 3600)
    RunRecords(kept.backend, LATER).beat()
    result = kept.collect(keep=1)
    assert result.under_way == (LATER,)
    assert numbers(kept, "a") == [6, 7], "6 was the newest when the run began"
    assert kept.object(b"what the run has made and not named yet").exists()
    kept.age(2 * DAY)
    assert kept.collect(keep=1).under_way == ()
    assert numbers(kept, "a") == [7]
    assert not kept.object(b"what the run has made and not named yet").exists()


def test_a_run_that_is_under_way_keeps_what_it_has_read(kept: Kept) -> None:
    kept.run("a", run=LATER, ends=False)
    task = samples.task_record("c")
    read = type(task)(**{**{f: getattr(task, f) for f in task.__slots__},
                         "inputs": (("a", "a", digest_of(b"a2")),)})  # fmt: skip
    RunRecords(kept.backend, LATER).tasks([read])
    kept.collect(keep=1)
    assert numbers(kept, "a") == [2, 6]


def test_a_run_says_from_time_to_time_that_it_is_under_way(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(RunRecords(kept.backend, LATER), samples.run_start(LATER))
    alive = f"runs/2026-11-22/{LATER}/alive"
    recorder.flush_overdue()
    assert kept.backend.stat(alive) is None
    monkeypatch.setattr("reprocc.runtime.record.BEAT", 0)
    assert recorder.patience == 0
    recorder.flush_overdue()
    first = kept.backend.stat(alive)
    kept.age()
    recorder.flush_overdue()
    second = kept.backend.stat(alive)
    assert first is not None
    assert second is not None
    assert second.modified >= first.modified
    assert kept.collect(keep=1).under_way == (LATER,)


def test_what_is_there_is_touched_and_not_written_again(tmp_path: Path) -> None:
    kept = open_kept(tmp_path / "store")
    (tmp_path / "large").write_bytes(b"x" * 5_000_000)
    for put in (
        lambda: put_bytes(kept.backend, b"1"),
        lambda: put_path(kept.backend, tmp_path / "large"),
        lambda: put_path(kept.backend, tmp_path / "large", hash_first=True),
    ):
        put()
        kept.age()
        before = {
            path: path.stat() for path in (kept.root / "objects").rglob("*") if path.is_file()
        }
        put()
        after = {path: path.stat() for path in before}
        assert any(after[path].st_mtime - before[path].st_mtime > DAY / 2 for path in before)
        assert [found.st_ino for found in after.values()] == [f.st_ino for f in before.values()]


def test_a_view_that_is_not_settled_touches_nothing(kept: Kept) -> None:
    view = Overlay(kept.backend)
    before = kept.object(b"a1").stat().st_mtime
    assert put_bytes(view, b"a1")
    assert kept.object(b"a1").stat().st_mtime == before
    view.settle()
    assert kept.object(b"a1").stat().st_mtime > before


def test_a_store_that_lies_on_no_disk_is_cleaned_too(tmp_path: Path) -> None:
    backend = MemoryBackend(str(tmp_path))
    backend.create("store.json", encode_store())
    put_bytes(backend, b"1")
    result = collect(backend, Policy(keep=1, grace=-1, logs=0), deletes=True)
    assert (counts(result), result.bytes) == ({"orphans": 1}, 1)
    assert [stat.key for stat in backend.list("")] == ["store.json"]
