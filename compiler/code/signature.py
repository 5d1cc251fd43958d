"""The parameters of a user's function, read from its definition."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Literal

from ..source import Source, Span
from .annotation import AnnotatedForm, annotation_text, form_of
from .classes import known_classes
from .folder import CodeFolder
from .names import Found
from .place import name_span, offset_of, span_of

ParameterKind = Literal["positional-only", "ordinary", "keyword-only"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterSign:
    """One parameter.

    `form` is the form of table that its annotation asks for, None where it names none;
    `annotation` is the annotation as written, without quotes around it; `classes` are those that
    it allows, None where they are not all known.
    """

    name: str
    span: Span = field(compare=False)
    kind: ParameterKind
    has_default: bool
    form: AnnotatedForm | None
    annotation: str | None
    classes: frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnSign:
    """What an annotation says that a function returns: as written, and the classes it allows."""

    span: Span = field(compare=False)
    annotation: str
    classes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What a function takes.

    `accepts_any` says that any further keyword is taken (`**kwargs`, or parameters that cannot be
    read); `span` is the function's name; `is_decorated` says that what is called may differ from
    what is read. `returns` is None where nothing certain is said of it.
    """

    parameters: tuple[ParameterSign, ...]
    accepts_any: bool
    span: Span = field(compare=False)
    is_decorated: bool
    returns: ReturnSign | None


def signature_of(folder: CodeFolder, found: Found, name: str) -> Signature:
    """Return the signature of a function that was found; of a value, one that takes anything."""
    node, source = found.definition.node, found.source
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return Signature(
                parameters=_parameters(folder, found, node.args),
                accepts_any=node.args.kwarg is not None,
                span=name_span(source, node, node.name),
                is_decorated=bool(node.decorator_list),
                returns=_returns(folder, found, node),
            )
        case ast.Lambda():
            return Signature(
                parameters=_parameters(folder, found, node.args),
                accepts_any=node.args.kwarg is not None,
                span=_assigned_span(source, found.definition.statement, name),
                is_decorated=False,
                returns=None,
            )
        case _:
            return unknown_signature(_assigned_span(source, found.definition.statement, name))


def unknown_signature(span: Span) -> Signature:
    """Return the signature of something whose parameters cannot be read."""
    return Signature(parameters=(), accepts_any=True, span=span, is_decorated=True, returns=None)


def _assigned_span(source: Source, statement: ast.stmt, name: str) -> Span:
    whole = span_of(source, statement)
    return (
        Span(source, whole.start, whole.start + len(name)) if whole.text.startswith(name) else whole
    )


def _parameters(
    folder: CodeFolder, found: Found, arguments: ast.arguments
) -> tuple[ParameterSign, ...]:
    positional = [*arguments.posonlyargs, *arguments.args]
    first_default = len(positional) - len(arguments.defaults)
    signs = [
        _sign(
            folder,
            found,
            argument,
            "positional-only" if index < len(arguments.posonlyargs) else "ordinary",
            has_default=index >= first_default,
        )
        for index, argument in enumerate(positional)
    ]
    signs += [
        _sign(folder, found, argument, "keyword-only", has_default=default is not None)
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    return tuple(signs)


def _sign(
    folder: CodeFolder, found: Found, argument: ast.arg, kind: ParameterKind, *, has_default: bool
) -> ParameterSign:
    start = offset_of(found.source, argument.lineno, argument.col_offset)
    return ParameterSign(
        name=argument.arg,
        span=Span(found.source, start, start + len(argument.arg)),
        kind=kind,
        has_default=has_default,
        form=form_of(folder, found.module, argument.annotation),
        annotation=annotation_text(found.source, argument.annotation),
        classes=known_classes(folder, found.module, argument.annotation),
    )


def _returns(
    folder: CodeFolder, found: Found, node: ast.FunctionDef | ast.AsyncFunctionDef
) -> ReturnSign | None:
    classes = known_classes(folder, found.module, node.returns)
    text = annotation_text(found.source, node.returns)
    if node.returns is None or classes is None or text is None:
        return None
    return ReturnSign(span=span_of(found.source, node.returns), annotation=text, classes=classes)
