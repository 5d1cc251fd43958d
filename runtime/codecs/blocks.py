"""The rows of a table in the order in which they are stored, as plain tables of bounded size."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from .plain import plain_table
from .unstorable import Unstorable

_BYTES = 128 << 20
_ROWS = 1 << 20
"""What a block holds at most, about: bytes as they lie in memory, rows.

It is a few parts, as only those that lie within a block need no copy.
"""

_JOINED_BYTES = 16 << 20
_JOINED_ROWS = 1 << 17
"""What batches are joined to, at least, where they are smaller."""


def blocks_of(table: pa.Table, *, key: tuple[str, ...]) -> Iterator[pa.Table]:
    """Yield the rows of a table, sorted by `key`, as `settled_table` would give them.

    Only the order of the rows is held, where they are not in order, and a block. Raises
    Unstorable.
    """
    return blocks_in_order(table, key_order(table, key))


def blocks_in_order(table: pa.Table, order: pa.Array | None) -> Iterator[pa.Table]:
    """Yield the rows of a table as `blocks_of` does, in an order that `key_order` gave."""
    rows = _rows_of(table)
    table = table if order is None else _takeable(table)
    for start in range(0, table.num_rows, rows):
        end = slice(start, start + rows)
        block = table[end] if order is None else table.take(order[end])
        yield plain_table(block).combine_chunks()


def blocks_of_reader(reader: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """Yield the rows of a reader as they come; small batches are joined. Raises Unstorable."""
    held: list[pa.RecordBatch] = []
    for batch in reader:
        held.append(batch)
        if sum(map(len, held)) >= _JOINED_ROWS or sum(map(bytes_of, held)) >= _JOINED_BYTES:
            yield from blocks_of(pa.Table.from_batches(held), key=())
            held = []
    if held:
        yield from blocks_of(pa.Table.from_batches(held), key=())


def key_order(table: pa.Table, key: tuple[str, ...]) -> pa.Array | None:
    """Return the positions of the rows as `key` sorts them, or None where they stay as they are.

    They stay without a key, and where the table lacks one of its columns. Raises Unstorable for
    columns that have no order.
    """
    if not has_key(table.schema, key):
        return None
    try:
        keys = plain_table(table.select(key))
        order = pc.sort_indices(keys, sort_keys=[(name, "ascending") for name in key])
    except (pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise Unstorable("a key column has a type that cannot be sorted by") from error
    steps = pc.pairwise_diff(order.cast(pa.int64()))
    return None if pc.all(pc.equal(steps, 1), min_count=0).as_py() else order


def has_key(schema: pa.Schema, key: tuple[str, ...]) -> bool:
    """Whether rows can be sorted by the key: there is one, and the table has all its columns."""
    return bool(key) and set(key) <= set(schema.names)


def _takeable(table: pa.Table) -> pa.Table:
    """Return the table, or where Arrow cannot pick rows of one of its types, the plain one."""
    try:
        table.slice(0, 0).take(pa.array([], pa.int64()))
    except pa.ArrowNotImplementedError:
        return plain_table(table)
    return table


def _rows_of(table: pa.Table) -> int:
    """Return how many rows a block of the table has."""
    return max(1, min(_ROWS, _BYTES * len(table) // max(1, bytes_of(table))))


def bytes_of(rows: pa.Table | pa.RecordBatch) -> int:
    """Return about how many bytes rows take in memory."""
    try:
        return int(rows.nbytes)
    except pa.ArrowNotImplementedError:
        return int(rows.get_total_buffer_size())
