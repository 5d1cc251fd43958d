"""The shortest decimal that a number of few bits is read back from."""

from __future__ import annotations

import math
import struct
from typing import Literal

_MOST_DIGITS = {"e": 5, "f": 9}


def shortest(value: float, form: Literal["e", "f"]) -> str:
    """Return the text of a half (`e`) or single (`f`) precision number, as Python spells floats.

    As a double it would have digits that the number never had. What is not finite is `inf`,
    `-inf` or `nan`.
    """
    if math.isfinite(value):
        # Halfway between two texts, only the greater one may be read back: below a power of two
        # numbers lie closer.
        beyond = math.nextafter(value, math.copysign(math.inf, value))
        for digits in range(1, _MOST_DIGITS[form]):
            for near in (value, beyond):
                rounded = float(f"{near:.{digits}g}")
                if _narrow(rounded, form) == value:
                    return repr(rounded)
    return repr(float(f"{value:.{_MOST_DIGITS[form]}g}"))


def _narrow(value: float, form: Literal["e", "f"]) -> float:
    """Return a number as it is in few bits; too large a one is infinite."""
    try:
        narrowed: float = struct.unpack(form, struct.pack(form, value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)
    return narrowed
