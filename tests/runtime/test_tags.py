"""Tags: names that move, and every move kept."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from reprocc.compiler.canonical import Digest
from reprocc.compiler.point import Point
from reprocc.runtime.store import layout, tags
from reprocc.runtime.store.backend import Backend, Damaged
from reprocc.runtime.store.records import TagMove, TagTarget
from reprocc.runtime.store.store import Store

WRITERS = 3
MOVES = 15


def target(number: int, point: Point = ()) -> TagTarget:
    return TagTarget(point=point, number=number, digest=Digest(f"sha256:{number:064x}"))


def move(
    backend: Backend, *targets: TagTarget, tag: str = "best", note: str | None = None
) -> tuple[TagMove | None, TagMove | None]:
    return tags.move(
        backend,
        pipeline="chain",
        artifact="report",
        tag=tag,
        targets=targets,
        created="2026-11-22T17:27:12.000Z",
        host="here",
        note=note,
    )


def test_a_tag_moves_and_keeps_its_history(local_store: Backend) -> None:
    before, first = move(local_store, target(1))
    assert before is None
    assert first is not None
    assert (first.number, first.targets, first.note) == (1, (target(1),), None)
    points = (target(4, (("depth", 2),)), target(7, (("depth", 4),)))
    before, second = move(local_store, *points, note="better on all points")
    assert before == first
    assert tags.find(local_store, "chain", "report", "best") == second
    assert tags.history(local_store, "chain", "report", "best") == (first, second)
    assert move(local_store, *points) == (second, None), "it names just these already"
    _, third = move(local_store, *points, note="again")
    assert third is not None
    assert third.number == 3


def test_a_removed_tag_names_nothing_and_keeps_its_history(local_store: Backend) -> None:
    move(local_store, target(1))
    move(local_store, target(2), tag="other")
    move(local_store)
    assert tags.find(local_store, "chain", "report", "best") is None
    assert [one.tag for one in tags.current(local_store, "chain", "report")] == ["other"]
    assert tags.names(local_store, "chain", "report") == ("best", "other")
    assert len(tags.history(local_store, "chain", "report", "best")) == 2
    assert move(local_store)[1] is None, "it is gone already"
    _, again = move(local_store, target(1))
    assert again is not None
    assert again.number == 3


def test_points_that_python_takes_for_equal_are_different_targets(local_store: Backend) -> None:
    move(local_store, target(1, (("x", 1),)))
    _, moved = move(local_store, target(1, (("x", True),)))
    assert moved is not None
    assert tags.find(local_store, "chain", "report", "best") == moved


@pytest.mark.parametrize(
    "name",
    [
        *("", "1", "12", "2fast", "run:x", "Best", "a b", "a/b", "..", "a.", "a-", "é", "best\n"),
        *("z" * 65, "face", "deadbeef", "added"),
    ],
)
def test_a_tag_is_never_what_else_follows_an_at(local_store: Backend, name: str) -> None:
    assert tags.refused_name(name) is not None
    with pytest.raises(ValueError, match=r"digest|begins|letter"):
        move(local_store, target(1), tag=name)
    assert tags.find(local_store, "chain", "report", name) is None


@pytest.mark.parametrize("name", ["a", "best", "v1.2", "bad", "z" * 64, "x-1_y", "fade-out"])
def test_a_tag_may_be_any_short_name(local_store: Backend, name: str) -> None:
    _, moved = move(local_store, target(1), tag=name)
    assert tags.find(local_store, "chain", "report", name) == moved


def test_a_damaged_move_is_said_and_can_be_overcome(local_store: Backend) -> None:
    move(local_store, target(1))
    move(local_store, target(2))
    key = f"{layout.tags_of('chain', 'report')}best/{layout.numbered(2)}"
    local_store.put(key, local_store.get(key).replace(b'"version":2', b'"version":3'))
    with pytest.raises(Damaged):
        tags.find(local_store, "chain", "report", "best")
    _, third = move(local_store, target(3))
    assert tags.find(local_store, "chain", "report", "best") == third


def _move_often(url: str, first: int) -> None:
    backend = Store.open(url).backend
    for number in range(first, first + MOVES):
        move(backend, target(number))


def test_processes_that_move_a_tag_at_once_all_do_in_order(tmp_path: Path) -> None:
    backend = Store.open(str(tmp_path / "store")).backend
    spawn = multiprocessing.get_context("spawn")
    writers = [
        spawn.Process(target=_move_often, args=(backend.url, 1000 * index))
        for index in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    history = tags.history(backend, "chain", "report", "best")
    assert [one.number for one in history] == list(range(1, WRITERS * MOVES + 1))
    named = [one.targets[0].number for one in history]
    for index in range(WRITERS):
        own = [number for number in named if number // 1000 == index]
        assert own == list(range(1000 * index, 1000 * index + MOVES))
