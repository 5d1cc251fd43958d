"""A table as one file in a form that any program reads: Parquet, CSV, JSON lines, Arrow IPC."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from ...compiler.plan import FileForm
from .ipc import write_ipc_file
from .parquet import parquet_bytes
from .plain import plain_table
from .write_csv import write_csv
from .write_jsonl import write_jsonl


def write_table_file(table: pa.Table, path: Path, *, form: FileForm) -> None:
    """Write a table as one new file; equal rows give equal bytes.

    Raises Unstorable where the form cannot hold a column, OSError.
    """
    table = plain_table(table).combine_chunks()
    match form:
        case "parquet":
            path.write_bytes(parquet_bytes(table))
        case "csv":
            write_csv(table, path)
        case "jsonl":
            write_jsonl(table, path)
        case "arrow":
            write_ipc_file([table], path, schema=table.schema)
