"""The backends of the store: the contract that all owe, and what is each one's own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reprocc.runtime.store.backend import StoreError
from reprocc.runtime.store.disk import rename_new
from reprocc.runtime.store.local import LocalBackend
from reprocc.runtime.store.memory import MemoryBackend
from reprocc.runtime.store.open import open_backend

sys.path.insert(0, str(Path(__file__).parents[1]))
pytest.register_assert_rewrite("contracts.store")

from contracts.races import race  # noqa: E402
from contracts.store import BackendContract, SharedBackendContract  # noqa: E402


class TestLocal(BackendContract, SharedBackendContract):
    @pytest.fixture
    def backend(self, tmp_path: Path) -> LocalBackend:
        return LocalBackend(tmp_path / "a store, größer 店 100%")


class TestMemory(BackendContract):
    @pytest.fixture
    def backend(self, tmp_path: Path) -> MemoryBackend:
        return MemoryBackend(str(tmp_path))


def test_nothing_is_made_by_reading(tmp_path: Path) -> None:
    backend = LocalBackend(tmp_path / "store")
    assert backend.stat("a") is None
    assert list(backend.list("")) == []
    backend.delete("a")
    assert list(tmp_path.iterdir()) == []


def test_files_are_read_only_and_nothing_is_left_over(tmp_path: Path) -> None:
    backend = LocalBackend(tmp_path)
    (tmp_path / "file").write_bytes(b"x" * 10)
    backend.put("a", b"")
    backend.create("b", b"")
    backend.create("b", b"")
    backend.put_file("c", tmp_path / "file")
    backend.put_hashed(tmp_path / "file", lambda sha256: f"d/{sha256}", replace=False)
    for name in backend.children("d/"):
        assert (tmp_path / "d" / name).stat().st_mode & 0o7777 == 0o444
    for name in "abc":
        assert (tmp_path / name).stat().st_mode & 0o7777 == 0o444
        assert (tmp_path / name).stat().st_nlink == 1
    assert list((tmp_path / "tmp").iterdir()) == []


def test_the_temporary_folder_is_no_part_of_a_listing(tmp_path: Path) -> None:
    backend = LocalBackend(tmp_path)
    backend.put("x/tmp/a", b"")
    (tmp_path / "tmp" / "left by a kill").write_bytes(b"half")
    assert backend.children("") == ("x/",)
    assert [stat.key for stat in backend.list("")] == ["x/tmp/a"]


def test_a_file_in_the_way_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "store").write_bytes(b"a file")
    backend = LocalBackend(tmp_path / "store")
    with pytest.raises(StoreError) as caught:
        backend.put("a/b", b"")
    assert caught.value.message == "a file is where a folder should be"
    assert caught.value.place == str(tmp_path / "store/a/b")
    assert caught.value.remedy == "choose another store with `--store`"


def test_a_name_too_long_for_the_file_system_is_named(tmp_path: Path) -> None:
    backend = LocalBackend(tmp_path)
    with pytest.raises(StoreError, match="name is too long") as caught:
        backend.create("x" * 300, b"")
    assert not caught.value.can_retry
    assert list((tmp_path / "tmp").iterdir()) == []


def test_an_exclusive_rename_has_one_winner(tmp_path: Path) -> None:
    """The way taken where a file system has no hard links."""

    def act(index: int) -> bool:
        (tmp_path / f"from{index}").write_bytes(b"%d" % index)
        try:
            rename_new(str(tmp_path / f"from{index}"), str(tmp_path / "to"))
        except FileExistsError:
            return False
        return True

    told = race(8, act)
    assert told.count(True) == 1
    assert (tmp_path / "to").read_bytes() == b"%d" % told.index(True)


def test_memory_stores_of_one_name_are_one(tmp_path: Path) -> None:
    MemoryBackend(f"{tmp_path} ä").put("a", b"1")
    assert MemoryBackend(f"{tmp_path} ä").get("a") == b"1"
    assert MemoryBackend(f"{tmp_path} b").stat("a") is None


def test_a_relative_path_is_a_place_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    backend = open_backend("some where")
    assert backend.url == f"file://{tmp_path}/some%20where"
    monkeypatch.chdir("/")
    backend.put("a", b"")
    assert (tmp_path / "some where" / "a").exists()


def test_a_path_is_taken_as_it_is_and_a_url_is_decoded(tmp_path: Path) -> None:
    assert open_backend(f"{tmp_path}/a%20b").url.endswith("/a%2520b")
    assert open_backend(f"file://{tmp_path}/a%20b").url.endswith("/a%20b")
    assert open_backend(f"FILE://localhost{tmp_path}/ä").url.endswith("/%C3%A4")


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("az://bucket/a", "there are no stores at `az://`"),
        ("gs://", "`gs://` must be followed by the name of a bucket"),
        ("gs:///a", "`gs://` must be followed by the name of a bucket"),
        ("s3://Bucket/a", "`s3://` must be followed by the name of a bucket"),
        ("s3://bucket?region=eu", "`s3://` must be followed by the name of a bucket"),
        ("s3://bucket/a/../b", "what follows the bucket is no prefix for names"),
        ("gs://bucket//a", "what follows the bucket is no prefix for names"),
        ("gs://bucket/tmp", "what follows the bucket is no prefix for names"),
        ("file://other-host/a", "a `file://` address needs three slashes and a whole path"),
        ("file://relative", "a `file://` address needs three slashes and a whole path"),
        ("", "this address names no folder"),
    ],
)
def test_an_address_that_is_no_place_is_refused(address: str, message: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_backend(address)
    assert caught.value.message == message
    assert caught.value.place == address


def test_a_password_in_an_address_is_not_repeated() -> None:
    with pytest.raises(StoreError) as caught:
        open_backend("https://user:secret@host/a")
    assert "secret" not in f"{caught.value.message}{caught.value.place}{caught.value.remedy}"
