"""What processes leave in a store that end while they write, where a backend knows of such."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from .backend import Backend, Stat


@runtime_checkable
class Littered(Protocol):
    """A backend in which a killed writer may leave something that has no key."""

    def leftovers(self) -> tuple[Stat, ...]:
        """Return what is not whole yet, or never will be; each under a name that is no key."""
        ...

    def discard_left(self, found: Stat) -> bool:
        """Remove one of them, unless it was written to since; say whether it did."""
        ...


def leftovers(backend: Backend) -> tuple[Stat, ...]:
    """Return what is not whole yet, or never will be. Raises StoreError."""
    return backend.leftovers() if isinstance(backend, Littered) else ()


def discard_left(backend: Backend, found: Stat) -> bool:
    """Remove one of the leftovers, unless it was written to since; say whether it did."""
    return isinstance(backend, Littered) and backend.discard_left(found)
