"""The three streams of a command, whatever state the caller left them in."""

from __future__ import annotations

import contextlib
import io
import os
import sys

_STANDARD = (0, 1, 2)


def prepare_streams() -> None:
    """Give the command all three streams, and let none of them fail for a letter.

    A descriptor that was closed leads nowhere: what is opened next must not get its number. What
    the terminal's encoding lacks is written as an escape.
    """
    for descriptor in _STANDARD:
        try:
            os.fstat(descriptor)
        except OSError:
            _lead_nowhere(descriptor)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def insist_on_utf8() -> None:
    """Start this process anew where the locale gives file names another encoding than UTF-8.

    Names in a spec could not be looked up there. A locale that is missing, `C` or `POSIX` is
    no such case: Python takes UTF-8 by itself.
    """
    if sys.getfilesystemencoding().lower() == "utf-8" or not sys.executable:
        return
    with contextlib.suppress(OSError):
        os.execv(sys.executable, [sys.orig_argv[0], "-X", "utf8", *sys.orig_argv[1:]])


def mute(stream: object) -> None:
    """Let what a stream still holds and will be given go nowhere."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, stream.fileno())  # type: ignore[attr-defined]
        os.close(nowhere)
        stream.flush()  # type: ignore[attr-defined]


def _lead_nowhere(descriptor: int) -> None:
    found = os.open(os.devnull, os.O_RDWR)
    if found != descriptor:
        os.dup2(found, descriptor)
        os.close(found)
    os.set_inheritable(descriptor, True)
