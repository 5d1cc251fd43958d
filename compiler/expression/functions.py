"""The functions that expressions may call, each total."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from ..codes import expressions as codes
from .refusal import LARGEST, Budget, Refusal
from .value import Value, is_number, type_name, written

Function = Callable[[list[Value], ast.Call, Budget], Value]

_INTEGER = re.compile(r"[+-]?[0-9]{1,25}\Z")
_NUMBER = re.compile(r"[+-]?([0-9]{1,400}(\.[0-9]{0,400})?|\.[0-9]{1,400})([eE][+-]?[0-9]{1,5})?\Z")


def _len(arguments: list[Value], call: ast.Call, budget: Budget) -> Value:
    del budget
    value = _only(arguments, call)
    if not isinstance(value, (str, list, dict)):
        raise _wrong_type(call, value)
    return len(value)


def _extreme(arguments: list[Value], call: ast.Call, budget: Budget) -> Value:
    values = arguments
    if len(arguments) == 1:
        if not isinstance(arguments[0], list):
            raise _wrong_type(call, arguments[0])
        values = arguments[0]
    if not values:
        raise Refusal(codes.EXPRESSION_VALUE, "`{}` has nothing to choose from", call)
    budget.spend(len(values), call)
    strings = [value for value in values if isinstance(value, str)]
    numbers = [value for value in values if isinstance(value, (int, float)) and is_number(value)]
    pick = min if _name(call) == "min" else max
    if len(strings) == len(values):
        return pick(strings)
    if len(numbers) == len(values):
        return pick(numbers)
    first = values[0]
    other = next(
        value for value in values if _family(value) != _family(first) or not _ordered(value)
    )
    message = f"`{_name(call)}` does not take {type_name(first)} and {type_name(other)}"
    raise Refusal(codes.EXPRESSION_TYPE, message, call)


def _round(arguments: list[Value], call: ast.Call, budget: Budget) -> Value:
    if len(arguments) not in (1, 2):
        raise _wrong_count(call, "one or two values")
    value, *rest = arguments
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise _wrong_type(call, value)
    if not rest:
        return budget.bounded(round(value), call)
    digits = rest[0]
    if not isinstance(digits, int) or isinstance(digits, bool):
        raise _wrong_type(call, digits)
    try:
        return budget.bounded(round(value, max(-400, min(digits, 400))), call)
    except OverflowError:
        raise Refusal(codes.NUMBER_TOO_LARGE, "`{}` is not a finite number", call) from None


def _range(arguments: list[Value], call: ast.Call, budget: Budget) -> Value:
    if len(arguments) not in (1, 2, 3):
        raise _wrong_count(call, "one to three values")
    bounds: list[int] = []
    for value in arguments:
        if not isinstance(value, int) or isinstance(value, bool):
            raise _wrong_type(call, value)
        bounds.append(value)
    if len(bounds) == 3 and bounds[2] == 0:
        raise Refusal(codes.EXPRESSION_VALUE, "the step of `{}` is zero", call)
    numbers = range(*bounds)
    # len() overflows above 2**63, where the last item still tells the size.
    size = (abs(numbers[-1] - numbers[0]) // abs(numbers.step) + 1) if numbers else 0
    budget.spend(min(size, LARGEST + 1), call)
    return list(numbers)


def _str(arguments: list[Value], call: ast.Call, budget: Budget) -> Value:
    value = _only(arguments, call)
    if isinstance(value, (list, dict)):
        raise _wrong_type(call, value)
    text = written(value)
    budget.spend(len(text), call)
    return text


def _int(arguments: list[Value], call: ast.Call, budget: Budget) -> Value:
    value = _only(arguments, call)
    if isinstance(value, str):
        if not _INTEGER.match(value):
            raise Refusal(codes.EXPRESSION_VALUE, f"`{_clip(value)}` is no integer", call)
        return budget.bounded(int(value), call)
    if not isinstance(value, (bool, int, float)):
        raise _wrong_type(call, value)
    return budget.bounded(int(value), call)


def _float(arguments: list[Value], call: ast.Call, budget: Budget) -> Value:
    value = _only(arguments, call)
    if isinstance(value, str):
        if not _NUMBER.match(value):
            raise Refusal(codes.EXPRESSION_VALUE, f"`{_clip(value)}` is no number", call)
        return budget.bounded(float(value), call)
    if not isinstance(value, (bool, int, float)):
        raise _wrong_type(call, value)
    return budget.bounded(float(value), call)


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "len": _len,
        "min": _extreme,
        "max": _extreme,
        "round": _round,
        "range": _range,
        "str": _str,
        "int": _int,
        "float": _float,
    }
)


def _only(arguments: list[Value], call: ast.Call) -> Value:
    if len(arguments) != 1:
        raise _wrong_count(call, "one value")
    return arguments[0]


def _family(value: Value) -> str:
    return "number" if is_number(value) else type_name(value)


def _ordered(value: Value) -> bool:
    return _family(value) in ("number", "string")


def _name(call: ast.Call) -> str:
    assert isinstance(call.func, ast.Name)
    return call.func.id


def _clip(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:27]}..."


def _wrong_type(call: ast.Call, value: Value) -> Refusal:
    message = f"`{_name(call)}` does not take a value of type {type_name(value)}"
    return Refusal(codes.EXPRESSION_TYPE, message, call)


def _wrong_count(call: ast.Call, expected: str) -> Refusal:
    return Refusal(codes.EXPRESSION_VALUE, f"`{_name(call)}` takes {expected}", call)
