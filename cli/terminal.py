"""Where words go: data to stdout, talk to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any, TextIO

from .streams import mute

_lost: list[OSError] = []
"""Why data did not reach stdout, other than that its reader has gone."""


def say(text: str) -> None:
    """Write a line of data to stdout."""
    say_text(f"{text}\n")


def say_text(text: str) -> None:
    """Write data to stdout as it is."""
    write_to(sys.stdout, text)


def say_bytes(data: bytes) -> None:
    """Write data to stdout, byte for byte."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except OSError as error:
        _give_up(sys.stdout, error)


def say_json(value: Any) -> None:
    """Write a value to stdout as one line of JSON."""
    import json

    is_utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    say(json.dumps(value, ensure_ascii=not is_utf8, sort_keys=False))


def tell(text: str) -> None:
    """Write a line of talk to stderr."""
    tell_text(f"{text}\n")


def tell_text(text: str) -> None:
    """Write talk to stderr as it is."""
    write_to(sys.stderr, text)


def tell_error(message: str, *, place: str | None = None, help: str | None = None) -> None:
    """Write an error that has no place in a file, in the form of those that have."""
    tell_text(error_text(message, place=place, help=help))


def error_text(message: str, *, place: str | None = None, help: str | None = None) -> str:
    """Return what `tell_error` writes."""
    where = f"  --> {place}\n" if place else ""
    action = f"  = help: {help}\n" if help else ""
    return f"error: {message}\n{where}{action}"


def lost_data() -> OSError | None:
    """Return why data could not be written to stdout; None where its reader had enough."""
    return _lost[0] if _lost else None


def write_to(stream: TextIO, text: str) -> None:
    """Write text to one of the streams; that nobody reads it any more is no error."""
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        _give_up(stream, error)


def _give_up(stream: TextIO, error: OSError) -> None:
    """Go on without a stream: a run is never stopped because nobody reads about it."""
    if stream is sys.stdout and not isinstance(error, BrokenPipeError):
        _lost.append(error)
    mute(stream)


def wants_colour(stream: Any) -> bool:
    """Whether to colour what goes to a stream: a terminal, unless the environment decides.

    `NO_COLOR` says no, then `FORCE_COLOR` and `CLICOLOR_FORCE` say yes (`0`: nothing).
    """
    if os.environ.get("NO_COLOR"):
        return False
    if any(
        os.environ.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")
    ):
        return True
    return is_drawable(stream)


def is_drawable(stream: Any) -> bool:
    """Whether a stream is a terminal on which what was written can be overwritten."""
    return os.environ.get("TERM", "") not in ("", "dumb", "unknown") and stream.isatty()


def table(rows: Sequence[Sequence[str]], *, head: Sequence[str]) -> str:
    """Lay rows out in columns, two blanks apart, under a head; columns without a word are left out.

    Where there are no rows, the head stands alone.
    """
    kept = [column for column in range(len(head)) if not rows or any(row[column] for row in rows)]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in kept]
    return "\n".join(
        "  ".join(
            row[column].ljust(width) for column, width in zip(kept, widths, strict=True)
        ).rstrip()
        for row in [head, *rows]
    )


def moment(text: str) -> str:
    """Write a time of a record as people do: `2026-11-22 20:45:21 UTC`."""
    from datetime import datetime

    try:
        return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M:%S} UTC"
    except ValueError:
        return text


def duration(seconds: float) -> str:
    """Write a duration as people say it: `0.42 s`, `12.3 s`, `4 min 05 s`, `2 h 03 min`."""
    if seconds < 10:
        return f"{seconds:.2f} s"
    if seconds < 100:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def size(count: int) -> str:
    """Write a number of bytes: `812 B`, `3.4 KiB`, `1.2 GiB`."""
    amount = float(count)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if amount < 1024:
            return f"{count} B" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TiB"


def short(digest: str) -> str:
    """Shorten a digest for people: the first 12 characters of its hexadecimal part."""
    return digest.rpartition(":")[2][:12]
