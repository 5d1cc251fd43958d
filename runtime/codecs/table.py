"""Tables in the store: Parquet parts of bounded size under a logical digest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyarrow as pa

from ...compiler.canonical import Digest
from ...compiler.point import AxisValue
from ..content import Content, Part
from ..digest import TableDigest, table_digest
from ..parallel import THREADS, in_threads
from ..store.at_once import at_once
from ..store.backend import Backend, Damaged
from ..store.objects import fetch, get_bytes, put_bytes
from .blocks import blocks_in_order, blocks_of, blocks_of_reader, bytes_of, has_key, key_order
from .cut import cut
from .ipc import removed_on_failure, write_ipc_file
from .parquet import parquet_bytes, parse_parquet, write_parquet
from .plain import plain_schema, plain_table
from .spool import LARGE, spooled
from .types import arrow_type, type_text
from .unstorable import Unstorable

_MOST_PARTS = 8
"""Parts that are in memory at once, however far away the store is."""


def write_table(
    backend: Backend, table: pa.Table | pa.RecordBatchReader, *, key: tuple[str, ...]
) -> Content:
    """Store a table and return its content; beside the table, a few parts of it are in memory.

    `key` names the columns by which rows are sorted, ascending, nulls last; rows with equal keys
    keep their order. Without a key, or where the table lacks one of its columns, rows stay as
    they come; only then are those of a reader not held all at once. What is stored depends on the
    values alone: layouts and metadata are dropped. Raises Unstorable for a table that the language
    cannot describe, StoreError for the world.
    """
    schema = plain_schema(table.schema)
    if isinstance(table, pa.RecordBatchReader):
        if not has_key(schema, key):
            return _write(backend, schema, blocks_of_reader(table), key=())
        table = table.read_all()
    _refuse_rows_alone(table)
    return _write(backend, schema, blocks_of(table, key=key), key=key)


def write_settled(
    backend: Backend,
    table: pa.Table,
    *,
    key: tuple[str, ...],
    described: Content | None = None,
) -> Content:
    """Store what `settled_table` gave with this `key`.

    `described` is its `table_content` where that is known. Raises Unstorable, StoreError.
    """
    return _write(backend, table.schema, blocks_of(table, key=()), key=key, described=described)


def table_content(table: pa.Table) -> Content:
    """Return the content of a settled table without its parts; nothing is stored."""
    return _content(table.schema, table_digest(table), table.num_rows, ())


def settled_table(table: pa.Table, *, key: tuple[str, ...]) -> pa.Table:
    """Return the table as `write_table` would keep it: plain columns, rows sorted by `key`.

    A large one that is not so already lies on the disk. Raises Unstorable, OSError.
    """
    _refuse_rows_alone(table)
    schema, order = plain_schema(table.schema), key_order(table, key)
    if order is None and (table.schema.equals(schema) or bytes_of(table) < LARGE):
        return plain_table(table)
    blocks = blocks_in_order(table, order)
    if bytes_of(table) < LARGE:
        return pa.concat_tables([schema.empty_table(), *blocks])
    return spooled(blocks, schema=schema)


def read_table(backend: Backend, content: Content) -> pa.Table:
    """Read a stored table back, with plain columns. Raises Missing and Damaged."""
    parts = read_parts(backend, content)
    return pa.concat_tables([content_schema(content).empty_table(), *parts])


def read_parts(backend: Backend, content: Content) -> Iterator[pa.Table]:
    """Yield the parts of a stored table in order, with plain columns; a few are held at once.

    Raises Missing and Damaged.
    """
    read = partial(_read_part, backend, schema=content_schema(content))
    if len(content.parts) < 2:
        return map(read, content.parts)
    return in_threads(read, content.parts, threads=_threads(backend))


def lay_ipc(backend: Backend, content: Content, path: Path) -> tuple[str, int]:
    """Lay a stored table as a new Arrow IPC file; return its sha256 in hexadecimal and its size.

    The file's bytes depend on the table's values alone, not on the parts in which they are stored.
    Raises Missing and Damaged.
    """
    schema = content_schema(content)
    blocks = cut(read_parts(backend, content), schema=schema, key=())
    return write_ipc_file(blocks, path, schema=schema)


def lay_parquet(backend: Backend, content: Content, path: Path) -> None:
    """Lay a stored table as one new Parquet file, a few parts at a time.

    What fails leaves no file. Raises Missing and Damaged, OSError.
    """
    schema = content_schema(content)
    with path.open("xb") as file, removed_on_failure(path), pa.PythonFile(file, mode="w") as sink:
        write_parquet(cut(read_parts(backend, content), schema=schema, key=()), sink)


def lay_parts(backend: Backend, content: Content, folder: Path) -> None:
    """Lay a stored table as a new folder of Parquet files, in order by name."""
    folder.mkdir()
    for index, part in enumerate(content.parts):
        fetch(backend, part.sha256, folder / f"part-{index:05d}.parquet")


def with_columns(table: pa.Table, columns: tuple[tuple[str, AxisValue], ...]) -> pa.Table:
    """Return the table with columns of one value each added at the end.

    A column of that name that holds nothing but that value is left as it is. Raises Unstorable
    where it holds another.
    """
    for name, value in columns:
        if name not in table.column_names:
            table = table.append_column(name, pa.repeat(pa.scalar(value), table.num_rows))
        elif table.column(name).unique().to_pylist() not in ([value], []):
            raise Unstorable(f"column `{name}` holds other values than the axis `{name}`")
    return table


def content_schema(content: Content) -> pa.Schema:
    """Return the Arrow schema of a stored table."""
    return pa.schema([(name, arrow_type(text)) for name, text in content.schema or ()])


def _write(
    backend: Backend,
    schema: pa.Schema,
    blocks: Iterable[pa.Table],
    *,
    key: tuple[str, ...],
    described: Content | None = None,
) -> Content:
    """Hash, encode and put the rows, each part beside those before it."""
    key = key if has_key(schema, key) else ()
    digest = None if described is not None else TableDigest(schema)
    rows = cut(blocks, schema=schema, key=key)
    put = partial(_put_part, backend)
    parts = tuple(in_threads(put, _fed(digest, rows), threads=_threads(backend)))
    if digest is None:
        assert described is not None, "a content is described, or digested here"
        return replace(described, parts=parts)
    return _content(schema, digest.result(), sum(part.rows or 0 for part in parts), parts)


def _threads(backend: Backend) -> int:
    """Return how many parts to have under way; more where each waits for a distant store."""
    return max(THREADS, min(_MOST_PARTS, at_once(backend)))


def _fed(digest: TableDigest | None, parts: Iterable[pa.Table]) -> Iterator[pa.Table]:
    for part in parts:
        if digest is not None:
            digest.feed(part)
        yield part


def _content(schema: pa.Schema, digest: Digest, rows: int, parts: tuple[Part, ...]) -> Content:
    return Content(
        kind="table",
        layout="table",
        digest=digest,
        parts=parts,
        rows=rows,
        schema=tuple((field.name, type_text(field.type)) for field in schema),
        suffix="",
    )


def _refuse_rows_alone(table: pa.Table) -> None:
    if not table.num_columns and table.num_rows:
        raise Unstorable(f"the table has {table.num_rows} rows, but no columns")


def _put_part(backend: Backend, part: pa.Table) -> Part:
    data = parquet_bytes(part)
    return Part(
        sha256=put_bytes(backend, data),
        size=len(data),
        rows=part.num_rows,
        path="",
        executable=False,
    )


def _read_part(backend: Backend, part: Part, *, schema: pa.Schema) -> pa.Table:
    table = parse_parquet(get_bytes(backend, part.sha256), schema)
    if table.num_rows != part.rows:
        raise Damaged(
            f"a part of a table has {table.num_rows} rows, but its manifest says {part.rows}",
            place=part.sha256,
            remedy=None,
            can_retry=False,
        )
    return table
