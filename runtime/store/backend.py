"""What the store needs of a file system: a few methods, and what each one owes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

TOUCHED_WITHIN = 15 * 60
"""Seconds within which a backend that is far away need not touch an object again."""


class StoreError(Exception):
    """The store could not do what was asked.

    `place` names the key as people find it (path or URL), `remedy` what to do about it;
    `can_retry` says whether trying again can help.
    """

    def __init__(self, message: str, *, place: str, remedy: str | None, can_retry: bool) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.remedy = remedy
        self.can_retry = can_retry


class Missing(StoreError):
    """There is nothing under this key."""


class Damaged(StoreError):
    """What lies under this key is not what was written there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stat:
    """A key, the size of what lies there in bytes, and when that was written or touched.

    `modified` is in seconds since 1970 by the clock of whoever holds the bytes, which need not be
    that of this machine.
    """

    key: str
    size: int
    modified: float


class Backend(Protocol):
    """Keys are relative paths with `/`, of printable characters, without `.`, `..` or empty parts.

    All methods raise StoreError for what the world does; nothing else escapes.
    """

    @property
    def url(self) -> str:
        """The address under which `open_backend` finds this place again, in any process."""
        ...

    def create(self, key: str, data: bytes) -> bool:
        """Write `data` under a key that holds nothing; say whether this call did.

        Owes: of any number of racing creators exactly one is told True, also where the answer to
        its first try was lost; a reader sees all bytes or none; when it returns True the bytes
        survive a crash of the machine. Creators of equal bytes may all be told True, so what must
        be one writer's alone holds a nonce.
        """
        ...

    def put(self, key: str, data: bytes) -> None:
        """Write `data` under a key, in place of whatever is there.

        Owes: a reader sees old bytes or new ones, whole; durable when it returns.
        """
        ...

    def put_file(self, key: str, path: Path) -> None:
        """Write a file's bytes under a key, like `put`, without holding them in memory."""
        ...

    def get(self, key: str) -> bytes:
        """Return all bytes. Raises Missing."""
        ...

    def get_file(self, key: str, path: Path) -> None:
        """Copy the bytes to a new local file, which is the caller's own. Raises Missing."""
        ...

    def range(self, key: str, start: int, length: int) -> bytes:
        """Return at most `length` bytes from offset `start`. Raises Missing."""
        ...

    def path(self, key: str) -> Path | None:
        """Return where the bytes lie on this machine's own disk, or None where they do not.

        The file must be read only; it may be memory-mapped.
        """
        ...

    def stat(self, key: str) -> Stat | None:
        """Return size and time, or None where there is nothing."""
        ...

    def touch(self, key: str) -> Stat | None:
        """Make what lies here as young as if it were written now; None where there is nothing.

        Owes: readers notice nothing. Unlike a `put` it never brings back what is gone. What is
        younger than `TOUCHED_WITHIN` seconds may be left as it is.
        """
        ...

    def list(self, prefix: str) -> Iterator[Stat]:
        """Yield everything whose key begins with `prefix` (which ends in `/`), in order of key.

        Owes: whatever was created before the call began is listed; nothing half-written ever is.
        """
        ...

    def children(self, prefix: str) -> tuple[str, ...]:
        """Return the names directly under `prefix` (which ends in `/` or is empty), sorted.

        A name that holds more below it ends in `/`.
        """
        ...

    def delete(self, key: str) -> None:
        """Remove a key; nothing happens where there is none."""
        ...

    def discard(self, found: Stat) -> bool:
        """Remove a key if what lies there is what `stat` or `list` found; say whether it did.

        Owes: what was written or touched since stays. Where a server offers no condition on
        removals, it is looked at right before.
        """
        ...
