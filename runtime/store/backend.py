"""What the store needs of a file system: a few methods, and what each one owes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


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
    """A key and the size of what lies there, in bytes."""

    key: str
    size: int


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

        Owes: of any number of racing creators exactly one is told True; a reader sees all bytes
        or none; when it returns True the bytes survive a crash of the machine.
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
        """Return the size, or None where there is nothing."""
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
