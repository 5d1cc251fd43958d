"""A view of a store that is the store itself, for those that differ in a method or two."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from .at_once import at_once
from .backend import Backend, Stat
from .together import together


class View:
    """Passes everything on to the backend below."""

    def __init__(self, below: Backend) -> None:
        self._below = below

    @property
    def url(self) -> str:
        return self._below.url

    @property
    def at_once(self) -> int:
        return at_once(self._below)

    def create(self, key: str, data: bytes) -> bool:
        return self._below.create(key, data)

    def put(self, key: str, data: bytes) -> None:
        self._below.put(key, data)

    def put_file(self, key: str, path: Path) -> None:
        self._below.put_file(key, path)

    def get(self, key: str) -> bytes:
        return self._below.get(key)

    def get_file(self, key: str, path: Path) -> None:
        self._below.get_file(key, path)

    def range(self, key: str, start: int, length: int) -> bytes:
        return self._below.range(key, start, length)

    def path(self, key: str) -> Path | None:
        return self._below.path(key)

    def stat(self, key: str) -> Stat | None:
        return self._below.stat(key)

    def touch(self, key: str) -> Stat | None:
        return self._below.touch(key)

    def list(self, prefix: str) -> Iterator[Stat]:
        return self._below.list(prefix)

    def children(self, prefix: str) -> tuple[str, ...]:
        return self._below.children(prefix)

    def delete(self, key: str) -> None:
        self._below.delete(key)

    def discard(self, found: Stat) -> bool:
        return self._below.discard(found)

    def together(self) -> AbstractContextManager[None]:
        return together(self._below)
