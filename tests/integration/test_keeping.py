"""A store that is killed into, damaged and cleaned: nothing that counts is lost, or wrong."""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from .chain import digests, stored, write_pipeline
from .forked import Forked

SUBMIT = ("submit", "pipeline.yaml", "--executor", "inline")
SPEC = """
    seed: 4
    parameters: {by: 2}
    artifacts:
      raw: {kind: table, source: raw.csv}
      notes: {kind: directory}
      total: {kind: metrics}
    transformations:
      note:
        python: work:note
        inputs: [raw]
        outputs: [notes]
        arguments: {by: "${parameters.by}"}
      add:
        python: work:add
        inputs: [notes]
        outputs: [total]
    """
CODE = """
    from pathlib import Path

    def note(raw: Path, notes: Path, by: int):
        (notes / "parts").mkdir(parents=True)
        (notes / "by.txt").write_text(f"{by}")
        (notes / "same.txt").write_text("whatever it is by")
        for file in raw.iterdir():
            (notes / "parts" / file.name).write_text(f"{file.stat().st_size} times {by}")

    def add(notes: Path):
        print("adding")
        return {"sum": 2450 * int((notes / "by.txt").read_text())}
    """


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small pipeline that makes a table, a folder and metrics."""
    folder = tmp_path_factory.mktemp("template") / "small"
    write_pipeline(folder, _none, spec=SPEC, code=CODE)
    (folder / "raw.csv").write_text("id,value\n" + "".join(f"{n},{n}\n" for n in range(50)))
    return folder


@pytest.fixture(scope="module")
def forked(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forked]:
    with Forked(template, tmp_path_factory.mktemp("forked")) as process:
        yield process


@pytest.fixture(scope="module")
def undisturbed(forked: Forked, template: Path) -> tuple[dict[str, str], dict[str, str], int]:
    """Return the versions and digests of a run that nobody disturbs, and its system calls."""
    folder = shutil.copytree(template, template.parent / "undisturbed")
    done = forked.run(*SUBMIT, "--json", folder=folder)
    assert done.rc == 0, done.stderr
    return stored(folder / ".reprocc"), digests(done.json), done.calls


@pytest.fixture
def small(template: Path, tmp_path: Path) -> Path:
    return shutil.copytree(template, tmp_path / "small")


def killed_at(
    point: int, forked: Forked, small: Path, undisturbed: Any, *, cleans: bool = True
) -> None:
    """Kill a run before one of its system calls, and check all that must hold after."""
    versions, expected, _ = undisturbed
    store = small / ".reprocc"
    killed = forked.run(*SUBMIT, point=point, folder=small)
    assert killed.rc == -9, killed.stderr
    if (store / "store.json").exists():
        checked = forked.ask("fsck", "--deep", folder=small)
        assert checked["is_whole"]
        assert {one["kind"] for one in checked["findings"]} <= {"killed-run"}
        assert stored(store).items() <= versions.items()
    again = forked.ask(*SUBMIT, folder=small)
    assert (again["state"], digests(again)) == ("succeeded", expected)
    assert stored(store) == versions
    if cleans:
        cleaned(forked, small)
        assert stored(store) == versions


def cleaned(forked: Forked, small: Path) -> None:
    """Collect what a kill has left, and check that nothing else went."""
    store = small / ".reprocc"
    before = forked.ask("fsck", "--deep", "--repair", folder=small)
    swept = forked.ask(
        *("gc", "--delete", "--keep", "1", "--grace", "0s", "--logs", "30d"), folder=small
    )
    assert {kind for kind, freed in swept["freed"].items() if freed["count"]} <= {
        "orphans", "leftovers"
    }  # fmt: skip
    assert swept["freed"]["orphans"] == before["orphans"]
    assert list((store / "tmp").iterdir()) == []
    after = forked.ask("fsck", "--deep", folder=small)
    assert (after["findings"], after["orphans"]["count"]) == ([], 0)
    last = forked.ask(*SUBMIT, folder=small)
    assert {task["state"] for task in last["tasks"]} == {"reused"}


def points(undisturbed: Any, count: int, seed: int) -> list[int]:
    """Return numbers of system calls, one in each of `count` equal stretches of a run."""
    calls, drawn = undisturbed[2], random.Random(seed)
    return [1 + int((n + drawn.random()) * calls / count) for n in range(count)]


def test_a_run_killed_at_a_system_call_is_finished_and_leaves_what_gc_collects(
    forked: Forked, template: Path, tmp_path: Path, undisturbed: Any
) -> None:
    for number, point in enumerate(points(undisturbed, 20, 1)):
        small = shutil.copytree(template, tmp_path / str(point))
        killed_at(point, forked, small, undisturbed, cleans=number % 2 == 0)


@pytest.mark.soak
@pytest.mark.parametrize("first", range(1, 21))
def test_a_run_killed_at_each_of_its_system_calls_is_finished(
    first: int, forked: Forked, template: Path, tmp_path: Path, undisturbed: Any
) -> None:
    for point in range(first, undisturbed[2] + 1, 20):
        small = shutil.copytree(template, tmp_path / str(point))
        killed_at(point, forked, small, undisturbed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 125))
def test_twenty_runs_that_are_killed_anywhere_are_finished(
    seed: int, forked: Forked, template: Path, tmp_path: Path, undisturbed: Any
) -> None:
    """Twenty-five times twenty."""
    for number, point in enumerate(points(undisturbed, 20, seed)):
        small = shutil.copytree(template, tmp_path / str(number))
        killed_at(point, forked, small, undisturbed)


def collected_beside_submits(seconds: float, template: Path, folder: Path) -> None:
    """Collect again and again while four others submit what goes as soon as it may."""
    small = shutil.copytree(template, folder / "small")
    seen: dict[int, dict[str, str]] = {}
    deadline = time.monotonic() + seconds

    def write(writer: Forked, number: int) -> int:
        chance, count = random.Random(number), 0
        while time.monotonic() < deadline or not count:
            by = chance.randrange(6)
            result = writer.ask(*SUBMIT, "-p", f"by={by}")
            assert result["state"] == "succeeded"
            assert seen.setdefault(by, digests(result)) == digests(result)
            count += 1
        return count

    with contextlib.ExitStack() as stack:
        first, *others = [
            stack.enter_context(Forked(small, folder / f"t{number}")) for number in range(5)
        ]
        first.ask(*SUBMIT)
        pool = stack.enter_context(ThreadPoolExecutor(4))
        writers = [pool.submit(write, other, number) for number, other in enumerate(others)]
        freed = 0
        while not all(writer.done() for writer in writers):
            swept = first.ask("gc", "--delete", "--keep", "1", "--grace", "2s", "--logs", "0s")
            freed += swept["freed"]["objects"]["count"]
            assert first.ask("fsck", "--deep")["is_whole"]
        assert sum(writer.result() for writer in writers) >= 4
        checked = first.ask("fsck", "--deep")
        assert (checked["is_whole"], checked["findings"]) == (True, [])
        swept = first.ask("gc", "--delete", "--keep", "1", "--grace", "0s", "--logs", "0s")
        assert freed + swept["freed"]["objects"]["count"] > 0
        checked = first.ask("fsck", "--deep")
        assert (checked["findings"], checked["orphans"]["count"]) == ([], 0)
    for by, found in seen.items():
        sum_of_it = json.dumps({"sum": 2450 * by}, separators=(",", ":")).encode()
        assert found["add:total"] == f"sha256:{hashlib.sha256(sum_of_it).hexdigest()}"


def test_a_collection_beside_running_submits_loses_nothing(template: Path, tmp_path: Path) -> None:
    collected_beside_submits(5, template, tmp_path)


@pytest.mark.soak
def test_a_minute_of_collections_beside_running_submits_loses_nothing(
    template: Path, tmp_path: Path
) -> None:
    collected_beside_submits(60, template, tmp_path)


def _none(*_: object, **__: object) -> None:
    raise AssertionError("this copy is not submitted through the fixture")
