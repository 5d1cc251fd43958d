"""Amounts of memory and time as people write them."""

from __future__ import annotations

import re

_MEMORY = {
    "B": 1,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
    "TiB": 2**40,
}
_MILLISECONDS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}

MEMORY_PATTERN = r"[0-9]{1,18}(?:B|[KMGT]B|[KMGT]iB)"
DURATION_PATTERN = r"[0-9]{1,15}(?:ms|s|m|h|d)"

_MEMORY_TEXT = re.compile(rf"(?:{MEMORY_PATTERN})\Z")
_DURATION_TEXT = re.compile(rf"(?:{DURATION_PATTERN})\Z")
_LEADING_DIGITS = re.compile(r"[0-9]+")


def memory_bytes(value: object) -> int | None:
    """Return an amount of memory in bytes, or None where it is none.

    `value` is an integer of bytes, or text of an integer and one of B, KB, MB, GB, TB (powers of
    1,000), KiB, MiB, GiB, TiB (powers of 1,024), nothing in between.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value if value >= 0 else None
    if not isinstance(value, str) or not _MEMORY_TEXT.match(value):
        return None
    number, unit = _split(value)
    return number * _MEMORY[unit]


def duration_seconds(value: object) -> float | None:
    """Return a duration in seconds, or None where it is none.

    `value` is a number of seconds, or text of an integer and one of ms, s, m, h, d, nothing in
    between.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if 0 <= value < 1e15 else None
    if not isinstance(value, str) or not _DURATION_TEXT.match(value):
        return None
    number, unit = _split(value)
    return number * _MILLISECONDS[unit] / 1_000


def _split(text: str) -> tuple[int, str]:
    digits = _LEADING_DIGITS.match(text)
    assert digits is not None, "the caller has matched the text"
    return int(digits[0]), text[digits.end() :]
