"""A store that does not exist yet: it is made when the first thing is written into it."""

from __future__ import annotations

from pathlib import Path

from .backend import Backend
from .layout import STORE


class Fresh:
    """A view of an empty place; its mark is written before anything else is.

    So a submit that is refused before it has anything to keep leaves nothing behind.
    """

    def __init__(self, below: Backend, mark: bytes) -> None:
        self._below = below
        self._mark: bytes | None = mark
        self.get = below.get
        self.get_file = below.get_file
        self.range = below.range
        self.path = below.path
        self.stat = below.stat
        self.list = below.list
        self.children = below.children
        self.delete = below.delete

    @property
    def url(self) -> str:
        return self._below.url

    def create(self, key: str, data: bytes) -> bool:
        self._begin()
        return self._below.create(key, data)

    def put(self, key: str, data: bytes) -> None:
        self._begin()
        self._below.put(key, data)

    def put_file(self, key: str, path: Path) -> None:
        self._begin()
        self._below.put_file(key, path)

    def _begin(self) -> None:
        mark, self._mark = self._mark, None
        if mark is not None:
            self._below.create(STORE, mark)
