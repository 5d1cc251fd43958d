"""Objects: stored once, verified always, repaired by their own content."""

from __future__ import annotations

import os
import sys
import threading
from hashlib import sha256
from pathlib import Path

import pytest

from reprocc.runtime.store import objects
from reprocc.runtime.store.backend import Backend, Damaged, Missing, StoreError
from reprocc.runtime.store.layout import object_key
from reprocc.runtime.store.local import LocalBackend
from reprocc.runtime.store.memory import MemoryBackend
from reprocc.runtime.store.staging import Staging

sys.path.insert(0, str(Path(__file__).parents[1]))

from contracts import samples

LARGE = 9_000_000
SIZES = [0, 1, 1000, 4 << 20, (4 << 20) + 1, LARGE]


@pytest.fixture(params=["local", "memory"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    if request.param == "local":
        return LocalBackend(tmp_path / "store")
    return MemoryBackend(str(tmp_path))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("hash_first", [False, True])
def test_bytes_come_back_however_they_were_put(
    backend: Backend, tmp_path: Path, size: int, hash_first: bool
) -> None:
    data = os.urandom(size)
    name = sha256(data).hexdigest()
    (tmp_path / "file").write_bytes(data)
    assert objects.put_path(backend, tmp_path / "file", hash_first=hash_first) == (name, size)
    assert objects.put_bytes(backend, data) == name
    assert [stat.key for stat in backend.list("")] == [object_key(name)]
    assert objects.get_bytes(backend, name) == data
    objects.fetch(backend, name, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == data
    objects.verify(backend, name)
    assert objects.is_whole(backend, name, size)
    assert not objects.is_whole(backend, name, size + 1)


def test_the_local_store_takes_files_in_one_pass(tmp_path: Path) -> None:
    assert isinstance(LocalBackend(tmp_path), Staging)


@pytest.mark.parametrize("size", [1000, LARGE])
def test_what_is_there_is_not_written_again(tmp_path: Path, size: int) -> None:
    backend = LocalBackend(tmp_path / "store")
    (tmp_path / "file").write_bytes(b"x" * size)
    name, _ = objects.put_path(backend, tmp_path / "file")
    path = backend.path(object_key(name))
    assert path is not None
    before = path.stat()
    objects.put_path(backend, tmp_path / "file")
    objects.put_path(backend, tmp_path / "file", hash_first=True)
    objects.put_bytes(backend, b"x" * size)
    assert path.stat().st_ino == before.st_ino
    objects.put_path(backend, tmp_path / "file", replace=True)
    assert path.stat().st_ino != before.st_ino


def damage(backend: Backend, name: str, data: bytes) -> None:
    backend.put(object_key(name), data)


@pytest.mark.parametrize("size", [1000, LARGE])
def test_an_object_of_the_wrong_size_is_replaced_by_its_own_content(
    backend: Backend, tmp_path: Path, size: int
) -> None:
    data = b"x" * size
    (tmp_path / "file").write_bytes(data)
    name = objects.put_bytes(backend, data)
    for put in (
        lambda: objects.put_bytes(backend, data),
        lambda: objects.put_path(backend, tmp_path / "file"),
        lambda: objects.put_path(backend, tmp_path / "file", hash_first=True),
    ):
        damage(backend, name, b"cut")
        put()
        assert objects.get_bytes(backend, name) == data


@pytest.mark.parametrize("size", [1000, LARGE])
def test_an_object_with_wrong_bytes_is_replaced_on_request(
    backend: Backend, tmp_path: Path, size: int
) -> None:
    data = b"x" * size
    (tmp_path / "file").write_bytes(data)
    name = objects.put_bytes(backend, data)
    for put in (
        lambda: objects.put_bytes(backend, data, replace=True),
        lambda: objects.put_path(backend, tmp_path / "file", replace=True),
        lambda: objects.put_path(backend, tmp_path / "file", replace=True, hash_first=True),
    ):
        damage(backend, name, b"y" * size)
        put()
        assert objects.get_bytes(backend, name) == data


@pytest.mark.parametrize("bad", [b"", b"xxxy", b"xxxxx"])
def test_no_damaged_byte_is_handed_out(backend: Backend, tmp_path: Path, bad: bytes) -> None:
    name = objects.put_bytes(backend, b"xxxx")
    damage(backend, name, bad)
    copy = tmp_path / "copy"
    for attempt in (
        lambda: objects.get_bytes(backend, name),
        lambda: objects.fetch(backend, name, copy),
        lambda: objects.verify(backend, name),
    ):
        with pytest.raises(Damaged) as caught:
            attempt()
        assert caught.value.place.endswith(object_key(name))
        assert caught.value.remedy is not None
    assert not copy.exists()


def test_a_missing_object_is_named(backend: Backend, tmp_path: Path) -> None:
    name = sha256(b"never stored").hexdigest()
    copy = tmp_path / "copy"
    for attempt in (
        lambda: objects.get_bytes(backend, name),
        lambda: objects.fetch(backend, name, copy),
        lambda: objects.verify(backend, name),
    ):
        with pytest.raises(Missing) as caught:
            attempt()
        assert caught.value.place.endswith(object_key(name))
    assert not copy.exists()
    assert not objects.is_whole(backend, name, 12)


def test_a_content_is_whole_where_all_its_objects_are(backend: Backend) -> None:
    content = samples.stored(backend, b"one", b"two")
    assert objects.is_content_whole(backend, content)
    backend.delete(object_key(content.parts[1].sha256))
    assert not objects.is_content_whole(backend, content)


def test_a_file_that_is_not_there_is_named(backend: Backend, tmp_path: Path) -> None:
    for path in (tmp_path / "absent", tmp_path):
        with pytest.raises(StoreError) as caught:
            objects.put_path(backend, path)
        assert caught.value.place == str(path)
        assert not isinstance(caught.value, Missing)


def test_a_file_that_changes_while_it_is_put_leaves_no_wrong_object(
    backend: Backend, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"\0" * LARGE)
    done = threading.Event()

    def keep_changing() -> None:
        turn = 0
        with path.open("r+b", buffering=0) as file:
            while not done.is_set():
                turn += 1
                file.seek(turn * 7919 % LARGE)
                file.write(b"%d" % turn)

    refusals: list[StoreError] = []
    writer = threading.Thread(target=keep_changing)
    writer.start()
    try:
        for _ in range(5):
            try:
                objects.put_path(backend, path)
            except StoreError as error:
                refusals.append(error)
    finally:
        done.set()
        writer.join()
    assert all(error.can_retry for error in refusals)
    for stat in backend.list("objects/"):
        objects.verify(backend, stat.key.rpartition("/")[2])
