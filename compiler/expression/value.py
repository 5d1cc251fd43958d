"""The values that expressions compute: JSON values, their names, and how they are written."""

from __future__ import annotations

from typing import TypeGuard

from ..canonical import encode_text
from ..document import PlainValue

Value = PlainValue

_NAMES = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "list",
    dict: "mapping",
}


def type_name(value: Value) -> str:
    """Name a value's type as the language does: `integer`, `string`, `list`."""
    return _NAMES[type(value)]


def a_type(value: Value) -> str:
    """Name a value's type with its article: `an integer`, `a list`; null has none."""
    name = type_name(value)
    if value is None:
        return name
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def written(value: bool | int | float | str | None) -> str:
    """Write a scalar inside a text: strings bare, everything else as canonical JSON."""
    return value if isinstance(value, str) else encode_text(value)


def is_number(value: Value) -> TypeGuard[int | float]:
    """Whether a value is an integer or a number; a boolean is neither."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def are_equal(left: Value, right: Value) -> bool:
    """Compare two values: integers and numbers by amount, a boolean with nothing but a boolean."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(are_equal, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(are_equal(left[k], right[k]) for k in left)
    return left == right
