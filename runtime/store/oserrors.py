"""Errors of the operating system in the store's words."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from .backend import Missing, StoreError

Side = Literal["store", "local"]
"""Whether a place lies in the store or is a local file of the caller's."""

_GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EISDIR})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_RETRYABLE = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE, errno.EAGAIN})

_MESSAGES = {
    errno.ENOSPC: "no space is left on the disk",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file is larger than is allowed here",
    errno.EROFS: "the disk is read only",
    errno.ENAMETOOLONG: "the name is too long for the file system",
    errno.EIO: "the disk reports an error",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open",
    errno.ENOMEM: "the machine has no memory left",
    errno.ESTALE: "the network file system lost the file",
    errno.ENOTDIR: "a file is where a folder should be",
    errno.EISDIR: "a folder is where a file should be",
    errno.EEXIST: "a file is where a folder should be",
    errno.ELOOP: "the links on the way lead in a circle",
}


@contextmanager
def reading(place: str) -> Iterator[None]:
    """Turn errors while a file of the store is read into StoreError; nothing there is Missing."""
    try:
        yield
    except OSError as error:
        if error.errno in _GONE:
            raise missing(place) from error
        raise store_error(error, place, verb="read", side="store") from error


@contextmanager
def writing(place: str) -> Iterator[None]:
    """Turn errors while a file of the store is written into StoreError."""
    try:
        yield
    except OSError as error:
        raise store_error(error, place, verb="write", side="store") from error


@contextmanager
def copying(place: str, *, source: str, source_side: Side) -> Iterator[None]:
    """Turn errors while `source` is copied to `place` into StoreError, at the end that failed."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL or error.errno == errno.EROFS:
            side: Side = "local" if source_side == "store" else "store"
            raise store_error(error, place, verb="write", side=side) from error
        raise store_error(error, source, verb="read", side=source_side) from error


@contextmanager
def local_file(path: str, verb: Literal["read", "write"]) -> Iterator[None]:
    """Turn errors about a local file of the caller's into StoreError."""
    try:
        yield
    except OSError as error:
        raise store_error(error, path, verb=verb, side="local") from error


def missing(place: str) -> Missing:
    """Return the error of reading where nothing is."""
    return Missing("nothing is stored here", place=place, remedy=None, can_retry=False)


def store_error(
    error: OSError, place: str, *, verb: Literal["read", "write"], side: Side
) -> StoreError:
    """Return what an error of the operating system means for a place, and what to do about it."""
    number = error.errno or 0
    return StoreError(
        _message(number, verb),
        place=place,
        remedy=_remedy(number, verb, side),
        can_retry=number in _RETRYABLE,
    )


def _message(number: int, verb: str) -> str:
    if number in (errno.EACCES, errno.EPERM):
        return f"there is no permission to {verb} here"
    if number == errno.ENOENT:
        return "there is no such file or folder"
    name = errno.errorcode.get(number, "an unknown error")
    return _MESSAGES.get(number, f"the system could not {verb} here ({name})")


def _remedy(number: int, verb: str, side: Side) -> str | None:
    elsewhere = (
        "choose another store with `--store`" if side == "store" else "set `TMPDIR` to another disk"
    )
    if number in _FULL:
        return f"free some space there, or {elsewhere}"
    if number == errno.EROFS or (number in (errno.EACCES, errno.EPERM) and verb == "write"):
        return f"make it writable, or {elsewhere}"
    if number in (errno.EACCES, errno.EPERM):
        return "make it readable for this user"
    if side == "store" and number in (errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG):
        return elsewhere
    return None
