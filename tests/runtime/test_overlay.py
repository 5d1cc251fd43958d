"""A view that keeps what is written to itself, until it is settled."""

from __future__ import annotations

from pathlib import Path

import pytest

from reprocc.runtime.store.backend import Missing
from reprocc.runtime.store.local import LocalBackend
from reprocc.runtime.store.memory import MemoryBackend
from reprocc.runtime.store.overlay import Overlay


@pytest.fixture
def below(tmp_path: Path) -> MemoryBackend:
    backend = MemoryBackend(str(tmp_path))
    backend.create("runs/a", b"1")
    return backend


def test_reads_fall_through_and_writes_stay_above(below: MemoryBackend) -> None:
    view = Overlay(below)
    assert view.get("runs/a") == b"1"
    assert not view.create("runs/a", b"2")
    assert view.create("runs/b", b"2")
    view.put("objects/c", b"3")
    assert [found.key for found in view.list("runs/")] == ["runs/a", "runs/b"]
    assert view.children("") == ("objects/", "runs/")
    assert below.stat("runs/b") is None
    with pytest.raises(Missing):
        below.get("objects/c")


def test_a_view_of_nothing_starts_empty() -> None:
    view = Overlay(None)
    assert view.children("") == ()
    assert view.create("a", b"")


def test_settling_writes_objects_and_records_once(below: MemoryBackend) -> None:
    view = Overlay(below)
    view.put("objects/c", b"3")
    view.create("runs/b", b"2")
    view.create("runs/d", b"4")
    below.create("runs/d", b"another's")
    view.settle()
    assert below.get("objects/c") == b"3"
    assert below.get("runs/b") == b"2"
    assert below.get("runs/d") == b"another's"


def test_bytes_below_are_read_where_they_lie(tmp_path: Path) -> None:
    store = LocalBackend(tmp_path / "store")
    store.put("objects/x", b"abc")
    view = Overlay(store)
    assert view.path("objects/x") == store.path("objects/x")
    view.put("objects/x", b"mended")
    assert view.path("objects/x") is None
    assert view.range("objects/x", 1, 2) == b"en"
