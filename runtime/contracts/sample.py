"""A few rows of a table as JSON text, for reports."""

from __future__ import annotations

import base64
import datetime
import decimal
import math

import pyarrow as pa
import pyarrow.compute as pc

from ...compiler.canonical import CanonicalValue, encode_text

_MOST_ROWS = 5
_MOST_COLUMNS = 50
_LONGEST_TEXT = 200
_MOST_ITEMS = 20


def sample_rows(
    table: pa.Table, mask: pa.ChunkedArray, *, first: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the first five rows where the mask is true as canonical JSON, values by column.

    `row` is the row's position from 0. Columns named in `first` are there however wide the table;
    long texts and lists are cut.
    """
    positions = pc.indices_nonzero(mask)[:_MOST_ROWS]
    names = list(dict.fromkeys([*first, *table.column_names]))[:_MOST_COLUMNS]
    rows = table.select(names).take(positions)
    return tuple(
        encode_text({**_values(rows, index), "row": position.as_py()})
        for index, position in enumerate(positions)
    )


def _values(rows: pa.Table, index: int) -> dict[str, CanonicalValue]:
    return {
        name: _json_value(_python_value(column[index]))
        for name, column in zip(rows.column_names, rows.columns, strict=True)
    }


def _python_value(scalar: pa.Scalar) -> object:
    """Return Python's value, or Arrow's text where Python has none (nanoseconds, year 12000)."""
    try:
        if pa.types.is_temporal(scalar.type):
            return None if not scalar.is_valid else str(scalar.cast(pa.string()).as_py())
        return scalar.as_py()
    except (pa.ArrowException, ValueError, OverflowError):
        return str(scalar)


def _json_value(value: object) -> CanonicalValue:
    match value:
        case None | bool() | int():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case str():
            return value if len(value) <= _LONGEST_TEXT else value[:_LONGEST_TEXT] + "…"
        case bytes():
            return base64.b64encode(value[:_LONGEST_TEXT]).decode("ascii")
        case dict():
            return {str(name): _json_value(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_json_value(inner) for inner in value[:_MOST_ITEMS]]
        case decimal.Decimal() | datetime.date() | datetime.time() | datetime.timedelta():
            return str(value)
        case _:
            return str(value)
