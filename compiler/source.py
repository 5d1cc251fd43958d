"""Text that a person wrote, and places in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache

_LINE_BREAK = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file as text.

    `path` is the path as people should read it; `text` is the whole file, decoded from UTF-8,
    without a byte order mark. Offsets count code points from 0.
    """

    path: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place as people count it: line and column from 1, in code points; `offset` from 0."""

    line: int
    column: int
    offset: int


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range `[start, end)` of code points in a source."""

    source: Source = field(repr=False)
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters of the range."""
        return self.source.text[self.start : self.end]


def position(source: Source, offset: int) -> Position:
    """Say the line and column of an offset; an offset past the end is the end."""
    offset = max(0, min(offset, len(source.text)))
    starts = line_starts(source.text)
    line = bisect_right(starts, offset)
    return Position(line=line, column=offset - starts[line - 1] + 1, offset=offset)


@lru_cache(maxsize=256)
def line_starts(text: str) -> tuple[int, ...]:
    """Return the offset at which each line starts; CR, LF and CRLF alone end a line."""
    return (0, *(match.end() for match in _LINE_BREAK.finditer(text)))


def line_text(source: Source, line: int) -> str:
    """Return a line, counted from 1, without its line break."""
    starts = line_starts(source.text)
    end = starts[line] if line < len(starts) else len(source.text)
    return source.text[starts[line - 1] : end].rstrip("\r\n")
