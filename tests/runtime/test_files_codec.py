"""Files and folders in the store: taken and given back as they are, hostile ones refused."""

from __future__ import annotations

import os
import random
import secrets
import shutil
import socket
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reprocc.compiler.canonical import digest_of, sha256_hex
from reprocc.runtime.codecs.files import lay_tree, local_digest, put_tree
from reprocc.runtime.codecs.tree import tree_digest
from reprocc.runtime.codecs.unstorable import Unstorable
from reprocc.runtime.content import Content, Part
from reprocc.runtime.store.backend import Damaged, Missing, StoreError
from reprocc.runtime.store.layout import object_key
from reprocc.runtime.store.local import LocalBackend
from reprocc.runtime.store.memory import MemoryBackend
from reprocc.runtime.store.together import together

NAMES = st.text("abcäß .-_1", min_size=1, max_size=4).filter(lambda name: name not in (".", ".."))
FILES = st.tuples(st.binary(max_size=20), st.booleans())
TREES = st.recursive(
    st.dictionaries(NAMES, FILES, max_size=4),
    lambda inner: st.dictionaries(NAMES, st.one_of(FILES, inner), max_size=4),
    max_leaves=8,
)


@pytest.fixture
def backend() -> MemoryBackend:
    return MemoryBackend(secrets.token_hex(8))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    (root / "a").mkdir(parents=True)
    (root / "a" / "x.txt").write_bytes(b"x")
    (root / "b.txt").write_bytes(b"b")
    return root


def plant(root: Path, tree: dict[str, object]) -> None:
    root.mkdir()
    for name, value in tree.items():
        if isinstance(value, dict):
            plant(root / name, value)
        else:
            data, is_executable = value  # type: ignore[misc]
            (root / name).write_bytes(data)
            (root / name).chmod(0o755 if is_executable else 0o640)


def photograph(root: Path) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for path in sorted(root.rglob("*")):
        is_executable = bool(path.stat().st_mode & 0o100)
        content = (path.read_bytes(), is_executable) if path.is_file() else None
        found.append((str(path.relative_to(root)), content))
    return found


def directory(backend: MemoryBackend, path: Path) -> Content:
    return put_tree(backend, path, kind="directory", suffix="")


@settings(max_examples=60)
@given(tree=TREES)
def test_a_folder_comes_back_as_it_was(tree: dict[str, object]) -> None:
    backend = MemoryBackend(secrets.token_hex(8))
    folder = Path(tempfile.mkdtemp())
    try:
        plant(folder / "in", tree)
        content = directory(backend, folder / "in")
        lay_tree(backend, content, folder / "out")
        assert photograph(folder / "out") == photograph(folder / "in")
        assert local_digest(folder / "out") == content.digest == local_digest(folder / "in")
        assert sorted(os.listdir(folder)) == ["in", "out"]
    finally:
        shutil.rmtree(folder)


def test_a_tree_digest_is_what_the_specification_says(backend: MemoryBackend, tree: Path) -> None:
    (tree / "run.sh").write_bytes(b"#!")
    (tree / "run.sh").chmod(0o700)
    (tree / "empty").mkdir()

    def file(path: str, data: bytes, *, executable: bool = False) -> dict[str, object]:
        sha256 = sha256_hex(data)
        size = len(data)
        return {
            "path": path, "type": "file", "size": size, "sha256": sha256, "executable": executable,
        }  # fmt: skip

    expected: list[Any] = [
        file("a/x.txt", b"x"),
        file("b.txt", b"b"),
        {"path": "empty", "type": "folder"},
        file("run.sh", b"#!", executable=True),
    ]
    assert directory(backend, tree).digest == digest_of("tree1", expected)


def test_the_digest_of_a_tree_is_this_for_ever(backend: MemoryBackend, tree: Path) -> None:
    assert directory(backend, tree).digest == (
        "tree1:d28cd11f740a572cda6afad89e702aaefa013921ca428967c03c96ce56da60b0"
    )


@pytest.mark.parametrize("change", ["bytes", "name", "executable", "empty folder", "removed"])
def test_any_change_changes_the_digest(backend: MemoryBackend, tree: Path, change: str) -> None:
    before = directory(backend, tree)
    match change:
        case "bytes":
            (tree / "b.txt").write_bytes(b"c")
        case "name":
            (tree / "b.txt").rename(tree / "c.txt")
        case "executable":
            (tree / "b.txt").chmod(0o755)
        case "empty folder":
            (tree / "new").mkdir()
        case _:
            (tree / "b.txt").unlink()
    assert directory(backend, tree).digest != before.digest


def test_times_and_other_permissions_leave_no_trace(backend: MemoryBackend, tree: Path) -> None:
    before = directory(backend, tree)
    os.utime(tree / "b.txt", (1, 1))
    (tree / "b.txt").chmod(0o600)
    assert directory(backend, tree) == before


def test_a_single_file_is_its_bytes(backend: MemoryBackend, tree: Path) -> None:
    content = put_tree(backend, tree / "b.txt", kind="checkpoint", suffix=".txt")
    assert content.digest == f"sha256:{sha256_hex(b'b')}"
    assert (content.layout, content.suffix, content.size) == ("file", ".txt", 1)
    lay_tree(backend, content, tree / "copy.txt")
    assert (tree / "copy.txt").read_bytes() == b"b"


def test_an_empty_folder_is_a_tree(backend: MemoryBackend, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    content = directory(backend, tmp_path / "empty")
    assert content.parts == ()
    lay_tree(backend, content, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_folder_is_no_figure_and_a_file_no_directory(backend: MemoryBackend, tree: Path) -> None:
    with pytest.raises(Unstorable, match="this is a folder, but a figure is one file"):
        put_tree(backend, tree, kind="figure", suffix="")
    with pytest.raises(Unstorable, match="this is a file, but a directory is a folder"):
        put_tree(backend, tree / "b.txt", kind="directory", suffix="")
    with pytest.raises(Unstorable, match="there is no file or folder"):
        put_tree(backend, tree / "nothing", kind="file", suffix="")


def test_links_within_a_tree_count_as_copies(backend: MemoryBackend, tree: Path) -> None:
    (tree / "link.txt").symlink_to("a/x.txt")
    (tree / "again").symlink_to("a")
    linked = directory(backend, tree)
    lay_tree(backend, linked, tree.parent / "out")
    assert not any(path.is_symlink() for path in (tree.parent / "out").rglob("*"))
    assert (tree.parent / "out" / "again" / "x.txt").read_bytes() == b"x"
    assert directory(backend, tree.parent / "out").digest == linked.digest


def test_a_folder_that_is_given_as_a_link_is_the_folder(backend: MemoryBackend, tree: Path) -> None:
    (tree.parent / "alias").symlink_to(tree)
    assert directory(backend, tree.parent / "alias") == directory(backend, tree)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("../outside", "leads out of its folder"),
        ("/etc/hosts", "leads out of its folder"),
        ("nowhere", "leads nowhere"),
        (".", "leads back to a folder that it lies in"),
        ("link", "cannot be followed|leads nowhere"),
    ],
)
def test_a_link_that_leads_elsewhere_is_refused(
    backend: MemoryBackend, tree: Path, target: str, message: str
) -> None:
    (tree.parent / "outside").write_bytes(b"secret")
    (tree / "link").symlink_to(target)
    with pytest.raises(Unstorable, match=message):
        directory(backend, tree)
    assert list(backend.list("objects/")) == []


def test_links_that_lead_to_each_other_are_refused(backend: MemoryBackend, tree: Path) -> None:
    (tree / "c").mkdir()
    (tree / "a" / "to_c").symlink_to("../c")
    (tree / "c" / "to_a").symlink_to("../a")
    with pytest.raises(Unstorable, match="leads back"):
        directory(backend, tree)


def test_sockets_and_pipes_are_refused(backend: MemoryBackend, tree: Path) -> None:
    os.mkfifo(tree / "pipe")
    with pytest.raises(Unstorable, match="`pipe` is neither a file nor a folder"):
        directory(backend, tree)
    (tree / "pipe").unlink()
    here = os.getcwd()
    os.chdir(tree)  # the address of a socket has a limit of 107 bytes
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("sock")
    finally:
        os.chdir(here)
    with pytest.raises(Unstorable, match="`sock` is neither"):
        directory(backend, tree)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("Model", "model"), "one name on some systems"),
        (("é", "e\u0301"), "one name on some systems"),
        (("a\\b",), "backslash"),
        (("a\nb",), "control characters"),
        ((os.fsdecode(b"\xff"),), "not UTF-8"),
    ],
)
def test_names_that_other_systems_read_differently_are_refused(
    backend: MemoryBackend, tmp_path: Path, names: tuple[str, ...], message: str
) -> None:
    root = tmp_path / "tree"
    root.mkdir()
    for name in names:
        (root / name).write_bytes(b"")
    if len(list(root.iterdir())) < len(names):
        pytest.skip("this file system takes them for one name")
    with pytest.raises(Unstorable, match=message):
        directory(backend, root)


def part(path: str, data: bytes = b"x") -> Part:
    return Part(sha256=sha256_hex(data), size=len(data), rows=None, path=path, executable=False)


@pytest.mark.parametrize(
    "paths",
    [
        ("../out",), ("/etc/x",), ("a/../../x",), ("a//b",), ("a/.",), ("",), ("a\\..\\b",),
        ("a", "A"), ("a", "a/b"), ("a", "a"), ("A/x", "a/y"),
    ],
)  # fmt: skip
def test_a_hostile_manifest_is_refused_before_anything_is_written(
    backend: MemoryBackend, tmp_path: Path, paths: tuple[str, ...]
) -> None:
    parts = tuple(part(path) for path in paths)
    content = Content(
        kind="directory", layout="folder", digest=tree_digest(parts), parts=parts,
        rows=None, schema=None, suffix="",
    )  # fmt: skip
    with pytest.raises(Damaged, match="manifest of a folder is refused"):
        lay_tree(backend, content, tmp_path / "deep" / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_manifest_that_its_digest_does_not_name_is_refused(
    backend: MemoryBackend, tree: Path
) -> None:
    content = directory(backend, tree)
    with pytest.raises(Damaged, match="not the one that its digest names"):
        lay_tree(backend, replace(content, parts=content.parts[:1]), tree.parent / "out")


@pytest.mark.parametrize("error", [Damaged, Missing])
def test_what_cannot_be_laid_whole_is_not_there_at_all(
    backend: MemoryBackend, tree: Path, error: type[Exception]
) -> None:
    content = directory(backend, tree)
    key = object_key(content.parts[1].sha256)
    backend.delete(key)
    if error is Damaged:
        backend.put(key, b"?")
    with pytest.raises(error):
        lay_tree(backend, content, tree.parent / "out")
    assert os.listdir(tree.parent) == ["tree"]


def test_nothing_is_laid_over_what_is_there(backend: MemoryBackend, tree: Path) -> None:
    content = directory(backend, tree)
    with pytest.raises(FileExistsError):
        lay_tree(backend, content, tree)


@pytest.fixture
def disk(tmp_path: Path) -> LocalBackend:
    return LocalBackend(tmp_path / "store")


def large(path: Path, *, seed: int = 7, size: int = 5 << 20) -> bytes:
    data = random.Random(seed).randbytes(size)
    path.write_bytes(data)
    return data


def test_a_large_file_comes_back_through_a_disk_as_it_was(
    disk: LocalBackend, tmp_path: Path
) -> None:
    data = large(tmp_path / "in", size=(20 << 20) + 7)
    content = put_tree(disk, tmp_path / "in", kind="checkpoint", suffix="")
    assert (content.digest, content.size) == (f"sha256:{sha256_hex(data)}", len(data))
    lay_tree(disk, content, tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == data


def test_the_holes_of_a_sparse_file_stay_holes(disk: LocalBackend, tmp_path: Path) -> None:
    with (tmp_path / "in").open("wb") as file:
        file.seek(16 << 20)
        file.write(b"middle")
        file.truncate(64 << 20)
    if (tmp_path / "in").stat().st_blocks > 2048:
        pytest.skip("this file system has no sparse files")
    content = put_tree(disk, tmp_path / "in", kind="file", suffix="")
    lay_tree(disk, content, tmp_path / "out")
    assert local_digest(tmp_path / "out") == content.digest == local_digest(tmp_path / "in")
    for path in (tmp_path / "out", disk.path(object_key(content.parts[0].sha256))):
        assert path is not None
        assert path.stat().st_size == 64 << 20
        assert path.stat().st_blocks <= 2048


def test_files_of_every_kind_come_back_through_a_disk(disk: LocalBackend, tree: Path) -> None:
    large(tree / "large.bin")
    large(tree / "a" / "again.bin")
    (tree / "nothing").write_bytes(b"")
    (tree / "nothing too").write_bytes(b"")
    (tree / "run.sh").write_bytes(b"#!/bin/sh\n")
    (tree / "run.sh").chmod(0o755)
    (tree / "empty" / "inside").mkdir(parents=True)
    content = put_tree(disk, tree, kind="checkpoint", suffix="")
    lay_tree(disk, content, tree.parent / "out")
    assert photograph(tree.parent / "out") == photograph(tree)
    assert len({part.sha256 for part in content.parts}) == len(content.parts) - 2


def test_many_files_are_one_tree_in_the_order_of_their_paths(
    disk: LocalBackend, tmp_path: Path
) -> None:
    for number in range(300):
        path = tmp_path / "many" / f"{number % 7}" / f"{number}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(str(number % 250).encode())
    with together(disk):
        content = directory(disk, tmp_path / "many")
    paths = [part.path for part in content.parts]
    assert paths == sorted(paths)
    assert len(paths) == 300
    lay_tree(disk, content, tmp_path / "out")
    assert photograph(tmp_path / "out") == photograph(tmp_path / "many")
    assert sorted(os.listdir(tmp_path)) == ["many", "out", "store"]


def test_what_cannot_be_read_ends_the_storing_of_a_tree(disk: LocalBackend, tree: Path) -> None:
    large(tree / "large.bin")
    (tree / "b.txt").chmod(0o000)
    if os.access(tree / "b.txt", os.R_OK):
        pytest.skip("whoever runs the tests may read everything")
    with pytest.raises(StoreError, match="no permission to read"):
        directory(disk, tree)
