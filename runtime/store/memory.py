"""The store in the memory of this process, for tests and dry runs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from urllib.parse import quote

from .backend import Stat
from .disk import write_all
from .key import check_key, check_prefix, check_range
from .new_file import new_file
from .oserrors import local_file, missing


@dataclass(slots=True)
class _Space:
    entries: dict[str, bytes] = field(default_factory=dict)
    times: dict[str, float] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)


_SPACES: dict[str, _Space] = {}
_SPACES_LOCK = Lock()


class MemoryBackend:
    """A mapping of keys to bytes; those of one name share it, as long as the process lives.

    See `Backend` for what each method owes; durability ends with the process, and another process
    sees nothing. A malformed key is ValueError.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        with _SPACES_LOCK:
            self._space = _SPACES.setdefault(name, _Space())

    @property
    def url(self) -> str:
        """The name as a `memory://` URL."""
        return f"memory://{quote(self._name, safe='')}"

    def create(self, key: str, data: bytes) -> bool:
        """Write `data` under a key that holds nothing; say whether this call did."""
        check_key(key)
        with self._space.lock:
            if key in self._space.entries:
                return False
            self._keep(key, data)
            return True

    def put(self, key: str, data: bytes) -> None:
        """Write `data` under a key, in place of whatever is there."""
        check_key(key)
        with self._space.lock:
            self._keep(key, data)

    def put_file(self, key: str, path: Path) -> None:
        """Write a file's bytes under a key, like `put`."""
        check_key(key)
        with local_file(str(path), "read"):
            data = path.read_bytes()
        self.put(key, data)

    def get(self, key: str) -> bytes:
        """Return all bytes. Raises Missing."""
        found = self._space.entries.get(check_key(key))
        if found is None:
            raise missing(f"{self.url}/{key}")
        return found

    def get_file(self, key: str, path: Path) -> None:
        """Copy the bytes to a new local file, which is the caller's own. Raises Missing."""
        data = self.get(key)
        with new_file(path) as file, local_file(str(path), "write"):
            write_all(file, data)

    def range(self, key: str, start: int, length: int) -> bytes:
        """Return at most `length` bytes from offset `start`. Raises Missing."""
        check_range(start, length)
        return self.get(key)[start : start + length]

    def path(self, key: str) -> Path | None:
        """Return None: nothing here lies on a disk."""
        check_key(key)
        return None

    def stat(self, key: str) -> Stat | None:
        """Return size and time, or None where there is nothing."""
        check_key(key)
        with self._space.lock:
            return self._stat(key)

    def touch(self, key: str) -> Stat | None:
        """Make what lies here as young as if it were written now; None where there is nothing."""
        check_key(key)
        with self._space.lock:
            if key in self._space.entries:
                self._space.times[key] = time.time()
            return self._stat(key)

    def list(self, prefix: str) -> Iterator[Stat]:
        """Yield everything whose key begins with `prefix`, in order of key."""
        check_prefix(prefix)
        with self._space.lock:
            keys = sorted(key for key in self._space.entries if key.startswith(prefix))
            found = [self._stat(key) for key in keys]
        yield from (stat for stat in found if stat is not None)

    def children(self, prefix: str) -> tuple[str, ...]:
        """Return the names directly under `prefix`, sorted; one that holds more ends in `/`."""
        check_prefix(prefix)
        with self._space.lock:
            keys = [key[len(prefix) :] for key in self._space.entries if key.startswith(prefix)]
        return tuple(sorted({name + slash for name, slash, _ in (k.partition("/") for k in keys)}))

    def delete(self, key: str) -> None:
        """Remove a key; nothing happens where there is none."""
        check_key(key)
        with self._space.lock:
            self._space.entries.pop(key, None)
            self._space.times.pop(key, None)

    def discard(self, found: Stat) -> bool:
        """Remove a key if what lies there is what was found; say whether it did."""
        check_key(found.key)
        with self._space.lock:
            if self._stat(found.key) != found:
                return False
            del self._space.entries[found.key], self._space.times[found.key]
            return True

    def _keep(self, key: str, data: bytes) -> None:
        self._space.entries[key] = bytes(data)
        self._space.times[key] = time.time()

    def _stat(self, key: str) -> Stat | None:
        found = self._space.entries.get(key)
        if found is None:
            return None
        return Stat(key=key, size=len(found), modified=self._space.times[key])
