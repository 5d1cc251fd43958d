"""Where each character of a text's value stands in the file that holds it."""

from __future__ import annotations

import re
from functools import lru_cache

from ..document import Scalar
from ..source import Span

_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_CONTINUED = re.compile(r"\\[ \t]*(?:\r\n|\n|\r)[ \t]*")
_HEADER = re.compile(r"[|>][^\n\r]*")


def place_of(scalar: Scalar, start: int, end: int) -> Span:
    """Return the span of `value[start:end]` as written; all of the scalar where that is unknown.

    Indentation, folding, doubled quotes and escapes are followed, whatever the style.
    """
    whole = scalar.span
    if not isinstance(scalar.value, str):
        return whole
    offsets = _offsets(whole.text, scalar.value, scalar.plain)
    if offsets is None or not 0 <= start < len(offsets):
        return whole
    last = offsets[min(max(end, start + 1), len(scalar.value)) - 1]
    return Span(whole.source, whole.start + offsets[start], whole.start + max(last, 0) + 1)


@lru_cache(maxsize=256)
def _offsets(raw: str, value: str, is_plain: bool) -> tuple[int, ...] | None:
    """Return the offset in `raw` of each character of `value`, or None where they do not agree."""
    style = "" if is_plain else raw[:1]
    header = _HEADER.match(raw) if style in ("|", ">") else None
    at = header.end() if header else (1 if style in ("'", '"') else 0)
    found: list[int] = []
    for character in value:
        if style == '"' and (joined := _CONTINUED.match(raw, at)):
            at = joined.end()
        escape = _ESCAPE.match(raw, at) if style == '"' else None
        if escape is not None:
            found.append(at)
            at = escape.end()
            continue
        if character.isspace():
            found.append(min(at, len(raw) - 1))
            at += raw[at : at + 1] == character
            continue
        at = _past_space(raw, at)
        if style == '"' and raw[at : at + 1] == "\\":
            found.append(at)
            at = _ESCAPE.match(raw, at).end()  # type: ignore[union-attr]  # any escape matches
            continue
        if raw[at : at + 1] != character:
            return None
        found.append(at)
        at += 2 if style == "'" and character == "'" else 1
    return tuple(found)


def _past_space(raw: str, at: int) -> int:
    while raw[at : at + 1].isspace():
        at += 1
    return at
