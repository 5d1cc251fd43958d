"""Names that become durable together, where a backend can wait for many at the price of one."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, runtime_checkable

from .backend import Backend


@runtime_checkable
class Gathering(Protocol):
    """A backend that can put off making names durable."""

    def together(self) -> AbstractContextManager[None]:
        """Let what is created and put within the block be durable at its end, not at each return.

        Owes: nothing has its name before its bytes are durable, within the block too; at its end,
        however it is left, every name is.
        """
        ...


def together(backend: Backend) -> AbstractContextManager[None]:
    """Return a block whose names need be durable at its end only; nothing where it cannot be."""
    return backend.together() if isinstance(backend, Gathering) else nullcontext()
