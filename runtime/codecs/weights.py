"""What rows weigh: bytes of their values, whatever the layout that they happen to have."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from .plain import as_list_of_entries
from .types import is_list

_LENGTH = 4
"""What a text, binary or list weighs beside its contents, in bytes."""


def weight_ends(table: pa.Table) -> pa.Array:
    """Return, for each row of a plain table, what it and all rows before it weigh, in bytes.

    A value weighs its width, a boolean one byte, a text, binary, list or map four bytes and what
    it holds, a struct what its fields do; a null what a value does that holds nothing. So equal
    rows weigh the same in any layout.
    """
    fixed = 0
    ends = _counted(table.num_rows, 0)
    for column in table.columns:
        width, varying = _weights(_joined(column))
        fixed += width
        if varying is not None:
            ends = pc.add(ends, pc.cumulative_sum(varying))
    return pc.add(ends, _counted(table.num_rows, fixed))


def _joined(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _counted(rows: int, each: int) -> pa.Array:
    return pc.cumulative_sum(pa.repeat(pa.scalar(each, pa.int64()), rows))


def _weights(array: pa.Array) -> tuple[int, pa.Array | None]:
    """Return what every value weighs at least, and what each weighs beyond that, where any does."""
    type_ = array.type
    if pa.types.is_string(type_) or pa.types.is_binary(type_):
        return _LENGTH, pc.binary_length(array).cast(pa.int64()).fill_null(0)
    if pa.types.is_map(type_):
        return _list_weights(as_list_of_entries(array))
    if is_list(type_):
        return _list_weights(array)
    if pa.types.is_struct(type_):
        return _struct_weights(array)
    if pa.types.is_null(type_) or pa.types.is_boolean(type_):
        return 1, None
    return type_.bit_width // 8, None


def _list_weights(array: pa.Array) -> tuple[int, pa.Array | None]:
    lengths = pc.list_value_length(array).cast(pa.int64()).fill_null(0)
    width, varying = _weights(array.flatten())
    weights = pc.multiply(lengths, pa.scalar(width, pa.int64()))
    if varying is not None and len(varying):
        zero = pa.array([0], pa.int64())
        sums = pa.concat_arrays([zero, pc.cumulative_sum(varying)])
        ends = pc.cumulative_sum(lengths)
        weights = pc.add(
            weights, pc.subtract(sums.take(ends), sums.take(pc.subtract(ends, lengths)))
        )
    return _LENGTH, weights


def _struct_weights(array: pa.StructArray) -> tuple[int, pa.Array | None]:
    total, varying = 0, None
    for child in array.flatten():
        width, more = _weights(child)
        total += width
        if more is not None:
            varying = more if varying is None else pc.add(varying, more)
    return total, varying
