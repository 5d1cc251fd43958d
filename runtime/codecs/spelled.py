"""Columns as text, as files of text spell their values.

Booleans are `true` and `false`. Numbers of floating point have the fewest digits that read back as
the same number of their width, and always look like one: `1.0`, `1e-07`, `nan`, `inf`. Decimals
have all digits of their scale. Dates and times are ISO 8601: `2026-01-31`, `09:30:00`,
`2026-01-31T09:30:00`; a timestamp with a zone is in UTC and ends in `Z`. Fractions of a second are
written in a column where one of its values has some, with the digits of its unit. A duration is a
whole number of its unit.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from .shortest import shortest
from .types import type_text
from .unstorable import Unstorable

_DIGITS = {"s": 0, "ms": 3, "us": 6, "ns": 9}


def spelled(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a plain column as text, nulls where it has them.

    Raises Unstorable for types that have no spelling: nested ones and binary.
    """
    type_ = column.type
    if pa.types.is_string(type_):
        return column
    if pa.types.is_nested(type_) or pa.types.is_binary(type_):
        raise Unstorable(f"column `{name}` is {type_text(type_)}, which text cannot hold")
    if pa.types.is_floating(type_):
        return _floats(column)
    if pa.types.is_timestamp(type_):
        return _timestamps(column)
    if pa.types.is_time(type_):
        return _trimmed(column.cast(pa.string()), _DIGITS[type_.unit])
    if pa.types.is_duration(type_):
        return column.cast(pa.int64()).cast(pa.string())
    return column.cast(pa.string())


def _floats(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_float16(column.type):
        # Nine bits more than it has do not make its digits more, as Arrow spells single precision.
        return pa.chunked_array([[_half(each) for each in column.to_pylist()]], pa.string())
    text = column.cast(pa.string())
    is_whole = pc.match_substring_regex(text, r"^-?\d+$")
    return pc.if_else(is_whole, pc.binary_join_element_wise(text, ".0", ""), text)


def _half(value: float | None) -> str | None:
    return None if value is None else shortest(value, "e")


def _timestamps(column: pa.ChunkedArray) -> pa.ChunkedArray:
    zoned = column.type.tz is not None
    # Without its zone, a timestamp is what it is in UTC.
    plain = column.cast(pa.timestamp(column.type.unit))
    text = pc.replace_substring(plain.cast(pa.string()), " ", "T", max_replacements=1)
    text = _trimmed(text, _DIGITS[column.type.unit])
    return pc.binary_join_element_wise(text, "Z", "") if zoned else text


def _trimmed(text: pa.ChunkedArray, digits: int) -> pa.ChunkedArray:
    """Drop the fractions of seconds where all are zero."""
    if not digits:
        return text
    zero = "." + "0" * digits
    if pc.all(pc.ends_with(text, zero), min_count=0).as_py():
        return pc.utf8_slice_codeunits(text, 0, -(digits + 1))
    return text
