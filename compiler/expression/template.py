"""A value with `${…}` in it: a document node whose expressions are parsed, ready to evaluate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import assert_never

from ..codes import expressions as codes
from ..diagnostic import Diagnostic, Label
from ..document import Mapping, Node, Scalar, Sequence
from ..source import Span
from .expression import (
    Expression,
    Reference,
    check_references,
    evaluate_expression,
    parse_expression,
)
from .pieces import Words, offset_of, pieces_of
from .scope import Names, Scope
from .value import Value, a_type, written


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """A value without expressions."""

    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A scalar that is one expression and keeps its type."""

    expression: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A string with expressions inside."""

    parts: tuple[str | Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list that holds expressions."""

    items: tuple[Template, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """A mapping that holds expressions."""

    fields: tuple[tuple[str, Template], ...]


Template = Constant | Whole | Text | Items | Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """There is no value; `diagnostics` say why."""

    diagnostics: tuple[Diagnostic, ...] = field(default=())


def prepare(node: Node, names: Names) -> tuple[Template | None, tuple[Diagnostic, ...]]:
    """Parse the expressions of a node and check the names they use.

    The template is None where it can have no value: there are diagnostics, or it uses a name
    that was declared badly, which has been reported where it was declared.
    """
    found: list[Diagnostic] = []
    template = _parse(node, found)
    if template is None or found:
        return None, _faults(node, names, found)
    for expression in expressions_of(template):
        found.extend(check_references(expression, names))
    if found or any(
        reference.root == "parameters" and reference.name in names.broken
        for reference in references_of(template)
    ):
        return None, tuple(found)
    return template, ()


def _faults(node: Node, names: Names, found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a node that does not parse, with the names in the rest of it."""
    match node:
        case Sequence():
            parts = node.items
        case Mapping():
            parts = tuple(entry.value for entry in node.entries)
        case _:
            return tuple(found)
    return tuple(diagnostic for part in parts for diagnostic in prepare(part, names)[1])


def evaluate(template: Template, scope: Scope) -> Value | Failed:
    """Return the value of a prepared template."""
    match template:
        case Constant():
            return template.value
        case Whole():
            value = evaluate_expression(template.expression, scope)
            return Failed(diagnostics=(value,)) if isinstance(value, Diagnostic) else value
        case Text():
            return _text(template, scope)
        case Items():
            values = [evaluate(item, scope) for item in template.items]
            return _unless_failed(values, values)
        case Fields():
            fields = {key: evaluate(item, scope) for key, item in template.fields}
            return _unless_failed(list(fields.values()), fields)
        case _:
            assert_never(template)


def expressions_of(template: Template) -> Iterator[Expression]:
    """Yield every expression of a template."""
    match template:
        case Constant():
            return
        case Whole():
            yield template.expression
        case Text():
            yield from (part for part in template.parts if isinstance(part, Expression))
        case Items():
            for item in template.items:
                yield from expressions_of(item)
        case Fields():
            for _, item in template.fields:
                yield from expressions_of(item)
        case _:
            assert_never(template)


def references_of(template: Template) -> tuple[Reference, ...]:
    """Return every name that a template uses."""
    return tuple(r for expression in expressions_of(template) for r in expression.references)


def referenced_parameters(node: Node) -> frozenset[str]:
    """Return the parameters that a node's expressions name; none where they cannot be read."""
    template = _parse(node, [])
    if template is None:
        return frozenset()
    return frozenset(r.name for r in references_of(template) if r.root == "parameters")


def _unless_failed(parts: list[Value | Failed], whole: object) -> Value | Failed:
    failures = [part for part in parts if isinstance(part, Failed)]
    if failures:
        return Failed(diagnostics=tuple(d for failed in failures for d in failed.diagnostics))
    return whole  # type: ignore[return-value]  # no part of it is Failed


def _text(template: Text, scope: Scope) -> Value | Failed:
    pieces: list[str] = []
    failures: list[Diagnostic] = []
    for part in template.parts:
        if isinstance(part, str):
            pieces.append(part)
            continue
        value = evaluate_expression(part, scope)
        if isinstance(value, Diagnostic):
            failures.append(value)
        elif isinstance(value, (list, dict)):
            failures.append(_not_scalar(part, value))
        else:
            pieces.append(written(value))
    return Failed(diagnostics=tuple(failures)) if failures else "".join(pieces)


def _not_scalar(expression: Expression, value: Value) -> Diagnostic:
    span = expression.scalar
    if expression.offset is not None:
        end = expression.offset + len(expression.text)
        span = Span(span.source, expression.offset, end)
    return Diagnostic(
        code=codes.TEXT_NOT_SCALAR,
        message=f"{a_type(value)} cannot be written inside a text",
        primary=Label(span=span),
        help="let the expression be the whole value, or index it",
    )


def _parse(node: Node, found: list[Diagnostic]) -> Template | None:
    match node:
        case Scalar(value=str() as text) if "${" in text:
            return _parse_text(text, node, found)
        case Scalar():
            return Constant(value=node.value)
        case Sequence():
            return _parse_items(node, found)
        case Mapping():
            return _parse_fields(node, found)
        case _:
            assert_never(node)


def _parse_items(node: Sequence, found: list[Diagnostic]) -> Template | None:
    items = [_parse(item, found) for item in node.items]
    kept = tuple(item for item in items if item is not None)
    if len(kept) < len(items):
        return None
    constants = [item.value for item in kept if isinstance(item, Constant)]
    return Constant(value=constants) if len(constants) == len(kept) else Items(items=kept)


def _parse_fields(node: Mapping, found: list[Diagnostic]) -> Template | None:
    fields = [(entry.key, _parse(entry.value, found)) for entry in node.entries]
    kept = tuple((key, item) for key, item in fields if item is not None)
    if len(kept) < len(fields):
        return None
    constants = {key: item.value for key, item in kept if isinstance(item, Constant)}
    return Constant(value=constants) if len(constants) == len(kept) else Fields(fields=kept)


def _parse_text(text: str, scalar: Scalar, found: list[Diagnostic]) -> Template | None:
    pieces = pieces_of(text, scalar)
    if isinstance(pieces, Diagnostic):
        found.append(pieces)
        return None
    parts: list[str | Expression] = []
    is_sound = True
    for piece in pieces:
        if isinstance(piece, Words):
            parts.append(piece.text)
            continue
        offset = offset_of(scalar, text, piece.start, piece.end)
        expression = parse_expression(piece.inner, scalar.span, offset)
        if isinstance(expression, Diagnostic):
            found.append(expression)
            is_sound = False
        else:
            parts.append(expression)
    return _template(parts) if is_sound else None


def _template(parts: list[str | Expression]) -> Template:
    kept = tuple(part for part in parts if part != "")
    if len(kept) == 1 and isinstance(kept[0], Expression):
        return Whole(expression=kept[0])
    if not any(isinstance(part, Expression) for part in kept):
        return Constant(value="".join(part for part in kept if isinstance(part, str)))
    return Text(parts=kept)
