"""The values of parameters: what the caller gives, else the default, checked.

A value of type number is a 64-bit float, also where it was written as an integer, so that
`1` and `1.0` mean the same plan.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .canonical import encode
from .codes import parameters as codes
from .diagnostic import Code, Diagnostic, Label
from .document import Node, Sequence, plain_value
from .expression.value import Value, a_type, are_equal, is_number, written
from .source import Span
from .spec import Parameter, ParameterType, Spec
from .suggest import closest


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Values by parameter name; what is in `broken` has been reported and has none."""

    values: Mapping[str, Value]
    broken: frozenset[str]


_INTEGER = re.compile(r"[+-]?[0-9]{1,400}\Z")
_ABSENT = object()


def bind_parameters(
    spec: Spec, given: Mapping[str, object]
) -> tuple[Values, tuple[Diagnostic, ...]]:
    """Return the value of every parameter, and what is wrong with those that have none.

    `given` holds values as JSON has them, or text from the command line, read by the declared
    type. Errors in given values point at the declaration, for they have no place of their own.
    """
    values: dict[str, Value] = {}
    found: list[Diagnostic] = list(_undeclared(spec, given))
    for parameter in spec.parameters:
        faults = list(_declaration_faults(parameter))
        if not faults:
            value, faults = _value_of(parameter, given.get(parameter.name.text, _ABSENT))
            if not faults:
                values[parameter.name.text] = value
        found.extend(faults)
    names = {parameter.name.text for parameter in spec.parameters}
    broken = spec.broken | (names - values.keys())
    return Values(values=values, broken=broken), tuple(found)


def _undeclared(spec: Spec, given: Mapping[str, object]) -> Iterator[Diagnostic]:
    names = [parameter.name.text for parameter in spec.parameters]
    for name in sorted(given):
        if name not in names and name not in spec.broken:
            near = closest(name, names)
            start = Span(spec.span.source, spec.span.start, spec.span.start)
            yield _diagnostic(
                codes.UNDECLARED_PARAMETER,
                f"a value is given for `{name}`, which is no parameter",
                start,
                None if near is None else f"did you mean `{near}`?",
            )


def _declaration_faults(parameter: Parameter) -> Iterator[Diagnostic]:
    """Check default, bounds and allowed values against the type, and the bounds against another."""
    nodes = [("default", parameter.default)]
    if parameter.type in ("integer", "number", "string"):
        nodes += [("minimum", parameter.minimum), ("maximum", parameter.maximum)]
    for what, node in nodes:
        if node is not None and _converted(plain_value(node), parameter.type) is _ABSENT:
            yield _wrong_type(parameter, plain_value(node), node.span, what)
    allowed = [] if parameter.values is None else plain_value(parameter.values)
    if not isinstance(allowed, list):
        assert parameter.values is not None
        message = f"`values` of parameter `{parameter.name.text}` must be a list"
        yield _diagnostic(codes.WRONG_PARAMETER_TYPE, message, parameter.values.span)
        return
    for index, item in enumerate(allowed):
        if _converted(item, parameter.type) is _ABSENT:
            yield _wrong_type(parameter, item, _item_span(parameter.values, index), "value")
    yield from _contradiction(parameter)


def _contradiction(parameter: Parameter) -> Iterator[Diagnostic]:
    low, high = parameter.minimum, parameter.maximum
    if low is None or high is None:
        return
    least, most = plain_value(low), plain_value(high)
    if is_number(least) and is_number(most) and least > most:
        yield Diagnostic(
            code=codes.CONTRADICTORY_BOUNDS,
            message=(
                f"`minimum` of `{parameter.name.text}` is {_said(least)}, "
                f"above its `maximum` {_said(most)}"
            ),
            primary=Label(span=low.span),
            related=(Label(span=high.span, message="its `maximum`"),),
        )


def _value_of(parameter: Parameter, given: object) -> tuple[Value, list[Diagnostic]]:
    name, span = parameter.name.text, parameter.name.span
    if given is _ABSENT:
        if parameter.default is None:
            hint = f"give it with `-p {name}=VALUE`, or declare a `default`"
            message = f"parameter `{name}` has no value"
            return None, [_diagnostic(codes.MISSING_PARAMETER, message, span, hint)]
        span = parameter.default.span
        value = _converted(plain_value(parameter.default), parameter.type)
    else:
        raw = _read(given, parameter.type) if isinstance(given, str) else given
        value = _converted(raw, parameter.type)
        if value is _ABSENT:
            shown = _clip(given) if isinstance(given, str) else _clip(repr(given))
            message = f"parameter `{name}` is of type {parameter.type}, but got `{shown}`"
            return None, [_diagnostic(codes.WRONG_PARAMETER_TYPE, message, span, _form(parameter))]
    fault = _bound_fault(parameter, _known(value), span)
    return _known(value), [] if fault is None else [fault]


def _known(value: object) -> Value:
    return value  # type: ignore[return-value]  # `_converted` gives JSON values alone


def _bound_fault(parameter: Parameter, value: Value, span: Span) -> Diagnostic | None:
    name = parameter.name.text
    for what, node, sign in (
        ("minimum", parameter.minimum, 1),
        ("maximum", parameter.maximum, -1),
    ):
        bound = None if node is None else plain_value(node)
        if node is not None and _is_beyond(value, bound, sign):
            side = "below" if sign == 1 else "above"
            message = f"parameter `{name}` is {_said(value)}, {side} its {what} {_said(bound)}"
            return _bounded_fault(message, span, node.span, what)
    if parameter.values is not None:
        allowed = plain_value(parameter.values)
        if isinstance(allowed, list) and not any(are_equal(value, item) for item in allowed):
            message = f"parameter `{name}` is {_said(value)}, which is none of its `values`"
            return _bounded_fault(message, span, parameter.values.span, "values")
    return None


def _is_beyond(value: Value, bound: Value, sign: int) -> bool:
    if is_number(value) and is_number(bound):
        return (bound - value) * sign > 0
    if isinstance(value, str) and isinstance(bound, str):
        return value < bound if sign == 1 else value > bound
    return False


def _read(text: str, kind: ParameterType) -> object:
    """Read text from a command line as the type that is declared; text again where it is none."""
    match kind:
        case "string":
            return text
        case "boolean":
            return {"true": True, "false": False}.get(text, text)
        case "integer":
            return int(text) if _INTEGER.match(text) else text
        case "number" | "list" | "mapping":
            try:
                return json.loads(text, parse_constant=_refuse_constant)
            except (ValueError, RecursionError):
                return text


def _refuse_constant(text: str) -> object:
    raise ValueError(text)


def _converted(value: object, kind: ParameterType) -> object:
    """Return a value as its type has it, or `_ABSENT` where it is not of that type."""
    matches = {
        "boolean": isinstance(value, bool),
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "number": isinstance(value, (int, float)) and not isinstance(value, bool),
        "string": isinstance(value, str),
        "list": isinstance(value, list),
        "mapping": isinstance(value, dict),
    }
    if not matches[kind]:
        return _ABSENT
    try:
        if kind == "number":
            value = float(value)  # type: ignore[arg-type]  # a number, by the line above
        encode(value)  # type: ignore[arg-type]  # refuses what is not JSON with TypeError
    except (ValueError, TypeError, OverflowError, RecursionError):
        return _ABSENT
    return value


def _wrong_type(parameter: Parameter, value: Value, span: Span, what: str) -> Diagnostic:
    name = parameter.name.text
    kind = f"an {parameter.type}" if parameter.type == "integer" else f"a {parameter.type}"
    words = f"the {what} of parameter `{name}` is {a_type(value)}, not {kind}"
    return _diagnostic(codes.WRONG_PARAMETER_TYPE, words, span)


def _bounded_fault(message: str, span: Span, bound: Span, what: str) -> Diagnostic:
    return Diagnostic(
        code=codes.PARAMETER_OUT_OF_BOUNDS,
        message=message,
        primary=Label(span=span),
        related=(Label(span=bound, message=f"its {what}"),),
    )


def _form(parameter: Parameter) -> str | None:
    forms = {"boolean": "write `true` or `false`", "list": "write JSON, as in `[1, 2]`"}
    forms["mapping"] = 'write JSON, as in `{"depth": 2}`'
    return forms.get(parameter.type)


def _item_span(node: Node | None, index: int) -> Span:
    assert node is not None, "there are items, so there is a list"
    return node.items[index].span if isinstance(node, Sequence) else node.span


def _said(value: Value) -> str:
    if isinstance(value, (list, dict)):
        return f"{a_type(value)}"
    return f"`{_clip(written(value))}`" if isinstance(value, str) else written(value)


def _clip(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:21]}..."


def _diagnostic(code: Code, message: str, span: Span, hint: str | None = None) -> Diagnostic:
    return Diagnostic(code=code, message=message, primary=Label(span=span), help=hint)
