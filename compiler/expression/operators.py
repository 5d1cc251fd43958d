"""The operators of expressions, with errors that name the types of both sides."""

from __future__ import annotations

import ast
import decimal
import operator as python
from collections.abc import Callable

from ..codes import expressions as codes
from ..suggest import closest
from .refusal import Budget, Refusal
from .value import Value, a_type, are_equal, is_number, type_name

_SYMBOLS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.USub: "-",
    ast.UAdd: "+",
}
_ARITHMETIC: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: python.add,
    ast.Sub: python.sub,
    ast.Mult: python.mul,
    ast.Div: python.truediv,
    ast.FloorDiv: python.floordiv,
    ast.Mod: python.mod,
}
_ORDERS: dict[type[ast.AST], Callable[[float, float], bool]] = {
    ast.Lt: python.lt,
    ast.LtE: python.le,
    ast.Gt: python.gt,
    ast.GtE: python.ge,
}
_DECIMAL = decimal.Context(prec=60, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN)


def binary(
    operator: ast.operator, left: Value, right: Value, node: ast.expr, budget: Budget
) -> Value:
    """Apply an arithmetic operator. Raises Refusal where types, range or size forbid it."""
    if is_number(left) and is_number(right):
        return budget.bounded(_arithmetic(operator, left, right, node), node)
    match operator, left, right:
        case ast.Add(), str(), str():
            budget.spend(len(left) + len(right), node)
            return left + right
        case ast.Add(), list(), list():
            budget.spend(len(left) + len(right), node)
            return left + right
        case (ast.Mult(), (str() | list()) as many, int() as times) | (
            ast.Mult(),
            int() as times,
            (str() | list()) as many,
        ) if not isinstance(times, bool):
            budget.spend(_weight(many) * max(times, 0), node)
            return many * times
        case _:
            raise _wrong_types(operator, left, right, node)


def unary(operator: ast.unaryop, operand: Value, node: ast.expr, budget: Budget) -> Value:
    """Apply `not`, `-` or `+`. Raises Refusal for a sign before what is no number."""
    if isinstance(operator, ast.Not):
        return not operand
    if not is_number(operand):
        symbol = _SYMBOLS[type(operator)]
        message = f"`{symbol}` does not take a value of type {type_name(operand)}"
        raise Refusal(codes.EXPRESSION_TYPE, message, node)
    return budget.bounded(-operand if isinstance(operator, ast.USub) else operand, node)


def compare(operator: ast.cmpop, left: Value, right: Value, node: ast.expr, budget: Budget) -> bool:
    """Compare two values. Raises Refusal where the types have no order."""
    match operator:
        case ast.Eq():
            return are_equal(left, right)
        case ast.NotEq():
            return not are_equal(left, right)
        case ast.In() | ast.NotIn():
            return _holds(operator, left, right, node, budget) is isinstance(operator, ast.In)
    order = _ORDERS[type(operator)]
    if is_number(left) and is_number(right):
        return order(left, right)
    if isinstance(left, str) and isinstance(right, str):
        signs = (left > right) - (left < right)
        return order(signs, 0)
    raise _wrong_types(operator, left, right, node)


def item_of(value: Value, key: Value, node: ast.expr) -> Value:
    """Return `value[key]`. Raises Refusal where there is no such item."""
    match value, key:
        case dict(), str():
            if key in value:
                return value[key]
            found = closest(key, sorted(value))
            hint = None if found is None else f"did you mean `{found}`?"
            raise Refusal(codes.MISSING_ITEM, f"the mapping has no key `{key}`", node, hint)
        case ((list() | str()), int()) if not isinstance(key, bool):
            if -len(value) <= key < len(value):
                return value[key]
            message = f"index {key} lies outside the {len(value)} items of {a_type(value)}"
            raise Refusal(codes.MISSING_ITEM, message, node)
        case _:
            message = f"{a_type(value)} has no items by {type_name(key)}"
            raise Refusal(codes.EXPRESSION_TYPE, message, node)


def power(left: float, right: float, node: ast.expr) -> float:
    """Return `left ** right`, exactly for integers, else correctly rounded from 60 digits."""
    if left == 0 and right < 0:
        raise Refusal(codes.DIVISION_BY_ZERO, "`{}` divides by zero", node)
    if isinstance(left, int) and isinstance(right, int) and right >= 0:
        if abs(left) > 1 and right > 64:
            raise Refusal(codes.NUMBER_TOO_LARGE, "`{}` does not fit 64 bits", node)
        return int(left**right)
    if left < 0 and right != int(right):
        message = "`{}` is a fractional power of a negative number"
        raise Refusal(codes.EXPRESSION_VALUE, message, node)
    if right == 0:
        return 1.0
    try:
        return float(_DECIMAL.power(decimal.Decimal(left), decimal.Decimal(right)))
    except decimal.DecimalException:
        raise Refusal(codes.NUMBER_TOO_LARGE, "`{}` is not a finite number", node) from None


def _arithmetic(operator: ast.operator, left: float, right: float, node: ast.expr) -> float:
    if isinstance(operator, ast.Pow):
        return power(left, right, node)
    try:
        return _ARITHMETIC[type(operator)](left, right)
    except ZeroDivisionError:
        raise Refusal(codes.DIVISION_BY_ZERO, "`{}` divides by zero", node) from None
    except OverflowError:
        raise Refusal(codes.NUMBER_TOO_LARGE, "`{}` is not a finite number", node) from None


def _holds(operator: ast.cmpop, left: Value, right: Value, node: ast.expr, budget: Budget) -> bool:
    match left, right:
        case str(), (str() | dict()):
            budget.spend(len(right), node)
            return left in right
        case _, list():
            budget.spend(len(right), node)
            return any(are_equal(left, item) for item in right)
        case _:
            raise _wrong_types(operator, left, right, node)


def _weight(value: Value) -> int:
    match value:
        case str():
            return max(len(value), 1)
        case list():
            return 1 + sum(map(_weight, value))
        case dict():
            return 1 + sum(map(_weight, value.values()))
        case _:
            return 1


def _wrong_types(
    operator: ast.operator | ast.cmpop, left: Value, right: Value, node: ast.expr
) -> Refusal:
    symbol = _SYMBOLS[type(operator)]
    message = f"`{symbol}` does not take {type_name(left)} and {type_name(right)}"
    return Refusal(codes.EXPRESSION_TYPE, message, node)
