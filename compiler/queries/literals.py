"""Values as literals of SQL."""

from __future__ import annotations

from ..codes.queries import NO_LITERAL
from ..expression.expected import WrongValue
from ..expression.value import Value, a_type


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
    """Return what of a value decides how its literal is parsed; equal kinds parse alike."""
    if isinstance(value, list):
        return f"[{','.join(sorted({kind_of(item) for item in value}))}]"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{type(value).__name__}{'-' if value < 0 else ''}"
    return type(value).__name__


def _text(value: str) -> str:
    if "\0" in value:
        raise WrongValue("a text in a query cannot hold a null character", NO_LITERAL)
    doubled = value.replace("'", "''")
    return f"'{doubled}'"
