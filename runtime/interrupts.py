"""Holds Ctrl-C and its kin back while something is done that must not be left half done."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def held_back(*, dropped: bool = False) -> Iterator[None]:
    """Let the signals that end a command wait until the block is left, or drop them.

    Only those that have a handler of Python's: what is ignored stays so, and what kills at once
    still does. Nothing changes outside the main thread, where no signal arrives.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former: dict[int, Callable[[int, FrameType | None], Any]] = {}
    arrived: list[int] = []
    try:
        for number in _ENDING:
            handler = signal.getsignal(number)
            if callable(handler):
                former[number] = handler
                signal.signal(number, lambda which, _: arrived.append(which))
        yield
    finally:
        for which, handler in former.items():
            signal.signal(which, handler)
        if arrived and not dropped:
            former[arrived[0]](arrived[0], None)
