"""JSON lines as tables: an object a line, its names the columns, missing ones null."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.json as arrow_json

from ..sources.files import IngestError, SourceFile
from .conform import Unfit, conform
from .csv import unfit_value
from .decompress import read_bytes

_BLOCK = 1 << 24


def read_jsonl(file: SourceFile, columns: Mapping[str, pa.DataType]) -> pa.Table:
    """Read a file of JSON lines; `columns` gives declared types by name.

    Undeclared columns get the type that fits all their values; text that looks like an ISO 8601
    timestamp in every row becomes one. Raises IngestError with file and line.
    """
    data = read_bytes(file)
    if not data.strip():
        return pa.table({})
    read_as = {name: found for name, type_ in columns.items() if (found := _read_as(type_))}
    try:
        table = _parse(data, pa.schema(list(read_as.items())))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise _explain(file, data, columns, read_as) from error
    table = _in_order_of_lines(table, data, columns)
    for index, name in enumerate(table.column_names):
        if name in columns:
            column = _declared(file, data, table.column(index), name, columns[name])
            table = table.set_column(index, name, column)
    return table


def _declared(
    file: SourceFile, data: bytes, column: pa.ChunkedArray, name: str, type_: pa.DataType
) -> pa.ChunkedArray:
    if pa.types.is_float16(type_) and pa.types.is_float32(column.type):
        return column.cast(type_)
    try:
        return conform(column, type_)
    except Unfit as unfit:
        line = _line_of_row(data, unfit.row or 0)
        raise unfit_value(file, f"line {line}", f"{file.name}:{line}", name, unfit, type_) from None


def _in_order_of_lines(
    table: pa.Table, data: bytes, columns: Mapping[str, pa.DataType]
) -> pa.Table:
    """Undo what telling types does: declared columns come first, also those that are not there."""
    lines = (line for line in data.split(b"\n") if line.strip())
    names = dict.fromkeys(json.loads(next(lines)))
    doubtful = {
        name
        for name in table.column_names
        if name in columns and name not in names and _is_empty(table.column(name))
    }
    found = set(names)
    for line in lines if doubtful else ():
        found.update(json.loads(line))
        if doubtful <= found:
            break
    kept = [name for name in table.column_names if name not in doubtful or name in found]
    return table.select([*names, *(name for name in kept if name not in names)])


def _is_empty(column: pa.ChunkedArray) -> bool:
    return bool(column.null_count == len(column))


def _parse(data: bytes, explicit: pa.Schema) -> pa.Table:
    longest = max(len(line) for line in data.split(b"\n"))
    return arrow_json.read_json(
        pa.BufferReader(data),
        read_options=arrow_json.ReadOptions(block_size=max(_BLOCK, 2 * longest)),
        parse_options=arrow_json.ParseOptions(
            explicit_schema=explicit, unexpected_field_behavior="infer"
        ),
    )


def _read_as(type_: pa.DataType) -> pa.DataType | None:
    """Return the type that Arrow's reader is told for a declared one, or None where it infers.

    What JSON has as text is read as text first, which gives errors with their line.
    """
    if pa.types.is_map(type_):
        return None
    if pa.types.is_float16(type_):
        return pa.float32()
    if pa.types.is_duration(type_):
        return pa.int64()
    if pa.types.is_temporal(type_) or pa.types.is_binary(type_):
        return pa.string()
    return type_


def _explain(
    file: SourceFile,
    data: bytes,
    columns: Mapping[str, pa.DataType],
    read_as: Mapping[str, pa.DataType],
) -> IngestError:
    """Find the first line that cannot be read, and say why."""
    kinds: dict[str, str] = {}
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        place = f"{file.name}:{number}"
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            return IngestError(
                f"line {number} of `{file.name}` is not a JSON object", help=None, place=place
            )
        for name, value in row.items():
            if name in read_as:
                if not _is_of(value, read_as[name]):
                    unfit = Unfit(number, json.dumps(value, ensure_ascii=False))
                    where = f"line {number}"
                    return unfit_value(file, where, place, name, unfit, columns[name])
            elif value is not None and kinds.setdefault(name, _kind(value)) != _kind(value):
                return IngestError(
                    f"line {number} of `{file.name}`: `{name}` is {_kind(value)}, before it was "
                    f"{kinds[name]}",
                    help="declare the column's type",
                    place=place,
                )
    return IngestError(f"`{file.name}` is not a file of JSON lines", help=None, place=file.name)


def _is_of(value: object, type_: pa.DataType) -> bool:
    if value is None:
        return True
    if isinstance(value, bool) != pa.types.is_boolean(type_):
        return False
    if isinstance(value, float) and pa.types.is_integer(type_):
        return False
    if pa.types.is_decimal(type_):
        value = str(value)
    try:
        pa.array([value]).cast(type_) if pa.types.is_decimal(type_) else pa.array([value], type_)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return False
    return True


def _kind(value: object) -> str:
    match value:
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "an object"


def _line_of_row(data: bytes, row: int) -> int:
    """Return the line, from 1, of a row, from 0; empty lines are none."""
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            if row == 0:
                return number
            row -= 1
    return 1
