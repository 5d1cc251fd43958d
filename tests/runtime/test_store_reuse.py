"""Reuse records and contract reports: found where whole, passed over where not."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from reprocc.compiler.canonical import Digest, encode
from reprocc.compiler.fingerprint import Fingerprint
from reprocc.runtime.store import contracts as reports
from reprocc.runtime.store import layout, objects, reuse
from reprocc.runtime.store.backend import Backend
from reprocc.runtime.store.local import LocalBackend
from reprocc.runtime.store.memory import MemoryBackend

sys.path.insert(0, str(Path(__file__).parents[1]))

from contracts import samples
from contracts.races import race

FOLDER = layout.reuse_of(samples.FINGERPRINT)


@pytest.fixture(params=["local", "memory"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    if request.param == "local":
        return LocalBackend(tmp_path / "store")
    return MemoryBackend(str(tmp_path))


def test_an_empty_store_reuses_nothing(backend: Backend) -> None:
    assert reuse.is_empty(backend)
    assert reuse.find(backend, samples.FINGERPRINT) is None
    reuse.add(backend, samples.reuse_record(samples.content_of(b"a")))
    assert not reuse.is_empty(backend)


def test_the_newest_record_counts(backend: Backend) -> None:
    older = samples.reuse_record(samples.stored(backend, b"older"))
    newer = samples.reuse_record(samples.stored(backend, b"newer"), nonce="01")
    reuse.add(backend, older)
    assert reuse.find(backend, samples.FINGERPRINT) == older
    reuse.add(backend, newer)
    assert reuse.find(backend, samples.FINGERPRINT) == newer


def test_another_fingerprint_finds_nothing(backend: Backend) -> None:
    record = samples.reuse_record(samples.stored(backend, b"a"))
    reuse.add(backend, record)
    assert reuse.find(backend, Fingerprint("task1:" + "0" * 64)) is None
    other = Fingerprint("task2:" + record.fingerprint.partition(":")[2])
    assert reuse.find(backend, other) is None


def test_a_record_is_passed_over_where_an_object_is_missing_or_cut(backend: Backend) -> None:
    older = samples.reuse_record(samples.stored(backend, b"older"))
    newer = samples.reuse_record(samples.stored(backend, b"newer", b"second"), nonce="01")
    reuse.add(backend, older)
    reuse.add(backend, newer)
    key = layout.object_key(newer.outputs[0][1].parts[1].sha256)
    backend.put(key, b"sec")
    assert reuse.find(backend, samples.FINGERPRINT) == older
    backend.delete(key)
    assert reuse.find(backend, samples.FINGERPRINT) == older
    backend.delete(layout.object_key(older.outputs[0][1].parts[0].sha256))
    assert reuse.find(backend, samples.FINGERPRINT) is None
    objects.put_bytes(backend, b"second")
    assert reuse.find(backend, samples.FINGERPRINT) == newer


def test_a_missing_log_is_no_reason_to_run_again(backend: Backend) -> None:
    record = samples.reuse_record(samples.stored(backend, b"a"))
    reuse.add(backend, record)
    assert record.log is not None
    assert backend.stat(layout.object_key(record.log)) is None
    assert reuse.find(backend, samples.FINGERPRINT) == record


@pytest.mark.parametrize("bad", [b"", b"{}", b"\xff", encode({"format": 99, "record": "reuse"})])
def test_a_record_that_cannot_be_read_is_passed_over(backend: Backend, bad: bytes) -> None:
    record = samples.reuse_record(samples.stored(backend, b"a"))
    reuse.add(backend, record)
    backend.put(FOLDER + layout.numbered(2), bad)
    backend.put(FOLDER + "rubbish", bad)
    assert reuse.find(backend, samples.FINGERPRINT) == record
    newest = replace(record, nonce="02")
    reuse.add(backend, newest)
    assert reuse.find(backend, samples.FINGERPRINT) == newest


def test_racing_records_are_all_kept(backend: Backend) -> None:
    content = samples.stored(backend, b"a")
    race(8, lambda n: reuse.add(backend, samples.reuse_record(content, nonce=f"{n:02}")))
    expected = tuple(layout.numbered(number) for number in range(1, 9))
    assert backend.children(FOLDER) == expected


def test_a_report_is_found_by_content_and_contract(backend: Backend) -> None:
    report = samples.REPORT
    assert reports.find(backend, report.content, report.contract) is None
    reports.add(backend, report)
    reports.add(backend, report)
    assert reports.find(backend, report.content, report.contract) == report
    assert reports.find(backend, report.content, Digest("contract1:" + "0" * 64)) is None
    assert reports.find(backend, Digest("table1:" + "0" * 64), report.contract) is None


def test_a_damaged_report_is_none_and_is_replaced(backend: Backend) -> None:
    report = samples.REPORT
    reports.add(backend, report)
    backend.put(layout.contract_key(report.contract, report.content), b"{")
    assert reports.find(backend, report.content, report.contract) is None
    reports.add(backend, report)
    assert reports.find(backend, report.content, report.contract) == report
