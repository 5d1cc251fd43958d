"""The text of a query in its pieces, and back from an evaluated text to where it was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..codes.queries import QUOTED_LITERAL
from ..diagnostic import Diagnostic, Label
from ..document import Scalar
from ..expression.expression import Expression, check_references, parse_expression
from ..expression.pieces import Hole, hole_span, offset_of, pieces_of
from ..expression.scope import Names
from ..reading.places import place_of
from ..source import Source, Span
from .quotes import Standing, standings

_MENDS: dict[Standing, tuple[str, str]] = {
    "quotes": ("stands inside quotes", "take the quotes away: it becomes a literal, and no name"),
    "comment": ("stands in a comment", "remove it from the comment"),
    "grown": ("touches what is beside it", "put spaces around it: it becomes a literal, no name"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """An expression in a query; `span` is where it is written, braces included."""

    expression: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """Text of a query as it is; `start` is its offset in the value of the scalar, or the file."""

    text: str
    start: int = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedQuery:
    """A query whose expressions are parsed; `whole` is what to point at where nothing is nearer."""

    parts: tuple[Fixed | Literal, ...]
    scalar: Scalar | None = field(compare=False)
    file: Source | None = field(compare=False)
    whole: Span = field(compare=False)

    def holes(self) -> Iterator[Literal]:
        """Go through the expressions in the order written."""
        yield from (part for part in self.parts if isinstance(part, Literal))

    def text(self, literals: list[str]) -> str:
        """Return the text with a literal for each expression, in the order written."""
        rest = iter(literals)
        return "".join(part.text if isinstance(part, Fixed) else next(rest) for part in self.parts)

    def span(self, literals: list[str], place: tuple[int, int] | None) -> Span:
        """Return where a place of the evaluated text is written."""
        if place is None:
            return self.whole
        rest, at = iter(literals), 0
        for part in self.parts:
            length = len(part.text) if isinstance(part, Fixed) else len(next(rest))
            if place[0] < at + length or part is self.parts[-1]:
                if isinstance(part, Literal):
                    return part.span
                return self._within(part.start, place[0] - at, place[1] - at)
            at += length
        return self.whole

    def _within(self, start: int, first: int, last: int) -> Span:
        if self.file is not None:
            length = len(self.file.text)
            return Span(self.file, min(start + first, length), min(start + last, length))
        assert self.scalar is not None, "a query stands in a scalar or in a file"
        return place_of(self.scalar, start + first, start + last)


def _shown(hole: Hole) -> str:
    text = " ".join(hole.inner.split())
    return f"${{{text if len(text) <= 30 else text[:29] + '…'}}}"


def prepare_file(source: Source) -> PreparedQuery:
    """Return a query that stands in a file; `${…}` is plain text there."""
    whole = Span(source, 0, min(1, len(source.text)))
    part = Fixed(text=source.text, start=0)
    return PreparedQuery(parts=(part,), scalar=None, file=source, whole=whole)


def prepare_query(
    scalar: Scalar, names: Names
) -> tuple[PreparedQuery | None, tuple[Diagnostic, ...]]:
    """Parse the expressions of a query; None where it can have no value."""
    text = str(scalar.value)
    pieces = pieces_of(text, scalar)
    if isinstance(pieces, Diagnostic):
        return None, (pieces,)
    found: list[Diagnostic] = []
    places = iter(standings([None if isinstance(p, Hole) else p.text for p in pieces]))
    parts: list[Fixed | Literal] = []
    for piece in pieces:
        if not isinstance(piece, Hole):
            parts.append(Fixed(text=piece.text, start=piece.start))
            continue
        span = hole_span(scalar, text, piece)
        standing = next(places)
        if standing != "plain":
            where, mend = _MENDS[standing]
            message = f"`{_shown(piece)}` {where}"
            label = Label(span=span)
            found.append(Diagnostic(code=QUOTED_LITERAL, message=message, primary=label, help=mend))
        offset = offset_of(scalar, text, piece.start, piece.end)
        expression = parse_expression(piece.inner, scalar.span, offset)
        if isinstance(expression, Diagnostic):
            found.append(expression)
            continue
        found.extend(check_references(expression, names))
        parts.append(Literal(expression=expression, span=span))
    is_broken = any(
        reference.root == "parameters" and reference.name in names.broken
        for part in parts
        if isinstance(part, Literal)
        for reference in part.expression.references
    )
    if found or is_broken:
        return None, tuple(found)
    first = scalar.span.text.split("\n", 1)[0].rstrip()
    whole = Span(scalar.span.source, scalar.span.start, scalar.span.start + max(len(first), 1))
    return PreparedQuery(parts=tuple(parts), scalar=scalar, file=None, whole=whole), ()
