"""Does the same to many things in a few threads, without ever holding many of them."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

THREADS = max(1, min(4, os.cpu_count() or 1))
"""Threads for work that leaves Python's lock: hashing, encoding, copying."""


def in_threads(
    act: Callable[[_Item], _Result], items: Iterable[_Item], *, threads: int = THREADS
) -> Iterator[_Result]:
    """Yield `act` of each item, in the order of the items.

    `items` is asked for the next one only when a thread is free for it, and no more results than
    threads wait to be taken. What `act` or `items` raises is raised here, after what is under way.
    """
    waiting: deque[Future[_Result]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for item in items:
                waiting.append(pool.submit(act, item))
                del item
                if len(waiting) > threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
