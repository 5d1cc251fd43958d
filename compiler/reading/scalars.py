"""Plain scalars by the YAML 1.2 core schema, whatever a YAML library thinks of them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from ..document import ScalarValue

_WORDS: dict[str, ScalarValue] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_OCTAL = re.compile(r"0o[0-7]+\Z")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")
_NUMERIC_START = frozenset("+-.0123456789")

LONGEST_NUMBER = 400
"""Characters that a number may have: more than any 64-bit float needs, too few to be slow."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A plain scalar that no file may hold: a number, or `-` alone."""

    reason: Literal["not-finite", "too-long", "dash"]


def resolve(text: str) -> ScalarValue | Refused:
    """Return what a plain scalar means.

    `no`, `1:30`, `1_000` and `2026-01-01` are strings, `010` is ten, `0x1F` and `0o17` are
    integers. Not-a-number, infinities, numbers that overflow, numbers of more than
    `LONGEST_NUMBER` characters, and `-` alone are refused.
    """
    if not text or text[0] not in _NUMERIC_START:
        return _WORDS.get(text, text)
    if _NOT_FINITE.match(text):
        return Refused("not-finite")
    if _FLOAT.match(text) or _OCTAL.match(text) or _HEXADECIMAL.match(text):
        return _number(text)
    return text if text != "-" else Refused("dash")


def _number(text: str) -> ScalarValue | Refused:
    if len(text) > LONGEST_NUMBER:
        return Refused("too-long")
    if _INTEGER.match(text):
        return int(text)
    if text.startswith("0o"):
        return int(text[2:], 8)
    if text.startswith("0x"):
        return int(text[2:], 16)
    value = float(text)
    return value if math.isfinite(value) else Refused("not-finite")
