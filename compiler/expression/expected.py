"""Evaluated values as the type that a setting needs."""

from __future__ import annotations

import math

from ..codes.shape import BAD_UNIT, WRONG_TYPE, WRONG_VALUE
from ..diagnostic import Code, Diagnostic, Label
from ..source import Span
from ..units import duration_seconds, memory_bytes
from .value import Value, a_type, written


class WrongValue(Exception):
    """A value does not suit a setting; the message is a headline, `help` an action."""

    def __init__(self, message: str, code: Code, hint: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.help = hint

    def at(self, span: Span) -> Diagnostic:
        """Return what to say of the value that stands at a place."""
        return Diagnostic(
            code=self.code, message=str(self), primary=Label(span=span), help=self.help
        )


def expect_integer(value: Value, what: str, least: int, most: int | None = None) -> int:
    """Return an integer in range. Raises WrongValue."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong_type(value, what, "an integer")
    if value < least or (most is not None and value > most):
        limits = f"at least {least}" if most is None else f"from {least} to {most}"
        raise WrongValue(f"{what} is {value}, but must be {limits}", WRONG_VALUE)
    return value


def expect_number(value: Value, what: str, least: float) -> float:
    """Return a finite number of at least `least`. Raises WrongValue."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise _wrong_type(value, what, "a number")
    if value < least:
        raise WrongValue(f"{what} is {value}, but must be at least {least:g}", WRONG_VALUE)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise WrongValue(f"{what} is too large", WRONG_VALUE)
    return number


def expect_text(value: Value, what: str) -> str:
    """Return a string. Raises WrongValue."""
    if not isinstance(value, str):
        raise _wrong_type(value, what, "a string")
    return value


def expect_scalar_text(value: Value, what: str) -> str:
    """Return a string, a number or a boolean as text. Raises WrongValue."""
    if value is None or isinstance(value, (list, dict)):
        raise _wrong_type(value, what, "a string")
    return written(value)


def expect_memory(value: Value, what: str) -> int:
    """Return an amount of memory in bytes. Raises WrongValue."""
    amount = memory_bytes(value)
    if amount is None or amount == 0:
        message = f"{what} is {shown(value)}, but must be an amount such as `1GiB`"
        raise WrongValue(message, BAD_UNIT)
    return amount


def expect_duration(value: Value, what: str) -> float:
    """Return a duration in seconds. Raises WrongValue."""
    seconds = duration_seconds(value)
    if seconds is None or seconds == 0:
        message = f"{what} is {shown(value)}, but must be a duration such as `10m`"
        raise WrongValue(message, BAD_UNIT)
    return seconds


def _wrong_type(value: Value, what: str, wanted: str) -> WrongValue:
    return WrongValue(f"{what} is {shown(value)}, but must be {wanted}", WRONG_TYPE)


def shown(value: Value) -> str:
    """Say what a value is, briefly."""
    if value is None:
        return "null"
    if isinstance(value, (list, dict)):
        return f"{a_type(value)}"
    text = written(value)
    text = text if len(text) <= 20 else f"{text[:17]}..."
    return f"`{text}`"
