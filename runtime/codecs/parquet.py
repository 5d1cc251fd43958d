"""One part of a table as Parquet bytes, the same bytes whenever the rows are the same."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from .encodings import choose_encodings
from .types import is_list, type_text
from .unstorable import Unstorable

_GROUP_ROWS = 1 << 20


def parquet_bytes(part: pa.Table) -> bytes:
    """Return a plain table (`codecs/plain.py`), one chunk a column, as a Parquet file.

    It has statistics and an index of its pages; what it is encoded by, `codecs/encodings.py` says.
    Raises Unstorable for what Parquet cannot hold.
    """
    sink = pa.BufferOutputStream()
    write_parquet([part], sink)
    return memoryview(sink.getvalue()).tobytes()


def write_parquet(parts: Iterable[pa.Table], sink: pa.NativeFile) -> None:
    """Write such tables, at least one, below each other; the first decides the encodings.

    Raises Unstorable for what Parquet cannot hold, and what `parts` raises.
    """
    rest = iter(parts)
    first = next(rest)
    _refuse_types(first.schema)
    encodings = choose_encodings(first)
    with pq.ParquetWriter(
        sink,
        first.schema,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=1,
        use_dictionary=list(encodings.dictionaries) or False,
        column_encoding=dict(encodings.others) or None,
        write_statistics=True,
        write_page_index=True,
        store_schema=True,
    ) as writer:
        for part in itertools.chain([first], rest):
            try:
                writer.write_table(part, _GROUP_ROWS)
            except pa.ArrowInvalid as error:
                raise Unstorable("a moment in seconds is beyond what Parquet holds") from error


def parse_parquet(data: bytes, schema: pa.Schema) -> pa.Table:
    """Read one part back as a table with plain columns of exactly this schema."""
    table = pq.ParquetFile(pa.BufferReader(data)).read().replace_schema_metadata(None)
    return table if table.schema.equals(schema, check_metadata=True) else table.cast(schema)


def read_parquet(path: str) -> pa.Table:
    """Read a local Parquet file that others wrote. Raises pyarrow's errors and OSError."""
    with pq.ParquetFile(path) as file:
        return file.read()


def parquet_pieces(path: str) -> Iterator[pa.Table]:
    """Yield the rows of such a file, a few at a time, at least one table. Raises as it does."""
    with pq.ParquetFile(path) as file:
        yield file.schema_arrow.empty_table()
        for batch in file.iter_batches(1 << 17):
            yield pa.Table.from_batches([batch])


def parquet_size(path: str) -> int:
    """Return how many bytes such a file holds when it is not compressed. Raises as it does."""
    with pq.ParquetFile(path) as file:
        data = file.metadata
        return sum(data.row_group(number).total_byte_size for number in range(data.num_row_groups))


def _refuse_types(schema: pa.Schema) -> None:
    for field in schema:
        found = _unwritable(field.type)
        if found is not None:
            raise Unstorable(f"column `{field.name}` is {found}, which Parquet cannot hold")


def _unwritable(type_: pa.DataType) -> str | None:
    """Return what in a plain type Parquet has no way to hold, or None."""
    if pa.types.is_decimal(type_) and not 0 <= type_.scale <= type_.precision:
        return f"`{type_text(type_)}`"
    if pa.types.is_struct(type_) and not type_.num_fields:
        return "a struct without fields"
    inner: list[pa.DataType] = []
    if pa.types.is_map(type_):
        inner = [type_.key_type, type_.item_type]
    elif is_list(type_):
        inner = [type_.value_type]
    elif pa.types.is_struct(type_):
        inner = [field.type for field in type_]
    return next((found for found in map(_unwritable, inner) if found is not None), None)
