"""A store that does not exist yet: it is made when the first thing is written into it."""

from __future__ import annotations

from pathlib import Path

from .backend import Backend
from .layout import STORE
from .view import View


class Fresh(View):
    """A view of an empty place; its mark is written before anything else is.

    So a submit that is refused before it has anything to keep leaves nothing behind.
    """

    def __init__(self, below: Backend, mark: bytes) -> None:
        super().__init__(below)
        self._mark: bytes | None = mark

    def create(self, key: str, data: bytes) -> bool:
        self._begin()
        return super().create(key, data)

    def put(self, key: str, data: bytes) -> None:
        self._begin()
        super().put(key, data)

    def put_file(self, key: str, path: Path) -> None:
        self._begin()
        super().put_file(key, path)

    def _begin(self) -> None:
        if self._mark is not None:
            self._below.create(STORE, self._mark)
            self._mark = None
