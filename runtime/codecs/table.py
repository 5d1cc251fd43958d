"""Tables in the store: Parquet parts of bounded size under a logical digest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from ...compiler.point import AxisValue
from ..content import Content, Part
from ..digest import table_digest
from ..store.backend import Backend, Damaged
from ..store.objects import fetch, get_bytes, put_bytes
from .parquet import parquet_bytes, parse_parquet
from .plain import plain_table
from .types import arrow_type, type_text
from .unstorable import Unstorable

_PART_BYTES = 64 * 1024 * 1024
_MOST_ROWS = 1 << 20
_FEWEST_ROWS = 1 << 10


def write_table(
    backend: Backend, table: pa.Table | pa.RecordBatchReader, *, key: tuple[str, ...]
) -> Content:
    """Store a table and return its content.

    `key` names the columns by which rows are sorted, ascending, nulls last; rows with equal keys
    keep their order. Without a key, or where the table lacks one of its columns, rows stay as
    they come. What is stored depends on the values alone: layouts and metadata are dropped.
    Raises Unstorable for a table that the language cannot describe, StoreError for the world.
    """
    if isinstance(table, pa.RecordBatchReader):
        table = table.read_all()
    return write_settled(backend, settled_table(table, key=key))


def write_settled(
    backend: Backend, table: pa.Table, *, described: Content | None = None
) -> Content:
    """Store what `settled_table` gave; `described` is its `table_content` where that is known.

    Raises StoreError.
    """
    content = table_content(table) if described is None else described
    return replace(content, parts=tuple(_put_part(backend, part) for part in _split(table)))


def table_content(table: pa.Table) -> Content:
    """Return the content of a settled table without its parts; nothing is stored."""
    return Content(
        kind="table",
        layout="table",
        digest=table_digest(table),
        parts=(),
        rows=table.num_rows,
        schema=tuple((field.name, type_text(field.type)) for field in table.schema),
        suffix="",
    )


def settled_table(table: pa.Table, *, key: tuple[str, ...]) -> pa.Table:
    """Return the table as `write_table` would keep it: plain columns, rows sorted by `key`."""
    if not table.num_columns and table.num_rows:
        raise Unstorable(f"the table has {table.num_rows} rows, but no columns")
    table = plain_table(table)
    if not key or not set(key) <= set(table.column_names):
        return table
    try:
        order = pc.sort_indices(table, sort_keys=[(name, "ascending") for name in key])
    except (pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise Unstorable("a key column has a type that cannot be sorted by") from error
    return table.take(order)


def read_table(backend: Backend, content: Content) -> pa.Table:
    """Read a stored table back, with plain columns. Raises Missing and Damaged."""
    schema = content_schema(content)
    parts = [_read_part(backend, part, schema) for part in content.parts]
    return pa.concat_tables([schema.empty_table(), *parts])


def write_ipc(
    backend: Backend,
    content: Content,
    path: Path,
    *,
    columns: tuple[tuple[str, AxisValue], ...] = (),
) -> None:
    """Lay a stored table as a new Arrow IPC file, with `columns` of one value each added.

    A column of that name that holds nothing but that value is left as it is. Raises Unstorable
    where it holds another, Missing and Damaged.
    """
    write_ipc_file(with_columns(read_table(backend, content), columns), path)


def write_ipc_file(table: pa.Table, path: Path) -> None:
    """Write a table as a new Arrow IPC file, uncompressed, so that it can be memory-mapped."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def lay_parts(backend: Backend, content: Content, folder: Path) -> None:
    """Lay a stored table as a new folder of Parquet files, in order by name."""
    folder.mkdir()
    for index, part in enumerate(content.parts):
        fetch(backend, part.sha256, folder / f"part-{index:05d}.parquet")


def with_columns(table: pa.Table, columns: tuple[tuple[str, AxisValue], ...]) -> pa.Table:
    """Return the table with columns of one value each added at the end; see `write_ipc`."""
    for name, value in columns:
        if name not in table.column_names:
            table = table.append_column(name, pa.repeat(pa.scalar(value), table.num_rows))
        elif table.column(name).unique().to_pylist() not in ([value], []):
            raise Unstorable(f"column `{name}` holds other values than the axis `{name}`")
    return table


def content_schema(content: Content) -> pa.Schema:
    """Return the Arrow schema of a stored table."""
    return pa.schema([(name, arrow_type(text)) for name, text in content.schema or ()])


def _split(table: pa.Table) -> list[pa.Table]:
    """Cut rows into parts; a row count that is a power of two stays while a table grows."""
    rows = _MOST_ROWS
    while rows > _FEWEST_ROWS and rows * table.nbytes > _PART_BYTES * max(table.num_rows, 1):
        rows //= 2
    starts = range(0, table.num_rows, rows) or (0,)
    if len(starts) == 1:
        return [table.combine_chunks()]
    return [table.slice(start, rows).combine_chunks() for start in starts]


def _put_part(backend: Backend, part: pa.Table) -> Part:
    data = parquet_bytes(part)
    return Part(
        sha256=put_bytes(backend, data),
        size=len(data),
        rows=part.num_rows,
        path="",
        executable=False,
    )


def _read_part(backend: Backend, part: Part, schema: pa.Schema) -> pa.Table:
    table = parse_parquet(get_bytes(backend, part.sha256), schema)
    if table.num_rows != part.rows:
        raise Damaged(
            f"a part of a table has {table.num_rows} rows, but its manifest says {part.rows}",
            place=part.sha256,
            remedy=None,
            can_retry=False,
        )
    return table
