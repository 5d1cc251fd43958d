"""Bounds and values of columns: which a column's type can have, and how two compare."""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation

from ..plan import Scalar

_ORDERLESS = ("bool", "list", "struct", "map")


def suits(value: Scalar, kind: str | None, *, is_bound: bool) -> bool:
    """Say whether a column of a canonical type can be compared with a value.

    A bound of integers may lie between two of them, and booleans and nested types have no bounds.
    """
    if value is None:
        return not is_bound
    if kind is None:
        return not (is_bound and isinstance(value, bool))
    if kind == "bool":
        return isinstance(value, bool) and not is_bound
    if isinstance(value, bool) or kind.startswith(_ORDERLESS):
        return False
    limits = integer_limits(kind)
    if limits is not None:
        if isinstance(value, str) or not (is_bound or float(value).is_integer()):
            return False
        return limits[0] <= value <= limits[1]
    if kind.startswith("float"):
        return isinstance(value, (int, float))
    if kind.startswith("duration"):
        return isinstance(value, int)
    if kind.startswith("decimal"):
        return isinstance(value, int | float) or _decimal(value) is not None
    return isinstance(value, str) and (kind in ("string", "binary") or _is_temporal(value, kind))


def has_order(kind: str | None) -> bool:
    """Say whether values of a type can have bounds at all."""
    return kind is None or not kind.startswith(_ORDERLESS)


def integer_limits(kind: str) -> tuple[int, int] | None:
    """Return the least and the greatest value of an integer type, or None for any other."""
    sign, _, bits = kind.partition("int")
    if sign not in ("", "u") or not bits.isdigit():
        return None
    width = int(bits)
    return (0, 2**width - 1) if sign else (-(2 ** (width - 1)), 2 ** (width - 1) - 1)


def form_of_values(kind: str | None) -> str | None:
    """Say in an imperative how a value of a type is written, where that can be said."""
    if kind is None:
        return None
    limits = integer_limits(kind)
    if limits is not None and limits[1] < 2**32:
        return f"write a number from {limits[0]} to {limits[1]}"
    forms = {
        "int": "write a whole number",
        "uint": "write a whole number from 0",
        "date": "write a date such as `2026-01-31`",
        "timestamp": "write a time such as `2026-01-31T12:00:00`",
        "time": "write a time such as `12:30:00`",
        "float": "write a number",
        "decimal": 'write a number, or one in quotes such as `"0.10"`',
        "string": "write a text",
        "binary": "write a text",
        "duration": f"write a whole number of {kind[9:-1]}",
    }
    return next((form for word, form in forms.items() if kind.startswith(word)), None)


def is_above(low: Scalar, high: Scalar, kind: str | None) -> bool:
    """Say whether one bound of a type is surely greater than another."""
    if isinstance(low, bool) or isinstance(high, bool):
        return False
    if kind is not None and kind.startswith("decimal"):
        return bool((_decimal(low) or 0) > (_decimal(high) or 0))
    if isinstance(low, (int, float)) and isinstance(high, (int, float)):
        return low > high
    if isinstance(low, str) and isinstance(high, str):
        if kind is None or kind in ("string", "binary"):
            return kind is not None and low.encode() > high.encode()
        return bool(_moment(low, kind) > _moment(high, kind))
    return False


def _decimal(value: Scalar) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _is_temporal(text: str, kind: str) -> bool:
    try:
        _moment(text, kind)
    except ValueError:
        return False
    return True


def _moment(text: str, kind: str) -> float:
    """Return an ISO 8601 text as a number that orders it. Raises ValueError."""
    import datetime  # few contracts have dates

    if kind == "date":
        return float(datetime.date.fromisoformat(text).toordinal())
    if kind == "time":
        time = datetime.time.fromisoformat(text)
        return math.fsum((time.hour * 3600, time.minute * 60, time.second, time.microsecond / 1e6))
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    elif "," not in kind:
        raise ValueError(f"{kind} has no zone")
    return (moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)).total_seconds()
