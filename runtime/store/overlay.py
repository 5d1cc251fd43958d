"""A view of a store that keeps what is written to itself."""

from __future__ import annotations

import heapq
import secrets
from collections.abc import Iterator
from pathlib import Path

from .at_once import at_once, each
from .backend import Backend, Stat, StoreError
from .memory import MemoryBackend


class Overlay:
    """Reads fall through to a store, writes stay in memory and go with this object.

    What would happen can thus be found out by letting it happen. Nothing is ever deleted below.
    """

    def __init__(self, below: Backend | None) -> None:
        self._below: Backend = _nowhere() if below is None else below
        self._above = _nowhere()
        self._touched: dict[str, None] = {}

    @property
    def url(self) -> str:
        return self._below.url

    @property
    def at_once(self) -> int:
        return at_once(self._below)

    def create(self, key: str, data: bytes) -> bool:
        return self._below.stat(key) is None and self._above.create(key, data)

    def put(self, key: str, data: bytes) -> None:
        self._above.put(key, data)

    def put_file(self, key: str, path: Path) -> None:
        self._above.put_file(key, path)

    def get(self, key: str) -> bytes:
        return self._holder(key).get(key)

    def get_file(self, key: str, path: Path) -> None:
        self._holder(key).get_file(key, path)

    def range(self, key: str, start: int, length: int) -> bytes:
        return self._holder(key).range(key, start, length)

    def path(self, key: str) -> Path | None:
        return self._holder(key).path(key)

    def stat(self, key: str) -> Stat | None:
        return self._holder(key).stat(key)

    def touch(self, key: str) -> Stat | None:
        """Find what lies here; what lies below is touched when this settles, not before."""
        if self._above.stat(key) is not None:
            return self._above.touch(key)
        found = self._below.stat(key)
        if found is not None:
            self._touched[key] = None
        return found

    def list(self, prefix: str) -> Iterator[Stat]:
        last = ""
        both = heapq.merge(
            self._above.list(prefix), self._below.list(prefix), key=lambda found: found.key
        )
        for found in both:
            if found.key != last:
                yield found
            last = found.key

    def children(self, prefix: str) -> tuple[str, ...]:
        return tuple(sorted({*self._above.children(prefix), *self._below.children(prefix)}))

    def delete(self, key: str) -> None:
        self._above.delete(key)

    def discard(self, found: Stat) -> bool:
        return self._above.discard(found)

    def settle(self) -> None:
        """Write what was kept into the store below: objects first, then what names them.

        A record whose name was taken meanwhile is left out: who took it says the same. Raises
        StoreError, also where an object below that counted as there has gone meanwhile.
        """
        found = [stat.key for top in self._above.children("") for stat in self._above.list(top)]
        objects = [key for key in found if key.startswith("objects/")]
        records = [key for key in found if not key.startswith("objects/")]
        each(self._below, lambda key: self._below.put(key, self._above.get(key)), objects)
        each(self._below, self._keep, self._touched)
        each(self._below, lambda key: self._below.create(key, self._above.get(key)), records)

    def _keep(self, key: str) -> None:
        if self._below.touch(key) is None:
            raise StoreError(
                "an object was removed from the store while it was wanted",
                place=f"{self.url}/{key}",
                remedy="submit again",
                can_retry=True,
            )

    def _holder(self, key: str) -> Backend:
        return self._below if self._above.stat(key) is None else self._above


def _nowhere() -> MemoryBackend:
    return MemoryBackend(secrets.token_hex(8))
