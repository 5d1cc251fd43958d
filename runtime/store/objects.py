"""Objects: bytes under their own sha256, written once, verified at every reading."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ...compiler.canonical import sha256_hex
from ..content import Content, Part
from .at_once import each
from .backend import Backend, Damaged, Missing, StoreError
from .layout import object_key
from .oserrors import local_file
from .staging import Staging

_SMALL = 4 << 20
"""Bytes up to which a file is read whole."""


def put_bytes(backend: Backend, data: bytes, *, replace: bool = False) -> str:
    """Store bytes and return their sha256 in hexadecimal.

    What is there with the right size is only touched, unless `replace`; with any other size it
    is damaged and is replaced by its own content. Raises StoreError.
    """
    sha256 = sha256_hex(data)
    if replace or not _is_kept(backend, sha256, len(data)):
        backend.put(object_key(sha256), data)
    return sha256


def put_path(
    backend: Backend, path: Path, *, replace: bool = False, hash_first: bool = False
) -> tuple[str, int]:
    """Store a file's bytes, as `put_bytes` does; return sha256 in hexadecimal and size in bytes.

    Large files are hashed while they are copied. Where the bytes are probably there already,
    `hash_first` saves the copy, at the price of reading twice where they are not. Raises
    StoreError, also where the file cannot be read or changes meanwhile.
    """
    data = _read_small(path)
    if data is not None:
        return put_bytes(backend, data, replace=replace), len(data)
    if hash_first and not replace:
        sha256, size = hash_path(path)
        if _is_kept(backend, sha256, size):
            return sha256, size
    if isinstance(backend, Staging):
        return backend.put_hashed(path, object_key, replace=replace)
    return _put_hashed_file(backend, path, replace=replace)


def hash_path(path: Path) -> tuple[str, int]:
    """Return the sha256 in hexadecimal and the size in bytes of a local file. Raises StoreError."""
    with local_file(str(path), "read"), path.open("rb", buffering=0) as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()


def get_bytes(backend: Backend, sha256: str) -> bytes:
    """Return an object's bytes, verified. Raises Missing, Damaged."""
    data = _get(backend, sha256)
    if sha256_hex(data) != sha256:
        raise damaged_object(backend, sha256)
    return data


def fetch(backend: Backend, sha256: str, path: Path) -> None:
    """Copy an object to a new local file and verify the copy. Raises Missing, Damaged.

    Where the file system can share blocks, the copy costs none. What fails leaves no file.
    """
    try:
        backend.get_file(object_key(sha256), path)
    except Missing as error:
        raise missing_object(backend, sha256) from error
    if hash_path(path)[0] != sha256:
        path.unlink()
        raise damaged_object(backend, sha256)


def verify(backend: Backend, sha256: str) -> None:
    """Read an object through. Raises Missing, Damaged."""
    path = backend.path(object_key(sha256))
    if path is None:
        get_bytes(backend, sha256)
    elif hash_path(path)[0] != sha256:
        raise damaged_object(backend, sha256)


def is_whole(backend: Backend, sha256: str, size: int) -> bool:
    """Say whether an object is there with this size in bytes; its bytes are not read."""
    found = backend.stat(object_key(sha256))
    return found is not None and found.size == size


def is_content_whole(backend: Backend, content: Content) -> bool:
    """Say whether every object of a content is there with its size; empty folders have none."""
    parts = [part for part in content.parts if part.sha256]
    return all(each(backend, lambda part: is_whole(backend, part.sha256, part.size), parts))


def touch_content(backend: Backend, content: Content) -> None:
    """Touch every object of a content that was stored before and is about to be named anew.

    What is young is no garbage, whoever collects it. Raises Missing where an object has gone.
    """

    def touch(part: Part) -> None:
        if not _is_kept(backend, part.sha256, part.size):
            raise missing_object(backend, part.sha256)

    each(backend, touch, [part for part in content.parts if part.sha256])


def missing_object(backend: Backend, sha256: str) -> Missing:
    """Return the error of an object that is not there."""
    return Missing(
        "an object of the store is missing",
        place=_place(backend, sha256),
        remedy="submit again; the task that made it then runs again",
        can_retry=False,
    )


def damaged_object(backend: Backend, sha256: str) -> Damaged:
    """Return the error of an object whose bytes have another sha256 than its name."""
    return Damaged(
        "an object of the store is damaged",
        place=_place(backend, sha256),
        remedy="`reprocc fsck --deep --repair` removes it, and the next submit makes it again",
        can_retry=False,
    )


def _is_kept(backend: Backend, sha256: str, size: int) -> bool:
    """Touch an object; say whether it is there with this size in bytes."""
    found = backend.touch(object_key(sha256))
    return found is not None and found.size == size


def _read_small(path: Path) -> bytes | None:
    with local_file(str(path), "read"):
        return path.read_bytes() if path.stat().st_size <= _SMALL else None


def _get(backend: Backend, sha256: str) -> bytes:
    try:
        return backend.get(object_key(sha256))
    except Missing as error:
        raise missing_object(backend, sha256) from error


def _place(backend: Backend, sha256: str) -> str:
    path = backend.path(object_key(sha256))
    return f"{backend.url}/{object_key(sha256)}" if path is None else str(path)


def _put_hashed_file(backend: Backend, path: Path, *, replace: bool) -> tuple[str, int]:
    """Hash a file, then put it; a file that changes in between leaves no wrong object behind."""
    sha256, size = hash_path(path)
    key = object_key(sha256)
    if not replace and _is_kept(backend, sha256, size):
        return sha256, size
    backend.put_file(key, path)
    if hash_path(path) != (sha256, size):
        backend.delete(key)
        raise StoreError(
            "the file changed while it was stored",
            place=str(path),
            remedy="submit again when nothing writes to it",
            can_retry=True,
        )
    return sha256, size
