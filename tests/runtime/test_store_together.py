"""Names that become durable together are there at once, whole, and once only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reprocc.runtime.store.local import LocalBackend
from reprocc.runtime.store.memory import MemoryBackend
from reprocc.runtime.store.overlay import Overlay
from reprocc.runtime.store.together import Gathering, together
from reprocc.runtime.store.view import View


def test_what_is_written_within_the_block_can_be_read_within_it(tmp_path: Path) -> None:
    backend = LocalBackend(tmp_path / "store")
    with together(backend):
        assert backend.create("a/b/1", b"one")
        backend.put("objects/x", b"two")
        with together(View(backend)):
            assert not backend.create("a/b/1", b"other")
        assert (backend.get("a/b/1"), backend.get("objects/x")) == (b"one", b"two")
    assert [stat.key for stat in backend.list("")] == ["a/b/1", "objects/x"]
    assert os.listdir(tmp_path / "store" / "tmp") == []


def test_leaving_the_block_by_an_error_keeps_what_was_written(tmp_path: Path) -> None:
    backend = LocalBackend(tmp_path / "store")

    def write_and_fail() -> None:
        with together(backend):
            backend.create("a/1", b"one")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert backend.get("a/1") == b"one"
    assert backend.create("a/2", b"two"), "and the next is on its own again"


def test_stores_that_cannot_wait_are_written_at_once() -> None:
    backend = MemoryBackend("together")
    assert not isinstance(backend, Gathering)
    with together(backend), together(Overlay(backend)):
        assert backend.create("a/1", b"one")
    assert backend.get("a/1") == b"one"


def test_without_files_that_have_no_name_records_are_created_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    backend = LocalBackend(tmp_path / "store")
    assert backend.create("a/1", b"one")
    assert not backend.create("a/1", b"other")
    assert backend.get("a/1") == b"one"
    assert os.listdir(tmp_path / "store" / "tmp") == []
    assert (tmp_path / "store" / "a" / "1").stat().st_nlink == 1
