"""Lines of a source with marks under what is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..diagnostic import Label
from ..source import Source, line_starts, line_text, position
from .display import shown, width

LONGEST = 100
"""Columns of a source line that are shown at most."""

_WHOLE = 5
"""A label over more lines than this shows only its first and its last."""

_CUT = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Some columns of one line, counted from 0 as shown, and the words beside them."""

    start: int
    end: int
    message: str
    is_primary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """One line as shown, and its rows of marks. `number` is None for lines left out."""

    number: int | None
    text: str
    rows: tuple[tuple[Mark, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """The part of a label that lies in one line, in code points from the line's start."""

    line: int
    start: int
    end: int
    message: str
    is_primary: bool


def snippet(source: Source, primary: Label | None, labels: Sequence[Label]) -> list[SourceLine]:
    """Return the lines that labels of one source touch, in order, gaps marked."""
    pieces = [piece for label in labels for piece in _pieces(source, label, label is primary)]
    by_line: dict[int, list[_Piece]] = {}
    for piece in pieces:
        by_line.setdefault(piece.line, []).append(piece)
    lines: list[SourceLine] = []
    last: int | None = None
    for number in sorted(by_line):
        if last is not None and number == last + 2:
            lines.append(_line(source, last + 1, []))
        elif last is not None and number > last + 2:
            lines.append(SourceLine(number=None, text="", rows=()))
        lines.append(_line(source, number, by_line[number]))
        last = number
    return lines


def _pieces(source: Source, label: Label, is_primary: bool) -> list[_Piece]:
    start, end = label.span.start, max(label.span.start, label.span.end)
    # A block's span may run into the blank lines after it, where nothing is to be marked.
    if position(source, start).line != position(source, end).line:
        end = start + len(source.text[start:end].rstrip())
    first, last = position(source, start), position(source, end)
    if first.line == last.line:
        columns = (first.column - 1, last.column - 1)
        return [_piece(first.line, *columns, label.message, is_primary)]
    numbers = range(first.line, last.line + 1)
    kept = numbers if len(numbers) <= _WHOLE else (first.line, last.line)
    pieces: list[_Piece] = []
    for number in kept:
        text = line_text(source, number)
        if not text.strip():
            continue
        begin = first.column - 1 if number == first.line else len(text) - len(text.lstrip())
        stop = last.column - 1 if number == last.line else len(text.rstrip())
        message = label.message if number == last.line else ""
        pieces.append(_piece(number, begin, stop, message, is_primary))
    return pieces


def _piece(line: int, start: int, end: int, message: str, is_primary: bool) -> _Piece:
    return _Piece(line=line, start=start, end=end, message=message, is_primary=is_primary)


def _line(source: Source, number: int, pieces: list[_Piece]) -> SourceLine:
    raw = line_text(source, number) if number <= len(line_starts(source.text)) else ""
    marks = [
        Mark(
            start=(start := width(shown(raw[: piece.start]))),
            end=max(start + 1, width(shown(raw[: piece.end]))),
            message=shown(piece.message),
            is_primary=piece.is_primary,
        )
        for piece in sorted(pieces, key=lambda piece: (piece.start, piece.end))
    ]
    text, marks = _cut(shown(raw).rstrip(), marks)
    return SourceLine(number=number, text=text, rows=_rows(marks))


def _cut(text: str, marks: list[Mark]) -> tuple[str, list[Mark]]:
    """Keep `LONGEST` columns of a line, around the mark that matters most."""
    if width(text) <= LONGEST or not marks:
        return (text, marks) if width(text) <= LONGEST else (_window(text, 0), marks)
    focus = next((mark for mark in marks if mark.is_primary), marks[0])
    length = min(focus.end - focus.start, LONGEST // 2)
    before = max(0, focus.start - (LONGEST - length) // 2)
    before = min(before, max(0, width(text) - LONGEST))
    moved = [
        Mark(
            start=min(max(mark.start - before, 0), LONGEST - 1),
            end=max(1, min(mark.end - before, LONGEST)),
            message=mark.message,
            is_primary=mark.is_primary,
        )
        for mark in marks
    ]
    return _window(text, before), moved


def _window(text: str, before: int) -> str:
    """Return `LONGEST` columns of a text from a column on, with a sign at each end that is cut."""
    kept: list[str] = []
    column = 0
    for character in text:
        wide = width(character)
        if before <= column and column + wide <= before + LONGEST:
            kept.append(character)
        elif before < column + wide and column < before + LONGEST:
            kept.append(" ")  # half of a wide character
        column += wide
    if before:
        kept[0] = _CUT + " " * (width(kept[0]) - 1)
    if column > before + LONGEST:
        kept[-1] = _CUT + " " * (width(kept[-1]) - 1)
    return "".join(kept).rstrip()


def _rows(marks: list[Mark]) -> tuple[tuple[Mark, ...], ...]:
    """Put marks under a line, side by side as long as no words stand in the way."""
    rows: list[list[Mark]] = []
    for mark in marks:
        last = rows[-1][-1] if rows else None
        if last is not None and not last.message and last.end <= mark.start:
            rows[-1].append(mark)
        else:
            rows.append([mark])
    return tuple(tuple(row) for row in rows)
