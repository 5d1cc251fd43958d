"""Which signals arrive, told at once and to another thread, whatever the main thread does."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
from collections.abc import Sequence

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""What asks a command to end."""

_NEEDED = (signal.SIGCONT, signal.SIGWINCH)
"""What has no handler otherwise, without which nothing is told."""


class Signals:
    """A pipe into which the interpreter writes the number of each signal as it comes.

    No handler is changed where there is one. Made and closed in the main thread; waited for in
    another.
    """

    def __init__(self) -> None:
        self._out, self._in = os.pipe()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)
        self._former: int | None = None
        self._handlers: dict[int, signal._HANDLER] = {}
        # In another thread than the main one nothing is told, and nothing need be.
        with contextlib.suppress(ValueError):
            self._former = signal.set_wakeup_fd(self._in, warn_on_full_buffer=False)
            for number in _NEEDED:
                self._handlers[number] = signal.signal(number, lambda *_: None)

    def wait(self, seconds: float) -> Sequence[int]:
        """Return the signals that came, after the first or after `seconds`; 0 is `wake`'s.

        The system may give a signal to any thread, of which there are others than Python's, and
        then the main one sleeps on, though it alone can act: so what ends is passed on to it.
        """
        select.select([self._out], [], [], seconds)
        try:
            numbers = os.read(self._out, 4096)
        except BlockingIOError:
            return ()
        main = threading.main_thread().ident
        if main is not None and any(number in ENDING for number in numbers):
            signal.pthread_kill(main, signal.SIGWINCH)
        return numbers

    def wake(self) -> None:
        """Let `wait` return at once."""
        with contextlib.suppress(BlockingIOError):
            os.write(self._in, b"\0")

    def close(self) -> None:
        """Tell no more; whoever waits must have come back."""
        if self._former is not None:
            signal.set_wakeup_fd(self._former)
            for number, handler in self._handlers.items():
                signal.signal(number, handler)
        os.close(self._out)
        os.close(self._in)
