"""What every backend of the store owes, as tests.

A test module of a backend derives from `BackendContract` and gives the fixture `backend`: an
empty place, new for each test. A backend that other processes can reach derives from
`SharedBackendContract` as well.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from reprocc.runtime.store.backend import Backend, Missing, StoreError
from reprocc.runtime.store.open import open_backend

from .races import race, race_processes

ODD_KEYS = (
    "a",
    "a/b c/d",
    "ä/ö/ü ß",
    "店/数据.json",
    "percent%20/100%",
    "punctuation/!#$&'()*+,;=@[]~`^{}|<>\"?:",
    "dots/...",
    "dots/.hidden",
    "back\\slash",
    "x" * 200,
)
WRONG_KEYS = (
    "",
    "/a",
    "a/",
    "a//b",
    ".",
    "..",
    "a/../b",
    "a/./b",
    "a\nb",
    "a\0b",
    "tmp/a",
    "\ud800",
)


def _create_numbered(backend: Backend, key: str, index: int) -> bool:
    return backend.create(key, b"%d" % index)


class BackendContract:
    """Every backend; `turns` is how often what races is repeated, fewer where that is slow."""

    turns = 20

    def test_what_is_put_is_got(self, backend: Backend) -> None:
        for data in (b"", b"x", bytes(range(256)) * 5000):
            backend.put("some/key", data)
            assert backend.get("some/key") == data

    def test_a_create_writes_where_nothing_is(self, backend: Backend) -> None:
        assert backend.create("some/key", b"first") is True
        assert backend.get("some/key") == b"first"

    def test_a_create_leaves_what_is_there(self, backend: Backend) -> None:
        backend.put("some/key", b"first")
        assert backend.create("some/key", b"second") is False
        assert backend.get("some/key") == b"first"

    def test_an_empty_create_takes_the_key_too(self, backend: Backend) -> None:
        assert backend.create("some/key", b"") is True
        assert backend.create("some/key", b"second") is False
        assert backend.get("some/key") == b""

    def test_a_create_after_a_delete_writes_again(self, backend: Backend) -> None:
        backend.create("some/key", b"first")
        backend.delete("some/key")
        assert backend.create("some/key", b"second") is True

    def test_of_racing_threads_one_creates(self, backend: Backend) -> None:
        for number in range(self.turns):
            key = f"race/{number}"
            told = race(8, partial(_create_numbered, backend, key))
            assert told.count(True) == 1
            assert backend.get(key) == b"%d" % told.index(True)

    def test_readers_see_whole_values_while_one_key_is_put(self, backend: Backend) -> None:
        values = [bytes([letter]) * 200_000 for letter in b"abc"]
        backend.put("hot", values[0])
        done = threading.Event()

        def act(index: int) -> set[bytes]:
            seen: set[bytes] = set()
            if index == 0:
                for turn in range(self.turns + 10):
                    backend.put("hot", values[turn % 3])
                done.set()
            while not done.is_set():
                seen.add(backend.get("hot"))
            return seen

        seen = set().union(*race(3, act))
        assert seen <= set(values)

    def test_a_listing_during_writes_holds_all_that_was_there_before(
        self, backend: Backend
    ) -> None:
        before = {f"folder/{number:03d}" for number in range(50)}
        for key in before:
            backend.put(key, b"12345")
        done = threading.Event()

        def act(index: int) -> bool:
            if index == 0:
                for number in range(5 * self.turns):
                    backend.put(f"folder/new{number % 7}/{number}", b"12345")
                done.set()
            is_right = True
            while not done.is_set():
                found = list(backend.list("folder/"))
                is_right &= before <= {stat.key for stat in found}
                is_right &= {stat.size for stat in found} == {5}
            return is_right

        assert race(3, act) == [True] * 3

    def test_a_file_is_put_and_got(self, backend: Backend, tmp_path: Path) -> None:
        source, copy = tmp_path / "source", tmp_path / "copy"
        source.write_bytes(os.urandom(3_000_000))
        backend.put_file("some/file", source)
        backend.get_file("some/file", copy)
        assert copy.read_bytes() == source.read_bytes()

    def test_a_put_file_replaces_and_leaves_its_source_alone(
        self, backend: Backend, tmp_path: Path
    ) -> None:
        source = tmp_path / "source"
        source.write_bytes(b"new")
        backend.put("some/file", b"old and longer")
        backend.put_file("some/file", source)
        assert backend.get("some/file") == b"new"
        source.write_bytes(b"changed")
        assert backend.get("some/file") == b"new"

    def test_a_file_that_was_got_is_the_callers_own(self, backend: Backend, tmp_path: Path) -> None:
        backend.put("some/file", b"stored")
        copy = tmp_path / "copy"
        backend.get_file("some/file", copy)
        with copy.open("r+b") as file:
            file.write(b"CHANGE")
        assert backend.get("some/file") == b"stored"

    def test_a_file_is_never_got_onto_another(self, backend: Backend, tmp_path: Path) -> None:
        backend.put("some/file", b"stored")
        copy = tmp_path / "copy"
        copy.write_bytes(b"mine")
        with pytest.raises(StoreError) as caught:
            backend.get_file("some/file", copy)
        assert caught.value.place == str(copy)
        assert copy.read_bytes() == b"mine"

    def test_a_missing_source_file_is_named(self, backend: Backend, tmp_path: Path) -> None:
        with pytest.raises(StoreError) as caught:
            backend.put_file("some/file", tmp_path / "absent")
        assert caught.value.place == str(tmp_path / "absent")
        assert backend.stat("some/file") is None

    def test_a_range_is_cut_at_the_end(self, backend: Backend) -> None:
        backend.put("some/key", b"0123456789")
        assert backend.range("some/key", 2, 3) == b"234"
        assert backend.range("some/key", 8, 100) == b"89"
        assert backend.range("some/key", 10, 1) == b""
        assert backend.range("some/key", 99, 1) == b""
        assert backend.range("some/key", 0, 0) == b""

    def test_a_path_holds_the_bytes_or_there_is_none(self, backend: Backend) -> None:
        backend.put("some/key", b"bytes")
        path = backend.path("some/key")
        assert path is None or path.read_bytes() == b"bytes"
        assert backend.path("some/other") is None

    def test_reading_where_nothing_is_says_missing_and_where(
        self, backend: Backend, tmp_path: Path
    ) -> None:
        backend.put("some/key", b"bytes")
        attempts: tuple[Callable[[str], object], ...] = (
            backend.get,
            lambda key: backend.range(key, 0, 1),
            lambda key: backend.get_file(key, tmp_path / "copy"),
        )
        for attempt in attempts:
            for key in ("absent", "some", "no/such/folder"):
                with pytest.raises(Missing) as caught:
                    attempt(key)
                assert caught.value.place.endswith(f"/{key}")
        assert not (tmp_path / "copy").exists()

    def test_a_stat_gives_the_size_or_none(self, backend: Backend) -> None:
        backend.put("some/key", b"12345")
        found = backend.stat("some/key")
        assert found is not None
        assert (found.key, found.size) == ("some/key", 5)
        assert [backend.stat(key) for key in ("some", "some/other", "absent")] == [None] * 3

    def test_a_delete_removes_one_key_and_is_silent_about_none(self, backend: Backend) -> None:
        backend.put("some/key", b"1")
        backend.put("some/other", b"2")
        backend.delete("some/key")
        backend.delete("some/key")
        backend.delete("no/such/folder")
        assert [stat.key for stat in backend.list("")] == ["some/other"]

    def test_a_stat_and_a_listing_tell_the_same_time(self, backend: Backend) -> None:
        backend.put("some/key", b"12345")
        assert list(backend.list("some/")) == [backend.stat("some/key")]
        found = backend.stat("some/key")
        assert found is not None
        assert abs(found.modified - time.time()) < 600

    def test_a_touch_makes_younger_and_changes_nothing_else(
        self, backend: Backend, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("reprocc.runtime.store.remote.TOUCHED_WITHIN", 0)
        backend.put("some/key", b"12345")
        before = backend.stat("some/key")
        assert before is not None
        # As often as a clock may show one time.
        touches = (backend.touch("some/key") for _ in range(100_000))
        touched = next(found for found in touches if found is not None and found != before)
        assert touched.modified > before.modified
        assert touched == backend.stat("some/key")
        assert backend.get("some/key") == b"12345"
        assert not backend.discard(before)
        assert backend.discard(touched)

    def test_a_touch_of_nothing_makes_nothing(self, backend: Backend) -> None:
        assert [backend.touch(key) for key in ("absent", "no/such/folder")] == [None, None]
        assert list(backend.list("")) == []

    def test_only_what_is_as_it_was_found_is_discarded(self, backend: Backend) -> None:
        backend.put("some/key", b"1")
        found = backend.stat("some/key")
        assert found is not None
        backend.put("some/key", b"another")
        assert not backend.discard(found)
        assert backend.get("some/key") == b"another"
        again = backend.stat("some/key")
        assert again is not None
        assert backend.discard(again)
        assert backend.stat("some/key") is None
        assert not backend.discard(again)

    def test_a_listing_is_in_order_of_key(self, backend: Backend) -> None:
        keys = ["a/b", "a-b", "a/b-c/d", "a/b0/c/d", "a.b/c", "a/bc/d", "ä/b", "a0/b", "A/b"]
        for key in keys:
            backend.put(key, b"")
        assert [stat.key for stat in backend.list("")] == sorted(keys)
        below = sorted(key for key in keys if key.startswith("a/"))
        assert [stat.key for stat in backend.list("a/")] == below

    def test_a_prefix_matches_whole_names(self, backend: Backend) -> None:
        backend.put("ab/c", b"")
        backend.put("abc/d", b"")
        assert [stat.key for stat in backend.list("ab/")] == ["ab/c"]
        assert backend.children("ab/") == ("c",)

    def test_children_are_sorted_and_folders_marked(self, backend: Backend) -> None:
        for key in ("top", "x/b/1", "x/b/2", "x/a", "x/c/d/e"):
            backend.put(key, b"")
        assert backend.children("") == ("top", "x/")
        assert backend.children("x/") == ("a", "b/", "c/")

    def test_nothing_is_below_what_is_not_there(self, backend: Backend) -> None:
        backend.put("some/key", b"")
        for prefix in ("absent/", "some/key/", "no/such/folder/"):
            assert list(backend.list(prefix)) == []
            assert backend.children(prefix) == ()

    def test_odd_keys_are_kept_as_they_are(self, backend: Backend) -> None:
        keys = [f"odd/{number}/{key}" for number, key in enumerate(ODD_KEYS)]
        for key in keys:
            assert backend.create(key, key.encode()) is True
        assert [stat.key for stat in backend.list("odd/")] == sorted(keys)
        for key in keys:
            assert backend.get(key) == key.encode()

    @pytest.mark.parametrize("key", WRONG_KEYS)
    def test_what_is_no_key_is_refused(self, backend: Backend, key: str) -> None:
        attempts: tuple[Callable[[str], object], ...] = (
            lambda wrong: backend.create(wrong, b""),
            lambda wrong: backend.put(wrong, b""),
            backend.get,
            backend.stat,
            backend.path,
            backend.delete,
        )
        for attempt in attempts:
            with pytest.raises(ValueError, match="not a key"):
                attempt(key)

    def test_a_prefix_without_its_slash_is_refused(self, backend: Backend) -> None:
        for attempt in (lambda: list(backend.list("some")), lambda: backend.children("some")):
            with pytest.raises(ValueError, match="prefix"):
                attempt()

    def test_the_address_leads_back_here(self, backend: Backend) -> None:
        backend.put("some/key", b"bytes")
        again = open_backend(backend.url)
        assert again.url == backend.url
        assert again.get("some/key") == b"bytes"


class SharedBackendContract:
    """Every backend that other processes can reach."""

    turns = 20

    def test_of_racing_processes_one_creates(self, backend: Backend) -> None:
        program = (
            "from reprocc.runtime.store.open import open_backend\n"
            "backend = open_backend(arguments[0]); begin()\n"
            "numbers = range(int(arguments[1]))\n"
            "won = [n for n in numbers if backend.create(f'race/{n}', b'%d' % index)]\n"
            "print(*won)\n"
        )
        count = 5 * self.turns
        outputs = race_processes(4, program, [backend.url, str(count)])
        winners = {int(n): index for index, text in enumerate(outputs) for n in text.split()}
        assert sum(len(text.split()) for text in outputs) == count
        for number in range(count):
            assert backend.get(f"race/{number}") == b"%d" % winners[number]

    def test_another_process_finds_what_this_one_wrote(self, backend: Backend) -> None:
        backend.put("some/key ä", b"bytes")
        program = (
            "from reprocc.runtime.store.open import open_backend\n"
            "begin(); print(open_backend(arguments[0]).get('some/key ä').decode())\n"
        )
        assert race_processes(1, program, [backend.url]) == ["bytes\n"]
