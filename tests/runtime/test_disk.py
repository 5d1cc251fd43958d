"""Copies by system calls: whole, hashed as they are, whatever the system can do."""

from __future__ import annotations

import errno
import os
import random
from pathlib import Path
from typing import Any

import pytest

from reprocc.compiler.canonical import sha256_hex
from reprocc.runtime.store.disk import copy_all, copy_hashed


def copied(source: Path, target: Path, *, hashed: bool) -> tuple[str, int] | None:
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR
    with source.open("rb", buffering=0) as file:
        copy = os.open(target, flags)
        try:
            if hashed:
                return copy_hashed(file.fileno(), copy)
            copy_all(file.fileno(), copy)
            return None
        finally:
            os.close(copy)


def lacking(*_: Any) -> int:
    raise AttributeError("copy_file_range")


def refusing(*_: Any) -> int:
    raise OSError(errno.EXDEV, "Invalid cross-device link")


def ended(*_: Any) -> int:
    return 0


@pytest.mark.parametrize(
    "call", [None, lacking, refusing, ended], ids=["as it is", "lacking", "refusing", "ended"]
)
@pytest.mark.parametrize("kind", ["dense", "sparse", "sparse at both ends", "a hole", "empty"])
def test_a_copy_is_what_was_copied(
    kind: str, call: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = random.Random(7).randbytes((9 << 20) + 5)
    with (tmp_path / "in").open("wb") as file:
        if kind.startswith("sparse"):
            file.seek((5 << 20) + 1 if kind.endswith("ends") else 0)
            file.write(data)
            file.seek(4 << 20, os.SEEK_CUR)
            file.write(data)
        elif kind == "dense":
            file.write(data)
        if kind.endswith("ends") or kind == "a hole":
            file.truncate(40 << 20)
    if call is not None:
        monkeypatch.setattr(os, "copy_file_range", call)
    whole = (tmp_path / "in").read_bytes()
    assert copied(tmp_path / "in", tmp_path / "a", hashed=True) == (sha256_hex(whole), len(whole))
    copied(tmp_path / "in", tmp_path / "b", hashed=False)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == whole


def test_a_file_whose_size_says_nothing_is_copied_to_its_end(tmp_path: Path) -> None:
    source = Path("/proc/self/environ")
    if not source.exists():
        pytest.skip("this system has no such files")
    data = source.read_bytes()
    found = copied(source, tmp_path / "out", hashed=True)
    assert found == (sha256_hex(data), len(data))
    assert (tmp_path / "out").read_bytes() == data


def test_a_copy_that_fails_in_the_middle_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").write_bytes(bytes(20 << 20))
    real, calls = os.copy_file_range, [0]

    def full(*given: Any) -> int:
        calls[0] += 1
        if calls[0] > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*given)

    monkeypatch.setattr(os, "copy_file_range", full)
    with pytest.raises(OSError, match="No space left"):
        copied(tmp_path / "in", tmp_path / "out", hashed=True)
