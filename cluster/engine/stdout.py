"""Standard output kept free of what Ray says there, in C++ and in threads of its own."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import threading
from pathlib import Path


class StdoutAside:
    """Descriptor 1 leads into a file; `sys.stdout` keeps reaching the former one, for this thread.

    What other threads print goes into the file too.
    """

    def __init__(self, path: Path) -> None:
        _flush()
        self._former = os.dup(1)
        self._stream = sys.stdout
        self._is_aside = True
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(file, 1)
        os.close(file)
        sys.stdout = _ForOneThread(self._former, self._stream)

    def restore(self) -> None:
        """Let both lead where they led before; safe to call twice."""
        if not self._is_aside:
            return
        self._is_aside = False
        _flush()
        os.dup2(self._former, 1)
        os.close(self._former)
        sys.stdout = self._stream


def _flush() -> None:
    # That the reader has gone is for whoever wrote to find out, and no reason to leave Ray running.
    with contextlib.suppress(OSError):
        sys.stdout.flush()


class _ForOneThread(io.TextIOWrapper):
    def __init__(self, descriptor: int, like: object) -> None:
        super().__init__(
            open(descriptor, "wb", closefd=False),  # noqa: SIM115 - this closes it
            encoding=getattr(like, "encoding", None) or "utf-8",
            errors=getattr(like, "errors", None) or "backslashreplace",
        )
        self._owner = threading.get_ident()

    def write(self, text: str, /) -> int:
        if threading.get_ident() == self._owner:
            return super().write(text)
        os.write(1, text.encode(self.encoding, "backslashreplace"))
        return len(text)
