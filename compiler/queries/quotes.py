"""Where in the text of a query a literal can stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

Standing = Literal["plain", "quotes", "comment", "grown"]

_OPENING = re.compile(
    r"""(?P<escaped>(?<![A-Za-z0-9_$])[eE]')|(?P<quote>['"])|(?P<line>--)|(?P<block>/\*)"""
    r"""|(?P<dollar>(?<![A-Za-z0-9_$])\$(?:[A-Za-z_][A-Za-z0-9_]*)?\$)"""
)
_GROWN = re.compile(r"[A-Za-z0-9_$'\"\x80-\U0010ffff]")
_HOLE = "\0"


def standings(parts: Sequence[str | None]) -> tuple[Standing, ...]:
    """Say of each hole (None among the texts) where it stands in the grammar of SQL."""
    text = "".join(_HOLE if part is None else part.replace(_HOLE, " ") for part in parts)
    inside: dict[int, Standing] = {}
    for start, end, standing in _covered(text):
        inside |= dict.fromkeys(_holes(text, start, end), standing)
    return tuple(inside.get(at, _touching(text, at)) for at in _holes(text, 0, len(text)))


def _holes(text: str, start: int, end: int) -> Iterator[int]:
    at = text.find(_HOLE, start, end)
    while at >= 0:
        yield at
        at = text.find(_HOLE, at + 1, end)


def _touching(text: str, at: int) -> Standing:
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    for beside in (before, after):
        if beside == _HOLE or _GROWN.match(beside):
            return "grown"
    return "grown" if before == "." or after == "." else "plain"


def _covered(text: str) -> Iterator[tuple[int, int, Standing]]:
    """Go through quotes and comments: where each begins and ends."""
    at = 0
    while (opening := _OPENING.search(text, at)) is not None:
        kind, start = str(opening.lastgroup), opening.start()
        at = _end(text, kind, opening[0], opening.end())
        yield start, at, "comment" if kind in ("line", "block") else "quotes"


def _end(text: str, kind: str, opening: str, at: int) -> int:
    match kind:
        case "line":
            return _after(text, "\n", at)
        case "block":
            return _block_end(text, at)
        case "dollar":
            return _after(text, opening, at)
        case _:
            return _quote_end(text, opening[-1], at, escapes=kind == "escaped")


def _after(text: str, word: str, at: int) -> int:
    found = text.find(word, at)
    return len(text) if found < 0 else found + len(word)


def _block_end(text: str, at: int) -> int:
    depth = 1
    while depth and (found := re.compile(r"/\*|\*/").search(text, at)):
        depth += 1 if found[0] == "/*" else -1
        at = found.end()
    return len(text) if depth else at


def _quote_end(text: str, quote: str, at: int, *, escapes: bool) -> int:
    while at < len(text):
        if escapes and text[at] == "\\":
            at += 2
        elif text[at] != quote:
            at += 1
        elif text[at + 1 : at + 2] == quote:
            at += 2
        else:
            return at + 1
    return len(text)
