"""Columns of what others wrote, brought to their declared types without loss."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from .plain import plain_column, plain_type

_EPOCH = "1970-01-01T"
_REFUSALS = (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError)


class Unfit(ValueError):
    """A value is none of the declared type: its `row`, from 0, and how it was written, `text`.

    `row` is None where the whole column has a type that never becomes the declared one.
    """

    def __init__(self, row: int | None, text: str) -> None:
        super().__init__(text)
        self.row = row
        self.text = text


def conform(column: pa.ChunkedArray, type_: pa.DataType) -> pa.ChunkedArray:
    """Return a column as values of a plain type.

    Text is read as the type: numbers in decimal, `true`/`false`/`1`/`0` in any case, dates, times
    and timestamps as ISO 8601 (with an offset exactly where the type has a zone), durations as
    whole numbers of their unit; white space around it does not count. Integers become wider or
    narrower ones, decimals or floats, floats wider ones, timestamps another unit, where nothing is
    lost. What is of any other type stays as it is, for the contract to judge. Raises Unfit.
    """
    plain = plain_column(column, plain_type(column.type))
    if plain.type == type_ or not _is_convertible(plain.type, type_):
        return plain
    try:
        return _converted(plain, type_)
    except _REFUSALS as error:
        raise _first_unfit(plain, type_) from error


def _is_convertible(have: pa.DataType, want: pa.DataType) -> bool:
    kind = pa.types
    if kind.is_null(have):
        return True
    if kind.is_string(have):
        return not kind.is_nested(want)
    if kind.is_integer(have):
        checks = (kind.is_integer, kind.is_floating, kind.is_decimal, kind.is_duration)
        return any(is_one(want) for is_one in checks)
    if kind.is_floating(have):
        return kind.is_floating(want) and bool(want.bit_width > have.bit_width)
    if kind.is_timestamp(have):
        return kind.is_timestamp(want) and (have.tz is None) == (want.tz is None)
    if kind.is_date(have):
        return kind.is_timestamp(want) and want.tz is None
    return any(is_one(have) and is_one(want) for is_one in (kind.is_decimal, kind.is_duration))


def _converted(column: pa.ChunkedArray, type_: pa.DataType) -> pa.ChunkedArray:
    if pa.types.is_string(column.type) and not pa.types.is_binary(type_):
        return _from_text(column, type_)
    if pa.types.is_integer(column.type):
        if pa.types.is_duration(type_):
            column = column.cast(pa.int64())
        elif pa.types.is_decimal(type_):
            # Straight to a narrow decimal Arrow refuses, whatever the values.
            column = column.cast(pa.decimal256(76, max(type_.scale, 0)))
    return column.cast(type_)


def _from_text(column: pa.ChunkedArray, type_: pa.DataType) -> pa.ChunkedArray:
    trimmed = pc.utf8_trim_whitespace(column)
    if pa.types.is_boolean(type_):
        return pc.utf8_lower(trimmed).cast(type_)
    if pa.types.is_time(type_):
        moments = pc.binary_join_element_wise(_EPOCH, trimmed, "")
        return moments.cast(pa.timestamp("ns")).cast(type_)
    if pa.types.is_duration(type_):
        return trimmed.cast(pa.int64()).cast(type_)
    return trimmed.cast(type_)


def _first_unfit(column: pa.ChunkedArray, type_: pa.DataType) -> Unfit:
    """Find the first value that does not convert, by halves."""
    start, end = 0, len(column)
    while end - start > 1:
        middle = (start + end) // 2
        if _is_fit(column.slice(start, middle - start), type_):
            start = middle
        else:
            end = middle
    if not len(column) or _is_fit(column.slice(start, 1), type_):
        return Unfit(None, str(column.type))
    return Unfit(start, str(column[start].as_py()))


def _is_fit(column: pa.ChunkedArray, type_: pa.DataType) -> bool:
    try:
        _converted(column, type_)
    except _REFUSALS:
        return False
    return True
