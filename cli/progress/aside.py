"""What others write while a picture is shown, put above it line by line."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable


class Aside(io.TextIOBase):
    """A stream in place of `like` that hands every line to `say`, without its end."""

    def __init__(self, like: io.TextIOBase, say: Callable[[str], None]) -> None:
        super().__init__()
        self._like = like
        self._say = say
        self._lock = threading.Lock()
        self._rest = ""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._like.encoding or "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        return self._like.errors or "backslashreplace"

    def write(self, text: str, /) -> int:
        """Take text; what has no end of line yet waits for one."""
        with self._lock:
            *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._say(line.rpartition("\r")[2])
        return len(text)

    def finish(self) -> None:
        """Hand over what waits."""
        with self._lock:
            rest, self._rest = self._rest, ""
        if rest:
            self._say(rest)

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._like.isatty()

    def fileno(self) -> int:
        return self._like.fileno()
