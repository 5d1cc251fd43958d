"""Append a numbered record to a folder: create-only names, so numbers have no gaps and no twins."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from . import layout
from .backend import Backend, StoreError

_LONGEST_PAUSE = 0.05
_TRIES = 500


def numbers(backend: Backend, folder: str) -> tuple[int, ...]:
    """Return the numbers of the records directly under a prefix, ascending."""
    found = (layout.number_of(name) for name in backend.children(folder))
    return tuple(number for number in found if number is not None)


def append(
    backend: Backend,
    folder: str,
    seal: Callable[[int], bytes | None],
) -> int | None:
    """Create the record that follows the last one and return its number.

    `seal` is called with the number of the last record (0: none) and returns the bytes of the
    next one, or None where nothing is to be appended after all; it is called again after each
    lost race, because what is newest has changed. Its bytes must be this writer's alone (a nonce
    sees to that), as `create` asks.
    """
    for attempt in range(_TRIES):
        last = _last(backend, folder)
        data = seal(last)
        if data is None:
            return None
        key = folder + layout.numbered(last + 1)
        if backend.create(key, data):
            return last + 1
        _pause(attempt)
    raise StoreError(
        "too many writers append here at once",
        place=f"{backend.url}/{folder}",
        remedy="submit again",
        can_retry=True,
    )


def new_nonce() -> str:
    """Return 128 random bits in hexadecimal, without a draw from anyone's random state."""
    return os.urandom(16).hex()


def _last(backend: Backend, folder: str) -> int:
    """Return the highest number that was ever given here; one put aside is not given again."""
    names = backend.children(folder)
    taken = (layout.number_of(name) or layout.number_aside(name) or 0 for name in names)
    return max(taken, default=0)


def _pause(attempt: int) -> None:
    """Wait a random while, so that those who lost the race do not meet again."""
    share = int.from_bytes(os.urandom(4)) / 2**32
    time.sleep(share * min(_LONGEST_PAUSE, 0.001 * 2 ** min(attempt, 10)))
