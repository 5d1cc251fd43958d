"""Places of syntax in a source: `ast` counts bytes within lines, a span code points."""

from __future__ import annotations

import ast
import re

from ..source import Source, Span, line_starts, line_text

_Placed = ast.stmt | ast.expr | ast.arg | ast.alias

_DEFINED = re.compile(r"(?:async[\s\\]+)?(?:def|class)[\s\\]+(\w+)")

Place = tuple[int, int, int, int]
"""Where a piece of syntax stands: its first line, from 1, and byte in it, from 0; the same of what
comes after it."""


def offset_of(source: Source, line: int, byte_column: int) -> int:
    """Return the offset of a line, counted from 1, and a column in bytes of UTF-8 from 0."""
    before = line_text(source, line).encode("utf-8", "surrogatepass")[:byte_column]
    return line_starts(source.text)[line - 1] + len(before.decode("utf-8", "ignore"))


def place_of(node: _Placed) -> Place:
    """Return the place of a piece of syntax."""
    line, byte = node.lineno, node.col_offset
    if node.end_lineno is None or node.end_col_offset is None:
        return line, byte, line, byte
    return line, byte, node.end_lineno, node.end_col_offset


def span_at(source: Source, place: Place) -> Span:
    """Return the span of a place."""
    line, byte, last_line, last_byte = place
    return Span(source, offset_of(source, line, byte), offset_of(source, last_line, last_byte))


def span_of(source: Source, node: _Placed) -> Span:
    """Return the span of a piece of syntax."""
    return span_at(source, place_of(node))


def name_span(source: Source, node: ast.stmt | ast.expr, name: str) -> Span:
    """Return the span of the name in a definition, else of all of it."""
    whole = span_of(source, node)
    match = _DEFINED.match(source.text, whole.start)
    return Span(source, *match.span(1)) if match and match[1] == name else whole


def line_span(source: Source, line: int, column: int | None) -> Span:
    """Return the span of one character at a column counted from 1, or of what the line says."""
    starts = line_starts(source.text)
    line = max(1, min(line, len(starts)))
    text = line_text(source, line)
    start = starts[line - 1]
    if column is None or column < 1:
        indent = len(text) - len(text.lstrip())
        return Span(source, start + indent, start + max(indent, len(text.rstrip())))
    at = min(column - 1, len(text))
    return Span(source, start + at, start + min(at + 1, len(text)))
