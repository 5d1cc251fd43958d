"""Tables as JSON lines, the same bytes whenever the rows are the same.

An object a line, with every column in its order, in UTF-8, `null` for nulls and for the numbers
that JSON lacks: NaN and the infinities. Numbers of floating point have the fewest digits that read
back as the same number. Lists and structs are arrays and objects. Dates, times, timestamps and
decimals are text, spelled as `codecs/spelled.py` says; durations are whole numbers of their unit.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pyarrow as pa

from .shortest import shortest
from .spelled import spelled
from .types import type_text
from .unstorable import Unstorable

_ROWS = 1 << 14


def write_jsonl(table: pa.Table, path: Path) -> None:
    """Write a plain table as a new file of JSON lines.

    Raises Unstorable for columns of binary or of maps, and for nested dates, times and decimals.
    """
    names = table.column_names
    columns = [_writable(field.name, table.column(field.name)) for field in table.schema]
    with path.open("x", encoding="utf-8", newline="\n") as file:
        for start in range(0, table.num_rows, _ROWS):
            values = [_values(column.slice(start, _ROWS)) for column in columns]
            for row in zip(*values, strict=True):
                file.write(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False))
                file.write("\n")


def _writable(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    type_ = column.type
    if pa.types.is_duration(type_):
        return column.cast(pa.int64())
    if pa.types.is_temporal(type_) or pa.types.is_decimal(type_):
        return spelled(name, column)
    if not _is_json(type_):
        raise Unstorable(f"column `{name}` is {type_text(type_)}, which JSON cannot hold")
    return column


def _is_json(type_: pa.DataType) -> bool:
    if pa.types.is_list(type_):
        return _is_json(type_.value_type)
    if pa.types.is_struct(type_):
        return all(_is_json(field.type) for field in type_)
    kinds = (pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating, pa.types.is_string)
    return any(is_one(type_) for is_one in kinds) or bool(pa.types.is_null(type_))


def _values(column: pa.ChunkedArray) -> list[Any]:
    values: list[Any] = column.to_pylist()
    if pa.types.is_float32(column.type):
        # As a double it would have digits that a single never had.
        return [_finite(None if each is None else float(shortest(each, "f"))) for each in values]
    if pa.types.is_floating(column.type) or pa.types.is_nested(column.type):
        return [_finite(each) for each in values]
    return values


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_finite(each) for each in value]
    if isinstance(value, dict):
        return {name: _finite(each) for name, each in value.items()}
    return value
