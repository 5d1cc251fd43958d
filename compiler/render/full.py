"""Diagnostics as people read them in a terminal: the headline, the lines meant, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..diagnostic import Diagnostic, Label
from ..source import Source, line_starts, position
from .display import shown
from .snippet import Mark, SourceLine, snippet

_RESET = "\x1b[0m"
_BOLD = "\x1b[1m"
_RED = "\x1b[1;31m"
_YELLOW = "\x1b[1;33m"
_BLUE = "\x1b[1;34m"
_CYAN = "\x1b[1;36m"


def render_full(diagnostics: Sequence[Diagnostic], *, colour: bool) -> str:
    """Return diagnostics with snippets, a blank line between; the text is the same with colour."""
    return "\n".join("".join(f"{line}\n" for line in _lines(d, colour)) for d in diagnostics)


def _lines(diagnostic: Diagnostic, colour: bool) -> Iterator[str]:
    paint = _Paint(diagnostic, colour)
    groups = _by_source(diagnostic)
    drawn = [(labels, snippet(source, diagnostic.primary, labels)) for source, labels in groups]
    numbers = [line.number for _, lines in drawn for line in lines if line.number is not None]
    gutter = len(str(max(numbers, default=1)))
    name = paint.severity(f"{diagnostic.severity}[{diagnostic.code.name}]")
    yield f"{name}{paint.bold(': ' + shown(diagnostic.message))}"
    for index, (labels, lines) in enumerate(drawn):
        yield f"{' ' * gutter}{paint.frame('-->' if index == 0 else ':::')} {_place(labels[0])}"
        if _is_empty(labels[0].span.source):
            continue
        yield f"{' ' * gutter} {paint.frame('|')}"
        for line in lines:
            yield from _draw(line, gutter, paint)
        if index < len(drawn) - 1:
            yield f"{' ' * gutter} {paint.frame('|')}"
    action = diagnostic.help or next((fix.title for fix in diagnostic.fixes), None)
    if action is not None:
        yield f"{' ' * gutter} {paint.frame('=')} {paint.bold('help')}: {shown(action)}"


def _by_source(diagnostic: Diagnostic) -> list[tuple[Source, list[Label]]]:
    """Return the labels by file, the primary one's first and in it the primary label first."""
    groups: dict[str, tuple[Source, list[Label]]] = {}
    for label in (diagnostic.primary, *diagnostic.related):
        source = label.span.source
        groups.setdefault(source.path, (source, []))[1].append(label)
    return list(groups.values())


def _place(label: Label) -> str:
    where = position(label.span.source, label.span.start)
    return f"{shown(label.span.source.path)}:{where.line}:{where.column}"


def _is_empty(source: Source) -> bool:
    return len(line_starts(source.text)) == 1 and not source.text.strip()


def _draw(line: SourceLine, gutter: int, paint: _Paint) -> Iterator[str]:
    if line.number is None:
        yield paint.frame("...")
        return
    bar = paint.frame("|")
    yield f"{paint.frame(f'{line.number:>{gutter}}')} {bar} {line.text}".rstrip()
    for row in line.rows:
        yield f"{' ' * gutter} {bar} {_marks(row, paint)}"


def _marks(row: tuple[Mark, ...], paint: _Paint) -> str:
    text, column = "", 0
    for mark in row:
        sign = "^" if mark.is_primary else "-"
        words = f" {mark.message}" if mark.message else ""
        drawn = sign * (mark.end - mark.start) + words
        text += " " * (mark.start - column) + paint.mark(drawn, mark.is_primary)
        column = mark.end
    return text


class _Paint:
    """Colours, or none."""

    def __init__(self, diagnostic: Diagnostic, colour: bool) -> None:
        self._colour = colour
        self._severity = _RED if diagnostic.severity == "error" else _YELLOW

    def severity(self, text: str) -> str:
        return self._in(self._severity, text)

    def bold(self, text: str) -> str:
        return self._in(_BOLD, text)

    def frame(self, text: str) -> str:
        return self._in(_BLUE, text)

    def mark(self, text: str, is_primary: bool) -> str:
        return self._in(self._severity if is_primary else _CYAN, text)

    def _in(self, colour: str, text: str) -> str:
        return f"{colour}{text}{_RESET}" if self._colour else text
