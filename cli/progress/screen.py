"""The picture kept on the terminal: drawn a few times a second by a thread of its own."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TextIO

from rich.text import Text

from ...compiler.plan import Task, TaskId
from ...runtime.interrupts import held_back
from .aside import Aside
from .glyphs import glyphs_for
from .lines import Line
from .picture import Frame, Painter, clean
from .region import Region
from .remaining import Remaining
from .signals import ENDING, Signals
from .tally import Tally

_EVERY = 0.2
"""Seconds between two pictures."""

_STYLES = {"plain": "", "warning": "yellow", "failure": "red"}


class Screen:
    """Draws a tally, which others change under `lock`, until it is closed.

    Meanwhile what is printed to `sys.stderr`, and to `sys.stdout` where that is a terminal, comes
    above the picture. `former` reads what tasks took in former runs, for which nobody waits.
    """

    def __init__(
        self,
        tally: Tally,
        lock: threading.Lock,
        tasks: Sequence[Task],
        *,
        former: Callable[[], Mapping[TaskId, float]],
        starting: str,
        stream: TextIO,
    ) -> None:
        self._tally = tally
        self._lock = lock
        self._learn = former
        self._former: dict[TaskId, float] = {}
        self._remaining = Remaining(tasks, self._former)
        self._painter = Painter(glyphs_for(stream.encoding or "ascii"), starting=starting)
        self._region = Region(stream, self._drawing)
        self._is_stopping = False
        self._is_closing = False
        self._asides: list[tuple[str, Any, Aside]] = []
        self._signals = Signals()
        self._put_aside()
        self._region.draw()
        self._thread = threading.Thread(target=self._keep_drawing, daemon=True)
        self._thread.start()
        threading.Thread(target=self._remember, daemon=True).start()

    def say(self, line: Line) -> None:
        """Put a lasting line above the picture."""
        with held_back():
            self._region.draw(Text(clean(line.text), style=_STYLES[line.tone]))

    def close(self) -> None:
        """Draw the last picture and let the terminal be."""
        self._is_closing = True
        self._signals.wake()
        self._thread.join()
        for name, former, aside in self._asides:
            aside.finish()
            if getattr(sys, name) is aside:
                setattr(sys, name, former)
        self._region.finish()
        self._signals.close()

    def _put_aside(self) -> None:
        for name in ("stdout", "stderr"):
            former = getattr(sys, name)
            if former.isatty():
                aside = Aside(former, lambda text: self.say(Line(text)))
                self._asides.append((name, former, aside))
                setattr(sys, name, aside)

    def _keep_drawing(self) -> None:
        while not self._is_closing:
            for number in self._signals.wait(_EVERY):
                if number in ENDING:
                    self._is_stopping = True
                elif number == signal.SIGCONT:
                    self._region.forget()
            if not self._is_closing:
                self._region.draw()

    def _remember(self) -> None:
        # Without them a person reads a little less; what is wrong with the store is told elsewhere.
        with contextlib.suppress(Exception):
            found = self._learn()
            with self._lock:
                self._former.update(found)

    def _drawing(self, width: int, height: int) -> list[Text]:
        now = time.monotonic()
        with self._lock:
            frame = Frame(
                width=width,
                height=height,
                now=now,
                left=self._remaining.seconds(self._tally, now),
                is_stopping=self._is_stopping,
            )
            return self._painter.draw(self._tally, frame)
