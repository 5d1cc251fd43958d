"""Values as literals of SQL."""

from __future__ import annotations

from ..codes.queries import NO_LITERAL
from ..expression.expected import WrongValue
from ..expression.value import Value, a_type

_DIGITS = (7, 8, 15, 16, 31, 32, 63, 64, 127)
"""Digits of the binary integers of DuckDB: the narrowest that holds a literal gives it its type."""


def literal(value: Value) -> str:
    """Return a value as a literal of DuckDB. Raises WrongValue for what has none.

    An integer is written in decimal; a number always with an exponent, which makes it a DOUBLE and
    no DECIMAL; what is negative stands in parentheses, so that no `--` arises.
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value) if value >= 0 else f"({value})"
    if isinstance(value, float):
        text = repr(value)
        text = text if "e" in text else f"{text}e0"
        return f"({text})" if text.startswith("-") else text
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return f"[{', '.join(literal(item) for item in value)}]"
    raise WrongValue(
        f"{a_type(value)} cannot be a literal of SQL", NO_LITERAL, "take a member of it"
    )


def kind_of(value: Value) -> str:
    """Return what of a value decides over its literal; equal kinds parse alike, and as one type."""
    if isinstance(value, list):
        return f"[{','.join(sorted({kind_of(item) for item in value}))}]"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return type(value).__name__
    sign = "-" if value < 0 else ""
    if isinstance(value, float):
        return f"float{sign}"
    return f"int{next((bits for bits in _DIGITS if abs(value) < 2**bits), '')}{sign}"


def _text(value: str) -> str:
    if "\0" in value:
        raise WrongValue("a text in a query cannot hold a null character", NO_LITERAL)
    doubled = value.replace("'", "''")
    return f"'{doubled}'"
