"""One part of a table as Parquet bytes, the same bytes whenever the rows are the same."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

_SAMPLE_ROWS = 65_536
_VALUES_PER_DISTINCT = 8


def parquet_bytes(part: pa.Table) -> bytes:
    """Return a plain table (`codecs/plain.py`), one chunk a column, as a Parquet file.

    Columns with few distinct values are dictionary-encoded; other integers and temporal columns
    as differences, floats as split bytes: smaller and faster than a dictionary that overflows.
    """
    repetitive = [name for name in part.column_names if _is_repetitive(part.column(name))]
    encodings = {
        field.name: encoding
        for field in part.schema
        if field.name not in repetitive and (encoding := _encoding(field.type)) is not None
    }
    sink = pa.BufferOutputStream()
    pq.write_table(
        part,
        sink,
        row_group_size=max(part.num_rows, 1),
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=1,
        use_dictionary=repetitive or False,
        column_encoding=encodings or None,
        write_statistics=True,
        store_schema=True,
    )
    return bytes(sink.getvalue())


def parse_parquet(data: bytes, schema: pa.Schema) -> pa.Table:
    """Read one part back as a table with plain columns of exactly this schema."""
    table = pq.ParquetFile(pa.BufferReader(data)).read()
    return table.replace_schema_metadata(None).cast(schema)


def read_parquet(path: str) -> pa.Table:
    """Read a local Parquet file that others wrote. Raises pyarrow's errors and OSError."""
    with pq.ParquetFile(path) as file:
        return file.read()


def _is_repetitive(column: pa.ChunkedArray) -> bool:
    type_ = column.type
    if pa.types.is_nested(type_) or pa.types.is_floating(type_) or pa.types.is_boolean(type_):
        return False
    sample = column.slice(0, _SAMPLE_ROWS)
    distinct = len(sample.unique())
    return bool(distinct * _VALUES_PER_DISTINCT <= len(sample))


def _encoding(type_: pa.DataType) -> str | None:
    if pa.types.is_integer(type_) or pa.types.is_temporal(type_):
        return "DELTA_BINARY_PACKED"
    if pa.types.is_float32(type_) or pa.types.is_float64(type_):
        return "BYTE_STREAM_SPLIT"
    return None
