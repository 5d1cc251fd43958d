"""A store that does not exist yet: it is made when the first thing is written into it."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, runtime_checkable

from .backend import Backend
from .layout import STORE
from .view import View


@runtime_checkable
class Conditional(Protocol):
    """A backend whose `create` depends on what a server makes of a condition."""

    def check_conditions(self, key: str, data: bytes) -> None:
        """Raise StoreError where the server would let a create succeed on a key that holds `data`.

        Owes: then the key holds nothing any more.
        """
        ...


def make_store(backend: Backend, mark: bytes) -> None:
    """Write the mark of a store where there is none. Raises StoreError.

    All that keeps writers apart is that of several creators one wins, so a place is not taken for
    a store before that was seen.
    """
    if backend.create(STORE, mark) and isinstance(backend, Conditional):
        backend.check_conditions(STORE, mark)


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
            make_store(self._below, self._mark)
            self._mark = None
