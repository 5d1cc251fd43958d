"""SIGTERM and a closed terminal end the command in order, as Ctrl-C does."""

from __future__ import annotations

import signal
from types import FrameType

from .status import INTERRUPTED


class Interruption:
    """Turns those signals into KeyboardInterrupt from now on, and knows which came first.

    What the caller had ignored (`nohup`) stays ignored.
    """

    def __init__(self) -> None:
        self._first: int | None = None
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, self._end)

    def close(self, status: int) -> int:
        """Return the exit status to use in place of `status`; no signal has an effect any more.

        A command that was ended by a signal says which: 130 for Ctrl-C, 143 for SIGTERM.
        """
        # Python at its end would answer with a traceback, and nothing is left to be ended.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        # An interrupt that came while text was being executed (a dataclass, say) and was caught
        # leaves a mark in CPython, by which `python -m` would end itself; the next text clears it.
        exec("")
        if status == INTERRUPTED and self._first is not None:
            return 128 + self._first
        return status

    def _end(self, number: int, _: FrameType | None) -> None:
        if self._first is None:
            self._first = number
        raise KeyboardInterrupt
