"""Comparison of a column with a contract's bounds and values."""

from __future__ import annotations

import datetime
import decimal
import math
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from ...compiler.plan import Scalar


class Incomparable(ValueError):
    """A bound or value of a contract is none of the column's type."""


def below(column: pa.ChunkedArray, minimum: Scalar) -> pa.ChunkedArray:
    """Return a mask of the values of a plain column that are less than the bound."""
    return _beyond(column, minimum, is_minimum=True)


def above(column: pa.ChunkedArray, maximum: Scalar) -> pa.ChunkedArray:
    """Return a mask of the values of a plain column that are greater than the bound."""
    return _beyond(column, maximum, is_minimum=False)


def one_of(column: pa.ChunkedArray, values: Sequence[Scalar]) -> pa.ChunkedArray:
    """Return a mask of the values of a plain column that are among these, null excepted."""
    comparable = _comparable(column)
    known = [_value_scalar(value, column.type) for value in values if value is not None]
    kept = [scalar.cast(comparable.type).as_py() for scalar in known if scalar is not None]
    return pc.is_in(comparable, value_set=pa.array(kept, comparable.type))


def bound_scalar(bound: Scalar, type_: pa.DataType) -> pa.Scalar:
    """Return a bound as a value of a plain type; temporal ones are read from ISO 8601 text.

    Numbers are rounded to the width of a float column. Raises Incomparable.
    """
    try:
        if isinstance(bound, str) and not _is_text(type_):
            return _from_text(bound, type_)
        if isinstance(bound, bool) != pa.types.is_boolean(type_):
            raise Incomparable(f"`{bound}` is no value of type `{type_}`")
        if pa.types.is_decimal(type_):
            return _exact(decimal.Decimal(str(bound)))
        if pa.types.is_floating(type_) and isinstance(bound, int | float):
            return pa.scalar(float(bound), type_)
        if pa.types.is_duration(type_) and isinstance(bound, int):
            return pa.scalar(bound, pa.int64()).cast(type_)
        return pa.scalar(bound, type_)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise Incomparable(f"`{bound}` is no value of type `{type_}`") from error


def _beyond(column: pa.ChunkedArray, bound: Scalar, *, is_minimum: bool) -> pa.ChunkedArray:
    match bound:
        case bool() | str() | None:
            pass
        case _ if pa.types.is_integer(column.type):
            return _beyond_integer(column, bound, is_minimum=is_minimum)
    compare = pc.less if is_minimum else pc.greater
    comparable = _comparable(column)
    scalar = bound_scalar(bound, column.type)
    if not pa.types.is_decimal(column.type):
        scalar = scalar.cast(comparable.type)
    return compare(comparable, scalar)


def _beyond_integer(column: pa.ChunkedArray, bound: float, *, is_minimum: bool) -> pa.ChunkedArray:
    """Compare exactly: no integer is rounded to a float, and a bound may lie outside the type."""
    if math.isinf(bound):
        whole = -(10**30) if bound < 0 else 10**30
    else:
        whole = math.ceil(bound) if is_minimum else math.floor(bound)
    signed = pa.types.is_signed_integer(column.type)
    width = column.type.bit_width - (1 if signed else 0)
    least, most = -(2**width) if signed else 0, 2**width - 1
    if whole < least or whole > most:
        holds = (whole < least) == is_minimum
        return pc.and_(column.is_valid(), pa.scalar(not holds))
    compare = pc.less if is_minimum else pc.greater
    return compare(column, pa.scalar(whole, column.type))


def _comparable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.float32()) if pa.types.is_float16(column.type) else column


def _is_text(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_binary(type_))


def _value_scalar(value: Scalar, type_: pa.DataType) -> pa.Scalar | None:
    """Return a declared value in the column's type, or None where no value can equal it."""
    try:
        scalar = bound_scalar(value, type_)
        return scalar.cast(type_) if pa.types.is_decimal(type_) else scalar
    except (Incomparable, pa.ArrowException):
        return None


def _exact(value: decimal.Decimal) -> pa.Scalar:
    return pa.scalar(value)


def _from_text(text: str, type_: pa.DataType) -> pa.Scalar:
    if pa.types.is_date(type_):
        return pa.scalar(datetime.date.fromisoformat(text), type_)
    if pa.types.is_time(type_):
        return pa.scalar(datetime.time.fromisoformat(text), type_)
    if pa.types.is_timestamp(type_):
        return _timestamp(text, type_)
    if pa.types.is_decimal(type_):
        return _exact(decimal.Decimal(text))
    raise Incomparable(f"`{text}` is no value of type `{type_}`")


def _timestamp(text: str, type_: pa.TimestampType) -> pa.Scalar:
    moment = datetime.datetime.fromisoformat(text)
    if type_.tz is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    if type_.tz is None and moment.tzinfo is not None:
        raise Incomparable(f"`{text}` has a time zone, `{type_}` has none")
    return pa.scalar(moment, pa.timestamp("us", type_.tz)).cast(type_)
