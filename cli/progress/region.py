"""The lines at the foot of a terminal that are drawn again and again, with lasting ones above."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from typing import TextIO

from rich.console import Console, ConsoleDimensions
from rich.control import Control
from rich.segment import ControlType
from rich.text import Text

from ..terminal import wants_colour, write_to

Drawing = Callable[[int, int], Sequence[Text]]
"""Returns the lines for so many columns and rows: fewer than rows, each narrower than columns."""


class Region:
    """A terminal whose last lines show a drawing.

    The cursor stays where it is shown, at the end of the drawing, and nothing of the terminal's
    state is changed: whatever ends this process, the terminal needs no mending. Each update is one
    write. Any thread may call anything.
    """

    def __init__(self, stream: TextIO, drawing: Drawing) -> None:
        self._stream = stream
        self._drawing = drawing
        self._lock = threading.RLock()
        self._rows = 0
        self._size: os.terminal_size | None = None
        self._console = Console(
            file=_Checked(stream),  # type: ignore[arg-type]
            force_terminal=True,
            color_system="standard" if wants_colour(stream) else None,
            legacy_windows=False,
            markup=False,
            emoji=False,
            highlight=False,
            _environ={},
        )

    def draw(self, *above: Text) -> None:
        """Draw anew, with lasting lines above, in full whatever their length."""
        size = _size_of(self._stream)
        with self._lock:
            # While someone drags the window's edge, the terminal moves what is there about.
            is_settled = size == self._size or self._size is None
            self._size = size
            if above or is_settled:
                self._write(self._drawing(size.columns, size.lines), above)

    def forget(self) -> None:
        """Take what was drawn for text of others, and draw below it from now on."""
        with self._lock:
            self._rows = 0

    def finish(self) -> None:
        """Draw a last time and leave the cursor on a line of its own."""
        size = _size_of(self._stream)
        with self._lock:
            self._write(self._drawing(size.columns, size.lines), ())
            if self._rows:
                self._console.line()
            self._rows = 0

    def _write(self, lines: Sequence[Text], above: Sequence[Text]) -> None:
        size = _size_of(self._stream)
        self._console.size = ConsoleDimensions(size.columns, size.lines)
        with self._console:  # gathers everything into one write
            self._console.control(self._erased())
            for line in above:
                self._console.print(line, soft_wrap=True)
            body = Text("\n").join(lines)
            self._console.print(body, end="", no_wrap=True, overflow="ignore", crop=False)
            self._rows = len(lines)

    def _erased(self) -> Control:
        up = ((ControlType.CURSOR_UP, 1), (ControlType.ERASE_IN_LINE, 2))
        rows = max(0, self._rows - 1)
        return Control(ControlType.CARRIAGE_RETURN, (ControlType.ERASE_IN_LINE, 2), *up * rows)


class _Checked:
    """A terminal's stream as rich wants one; a terminal that has gone is no error."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.encoding = stream.encoding

    def write(self, text: str) -> int:
        write_to(self._stream, text)
        return len(text)

    def flush(self) -> None:
        """Everything is flushed when it is written."""

    def isatty(self) -> bool:
        return True


def _size_of(stream: TextIO) -> os.terminal_size:
    try:
        size = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        return os.terminal_size((80, 24))
    return size if size.columns > 0 and size.lines > 0 else os.terminal_size((80, 24))
