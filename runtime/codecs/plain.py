"""Plain arrays: one layout for all arrays that mean the same."""

from __future__ import annotations

import struct

import pyarrow as pa
import pyarrow.compute as pc

from .types import arrow_type, is_list, type_text
from .unstorable import Unstorable

_NAN = struct.unpack("<d", bytes.fromhex("000000000000f87f"))[0]


def plain_table(table: pa.Table) -> pa.Table:
    """Return the table with plain columns (`codecs/types.py`) and without any metadata.

    Every NaN becomes the one quiet NaN without payload. Values, their order and the columns' order
    stay. Raises Unstorable for duplicate column names and for types that the language has not.
    """
    schema = plain_schema(table.schema)
    columns = [
        plain_column(column, field.type)
        for field, column in zip(schema, table.columns, strict=True)
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """Return the schema that `plain_table` gives a table. Raises Unstorable as it does."""
    seen: set[str] = set()
    fields: list[pa.Field] = []
    for field in schema:
        if field.name in seen:
            raise Unstorable(f"two columns are called `{field.name}`")
        seen.add(field.name)
        try:
            fields.append(pa.field(field.name, plain_type(field.type)))
        except Unstorable as error:
            raise Unstorable(f"column `{field.name}`: {error.message}") from error
    return pa.schema(fields)


def plain_type(type_: pa.DataType) -> pa.DataType:
    """Return the plain type that means the same. Raises Unstorable where there is none."""
    return arrow_type(type_text(type_))


def plain_column(column: pa.ChunkedArray, type_: pa.DataType) -> pa.ChunkedArray:
    """Return a column as plain chunks of `type_`, its plain type."""
    chunks = [part for chunk in column.chunks for part in plain_chunks(chunk, type_)]
    return pa.chunked_array(chunks, type=type_)


def plain_chunks(array: pa.Array, type_: pa.DataType) -> list[pa.Array]:
    """Return an array as one plain array, or as several where one could not hold its bytes.

    Plain strings, binaries and lists count bytes and items in 32 bits. Raises Unstorable where
    a single value is larger than that.
    """
    try:
        return [_plain(array, type_)]
    except (pa.ArrowInvalid, pa.ArrowCapacityError) as error:
        if len(array) < 2:
            raise Unstorable(f"a value cannot be kept as `{type_text(type_)}`") from error
    middle = len(array) // 2
    return plain_chunks(array[:middle], type_) + plain_chunks(array[middle:], type_)


def as_list_of_entries(array: pa.MapArray) -> pa.ListArray:
    """Return a map array as the list of its entries, without a copy."""
    entries = array.values
    return pa.Array.from_buffers(
        pa.list_(entries.type),
        len(array),
        array.buffers()[:2],
        offset=array.offset,
        children=[entries],
    )


def _plain(array: pa.Array, type_: pa.DataType) -> pa.Array:
    if isinstance(array, pa.ExtensionArray):
        return _plain(array.storage, type_)
    if pa.types.is_dictionary(array.type):
        return _plain(array.dictionary, type_).take(array.indices)
    if pa.types.is_run_end_encoded(array.type):
        return _plain(pc.run_end_decode(array), type_)
    if is_list(array.type):
        return _plain_list(array, type_)
    if pa.types.is_map(array.type):
        return _plain_map(array, type_)
    if pa.types.is_struct(array.type):
        return _plain_struct(array, type_)
    if pa.types.is_floating(array.type):
        return _one_nan(array)
    return array if array.type == type_ else array.cast(type_)


def _plain_list(array: pa.Array, type_: pa.ListType) -> pa.Array:
    offsets, mask = _offsets(pc.list_value_length(array))
    items = _plain(array.flatten(), type_.value_type)
    return pa.ListArray.from_arrays(offsets, items, type=type_, mask=mask)


def _plain_map(array: pa.MapArray, type_: pa.MapType) -> pa.Array:
    listed = as_list_of_entries(array)
    offsets, mask = _offsets(pc.list_value_length(listed))
    entries = listed.flatten()
    keys = _plain(entries.field(0), type_.key_type)
    items = _plain(entries.field(1), type_.item_type)
    return pa.MapArray.from_arrays(offsets, keys, items, type=type_, mask=mask)


def _plain_struct(array: pa.StructArray, type_: pa.StructType) -> pa.Array:
    fields = list(type_)
    children = [_plain(array.field(i), field.type) for i, field in enumerate(fields)]
    mask = array.is_null() if array.null_count else None
    if not fields:
        raise Unstorable("tables cannot hold structs without fields")
    return pa.StructArray.from_arrays(children, fields=fields, mask=mask)


def _offsets(lengths: pa.Array) -> tuple[pa.Array, pa.Array | None]:
    mask = lengths.is_null() if lengths.null_count else None
    ends = pc.cumulative_sum(lengths.cast(pa.int64()).fill_null(0)).cast(pa.int32())
    return pa.concat_arrays([pa.array([0], pa.int32()), ends]), mask


def _one_nan(array: pa.Array) -> pa.Array:
    is_nan = pc.is_nan(array)
    if not pc.any(is_nan).as_py():
        return array
    if pa.types.is_float16(array.type):
        return _one_nan(array.cast(pa.float32())).cast(pa.float16())
    return pc.if_else(is_nan, pa.scalar(_NAN, array.type), array)
