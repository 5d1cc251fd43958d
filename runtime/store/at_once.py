"""Calls that are made at the same time, where each spends its time waiting for an answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

from ..parallel import in_threads
from .backend import Backend

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_MOST = 64
_inside = threading.local()


def at_once(backend: Backend) -> int:
    """Return how many calls of a backend are worth making at the same time.

    A backend that is far away, and may be used by many threads, says so by an `at_once` of its
    own; with any other, waiting is no matter.
    """
    found: int = getattr(backend, "at_once", 1)
    return found


def each(
    backend: Backend, act: Callable[[_Item], _Result], items: Iterable[_Item]
) -> list[_Result]:
    """Return what `act` gives for each item, in their order; many at once where that is worth it.

    `act` may be called in other threads then. What it does `each` of in turn has a share of what
    the backend asked for, so it is never asked for more. Raises what the first of them raised.
    """
    todo = list(items)
    most = min(at_once(backend), getattr(_inside, "share", _MOST))
    count = min(most, len(todo))
    if count < 2:
        return [act(item) for item in todo]

    def do(item: _Item) -> _Result:
        _inside.share = most // count
        return act(item)

    return list(in_threads(do, todo, threads=count))
