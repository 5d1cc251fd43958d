"""What a key of the store may be."""

from __future__ import annotations

from .backend import StoreError

RESERVED = "tmp"
"""The folder in which a backend keeps what is not whole yet; no key lies in it."""

_FORBIDDEN_PARTS = frozenset({"", ".", ".."})


def check_key(key: str) -> str:
    """Return the key. Raises ValueError for what no caller of ours should ever ask for."""
    parts = key.split("/")
    if not key.isprintable() or not _FORBIDDEN_PARTS.isdisjoint(parts) or parts[0] == RESERVED:
        raise ValueError(f"{key!r} is not a key of the store")
    return key


def check_prefix(prefix: str) -> str:
    """Return a prefix, which is empty or a key and a `/`. Raises ValueError for any other."""
    if prefix:
        check_key(prefix.removesuffix("/"))
        if not prefix.endswith("/"):
            raise ValueError(f"the prefix {prefix!r} does not end in `/`")
    return prefix


def check_range(start: int, length: int) -> None:
    """Raise ValueError where an offset or a length is negative."""
    if start < 0 or length < 0:
        raise ValueError(f"offset {start} and length {length} must not be negative")


def destination_exists(place: str) -> StoreError:
    """Return the error of copying to a local file that is there already."""
    return StoreError(
        "the file to copy to is there already", place=place, remedy=None, can_retry=False
    )
