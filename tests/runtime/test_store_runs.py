"""Records of runs, and the store itself."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from reprocc.compiler.canonical import Json, encode
from reprocc.runtime.store import layout, runs
from reprocc.runtime.store.backend import Backend, Damaged, Missing, StoreError
from reprocc.runtime.store.local import LocalBackend
from reprocc.runtime.store.memory import MemoryBackend
from reprocc.runtime.store.sealed import NewerFormat
from reprocc.runtime.store.store import Store

sys.path.insert(0, str(Path(__file__).parents[1]))

from contracts import samples
from contracts.races import race

RUNS = ("20261122-172712-3f9a1c", "20261122-172712-3f0000", "20261121-235959-ffffff")


@pytest.fixture(params=["local", "memory"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    if request.param == "local":
        return LocalBackend(tmp_path / "store")
    return MemoryBackend(str(tmp_path))


def write(backend: Backend, run: str, *, state: str | None = "succeeded") -> None:
    records = runs.RunRecords(backend, run)
    records.start(samples.run_start(run))
    if state is not None:
        records.end(samples.run_end(run, state))


def test_the_name_of_a_run_sorts_by_time() -> None:
    now = datetime(2026, 11, 22, 17, 27, 12, tzinfo=UTC)
    assert runs.new_run_id(now, b"\x3f\x9a") == "20261122-172712-000f9a"
    eastern = timezone(timedelta(hours=9))
    assert runs.new_run_id(now.astimezone(eastern), b"\0\0") == "20261122-172712-000000"
    with pytest.raises(ValueError, match="zone"):
        runs.new_run_id(now.replace(tzinfo=None), b"\0\0")


def test_the_names_of_runs_sort_within_a_second() -> None:
    second = datetime(2026, 11, 22, 17, 27, 12, tzinfo=UTC)
    names = [
        runs.new_run_id(second + timedelta(microseconds=part), chance)
        for part, chance in (
            (0, b"\xff\xff"),
            (250, b"\0\0"),
            (500_000, b"\0\1"),
            (999_999, b"\0\0"),
        )
    ]
    assert names == sorted(names)
    assert names[-2:] == ["20261122-172712-800001", "20261122-172712-fff000"]


@pytest.mark.parametrize("run", ["", "latest", "../../etc", "20261122-172712", "2026-11-22"])
def test_what_is_no_runs_name_is_refused(backend: Backend, run: str) -> None:
    with pytest.raises(ValueError, match="name of a run"):
        runs.RunRecords(backend, run)


def test_a_run_comes_back_with_all_its_batches(backend: Backend) -> None:
    records = runs.RunRecords(backend, RUNS[0])
    records.start(samples.run_start(RUNS[0]))
    tasks = [samples.task_record(f"t{number}") for number in range(5)]
    for batch in (tasks[:2], [], tasks[2:3], tasks[3:]):
        records.tasks(batch)
    assert runs.read(backend, RUNS[0]) == (samples.run_start(RUNS[0]), tuple(tasks), None)
    records.end(samples.run_end(RUNS[0]))
    assert runs.read(backend, RUNS[0])[2] == samples.run_end(RUNS[0])
    folder = layout.run_of(RUNS[0])
    assert backend.children(folder + "tasks/") == tuple(layout.numbered(n) for n in (1, 2, 3))


def test_a_runs_name_is_taken_once(backend: Backend) -> None:
    write(backend, RUNS[0])
    records = runs.RunRecords(backend, RUNS[0])
    records.start(samples.run_start(RUNS[0]))
    other = samples.run_start(RUNS[0])
    object.__setattr__(other, "host", "there")
    with pytest.raises(StoreError, match="another run has this name"):
        records.start(other)
    with pytest.raises(StoreError, match="has ended before"):
        records.end(samples.run_end(RUNS[0], "failed"))


def test_any_unique_beginning_names_a_run(backend: Backend) -> None:
    for run in RUNS:
        write(backend, run)
    for prefix, run in (("20261121", RUNS[2]), ("20261122-172712-3f9", RUNS[0]), (RUNS[1],) * 2):
        assert runs.read(backend, prefix)[0].run == run
        assert runs.resolve(backend, prefix) == run


def test_a_beginning_of_several_runs_lists_them(backend: Backend) -> None:
    for run in RUNS:
        write(backend, run)
    for prefix, count in (("", 3), ("2026", 3), ("20261122", 2), ("20261122-172712-3f", 2)):
        with pytest.raises(StoreError, match=f"{count} runs begin with `{prefix}`") as caught:
            runs.read(backend, prefix)
        assert not isinstance(caught.value, Missing)
        assert caught.value.remedy is not None
        assert RUNS[0] in caught.value.remedy


@pytest.mark.parametrize("prefix", ["2025", "20261122-18", "x", "..", "20261122-172712-3f9a1cc"])
def test_a_beginning_of_no_run_is_missing(backend: Backend, prefix: str) -> None:
    write(backend, RUNS[0])
    with pytest.raises(Missing, match="no run begins"):
        runs.read(backend, prefix)


def test_runs_are_listed_newest_first(backend: Backend) -> None:
    write(backend, RUNS[2], state="failed")
    write(backend, RUNS[1], state=None)
    write(backend, RUNS[0])
    found = runs.summaries(backend, 10)
    assert [summary.run for summary in found] == list(RUNS)
    assert [summary.state for summary in found] == ["succeeded", "running", "failed"]
    assert (found[0].pipeline, found[0].seconds, found[0].counts) == (
        "penguins",
        3.0,
        Json('{"succeeded":3}'),
    )
    assert (found[1].seconds, found[1].counts) == (None, Json("{}"))
    assert runs.summaries(backend, 2) == found[:2]
    assert runs.summaries(backend) == found
    assert runs.summaries(backend, 0) == ()


def test_a_run_killed_before_its_first_record_is_no_run(backend: Backend) -> None:
    runs.RunRecords(backend, RUNS[0]).tasks([samples.task_record("t")])
    assert runs.summaries(backend) == ()


def test_a_damaged_run_is_shown_and_not_read(backend: Backend) -> None:
    write(backend, RUNS[0])
    backend.put(layout.run_of(RUNS[0]) + "end.json", b"{")
    assert [summary.state for summary in runs.summaries(backend)] == ["damaged"]
    with pytest.raises(Damaged) as caught:
        runs.read(backend, RUNS[0])
    assert caught.value.place.endswith(f"{RUNS[0]}/end.json")


def test_what_lies_about_among_the_runs_is_no_run(backend: Backend) -> None:
    write(backend, RUNS[0])
    for key in ("runs/notes.txt", "runs/2026-11-22/x/start.json", f"runs/2026-11-23/{RUNS[0]}/a"):
        backend.put(key, b"")
    assert [summary.run for summary in runs.summaries(backend)] == [RUNS[0]]


def test_opening_to_read_makes_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for place in (tmp_path / "absent", tmp_path / "empty"):
        assert Store.find(str(place)) is None
        with pytest.raises(Missing) as caught:
            Store.open(str(place), create=False)
        assert caught.value.place == f"file://{place}"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["empty"]


def test_a_store_is_made_once_and_found_again(tmp_path: Path) -> None:
    place = tmp_path / "größer 店" / "store"
    made = race(8, lambda _index: Store.open(str(place)).url)
    assert len(set(made)) == 1
    written = (place / "store.json").stat()
    for address in (str(place), made[0]):
        found = Store.find(address)
        assert found is not None
        assert found.url == made[0]
        assert Store.open(address).backend.get("store.json") == (place / "store.json").read_bytes()
    assert (place / "store.json").stat().st_mtime_ns == written.st_mtime_ns


def test_a_store_for_writing_is_made_by_the_first_write(tmp_path: Path) -> None:
    place = tmp_path / "store"
    store = Store.for_writing(str(place))
    assert store.backend.stat("runs/a") is None
    assert not place.exists()
    store.backend.put("objects/b", b"1")
    assert Store.find(str(place)) is not None
    assert Store.for_writing(str(place)).backend.get("objects/b") == b"1"


def test_a_store_in_memory_is_found_again(tmp_path: Path) -> None:
    assert Store.find(f"memory://{tmp_path.name}") is None
    store = Store.open(f"memory://{tmp_path.name}")
    assert Store.find(store.url) is not None


def test_a_newer_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "store.json").write_bytes(encode({"format": 2, "new": True}))
    for create in (False, True):
        with pytest.raises(NewerFormat, match="format 2") as caught:
            Store.open(str(tmp_path), create=create)
        assert caught.value.place == f"file://{tmp_path}/store.json"
    assert [path.name for path in tmp_path.iterdir()] == ["store.json"]


def test_a_damaged_mark_is_said_to_be_damaged(tmp_path: Path) -> None:
    (tmp_path / "store.json").write_bytes(b"")
    with pytest.raises(Damaged):
        Store.open(str(tmp_path))


def test_the_store_loads_no_heavy_library() -> None:
    program = (
        "import sys\n"
        "from reprocc.runtime.store import contracts, objects, reuse, runs, store, versions\n"
        "from reprocc.runtime.store import local, memory\n"
        "heavy = {'pyarrow', 'pydantic', 'fsspec', 'numpy', 'ctypes', 'random', 'asyncio', 'ray'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "[]\n")
