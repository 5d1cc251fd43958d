"""The store in the memory of this process, for tests and dry runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from urllib.parse import quote

from .backend import Stat
from .key import check_key, check_prefix, check_range, destination_exists
from .oserrors import local_file, missing


@dataclass(slots=True)
class _Space:
    entries: dict[str, bytes] = field(default_factory=dict)
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
            self._space.entries[key] = bytes(data)
            return True

    def put(self, key: str, data: bytes) -> None:
        """Write `data` under a key, in place of whatever is there."""
        check_key(key)
        with self._space.lock:
            self._space.entries[key] = bytes(data)

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
        with local_file(str(path), "write"):
            try:
                file = path.open("xb")
            except FileExistsError as error:
                raise destination_exists(str(path)) from error
            try:
                with file:
                    file.write(data)
            except BaseException:
                path.unlink()
                raise

    def range(self, key: str, start: int, length: int) -> bytes:
        """Return at most `length` bytes from offset `start`. Raises Missing."""
        check_range(start, length)
        return self.get(key)[start : start + length]

    def path(self, key: str) -> Path | None:
        """Return None: nothing here lies on a disk."""
        check_key(key)
        return None

    def stat(self, key: str) -> Stat | None:
        """Return the size, or None where there is nothing."""
        found = self._space.entries.get(check_key(key))
        return None if found is None else Stat(key=key, size=len(found))

    def list(self, prefix: str) -> Iterator[Stat]:
        """Yield everything whose key begins with `prefix`, in order of key."""
        check_prefix(prefix)
        with self._space.lock:
            found = sorted((k, len(v)) for k, v in self._space.entries.items())
        for key, size in found:
            if key.startswith(prefix):
                yield Stat(key=key, size=size)

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
