"""A text cut into what stands as it is and the expressions between."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..codes import expressions as codes
from ..diagnostic import Diagnostic, Label
from ..document import Scalar
from ..reading.places import place_of
from ..source import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """`${…}` in a text: what stands between the braces, and where it is in the text's value."""

    inner: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Text that stands as it is, and where it begins in the value; `$${` is `${` here."""

    text: str
    start: int = field(compare=False)


Piece = Hole | Words


def pieces_of(text: str, scalar: Scalar) -> tuple[Piece, ...] | Diagnostic:
    """Cut a text at its expressions; a diagnostic where one is not closed."""
    pieces: list[Piece] = []
    position = 0
    while (start := text.find("${", position)) >= 0:
        if start > position and text[start - 1] == "$":
            pieces.append(Words(text=text[position : start - 1], start=position))
            pieces.append(Words(text="${", start=start))
            position = start + 2
            continue
        pieces.append(Words(text=text[position:start], start=position))
        end = _closing(text, start + 2)
        if end is None:
            return _unclosed(text, start, scalar)
        pieces.append(Hole(inner=text[start + 2 : end], start=start, end=end + 1))
        position = end + 1
    pieces.append(Words(text=text[position:], start=position))
    return tuple(piece for piece in pieces if isinstance(piece, Hole) or piece.text)


def offset_of(scalar: Scalar, text: str, start: int, end: int) -> int | None:
    """Find where the expression at `text[start:end]` is written, None where escapes hide it.

    The offset is of what follows the opening `${`.
    """
    raw = scalar.span.text
    if raw == text:
        return scalar.span.start + start + 2
    if raw[1:-1] == text:
        return scalar.span.start + 1 + start + 2
    written_once = text[start:end]
    if raw.count(written_once) == 1:
        return scalar.span.start + raw.index(written_once) + 2
    place = place_of(scalar, start, end)
    return place.start + 2 if place.text == written_once else None


def hole_span(scalar: Scalar, text: str, hole: Hole) -> Span:
    """Return where a hole is written, braces included, or all of the scalar."""
    offset = offset_of(scalar, text, hole.start, hole.end)
    if offset is None:
        return place_of(scalar, hole.start, hole.end)
    return Span(scalar.span.source, offset - 2, offset - 2 + hole.end - hole.start)


def _closing(text: str, start: int) -> int | None:
    depth, quote, position = 0, "", start
    while position < len(text):
        character = text[position]
        if quote:
            if character == "\\":
                position += 1
            elif character == quote:
                quote = ""
        elif character in "'\"":
            quote = character
        elif character == "{":
            depth += 1
        elif character == "}":
            if depth == 0:
                return position
            depth -= 1
        position += 1
    return None


def _unclosed(text: str, start: int, scalar: Scalar) -> Diagnostic:
    offset = offset_of(scalar, text, start, start + 2)
    span = scalar.span
    if offset is not None:
        span = Span(span.source, offset - 2, offset)
    return Diagnostic(
        code=codes.EXPRESSION_SYNTAX,
        message="`${` has no closing `}`",
        primary=Label(span=span),
        help="close it, or write `$${` for a literal `${`",
    )
