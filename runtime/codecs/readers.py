"""Source files as one table: CSV, Parquet, JSON lines, Arrow IPC."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence

import pyarrow as pa

from ..sources.files import IngestError, SourceFile, unreadable
from .conform import Unfit, conform
from .csv import read_csv, unfit_value
from .decompress import not_readable_as, read_bytes
from .jsonl import read_jsonl
from .parquet import parquet_pieces, parquet_size, read_parquet
from .plain import plain_table
from .spool import LARGE, spooled
from .types import arrow_type, type_text
from .unstorable import Unstorable

Reader = Callable[[SourceFile, Mapping[str, pa.DataType]], pa.Table]


def read_files(
    files: Sequence[SourceFile], *, format: str, columns: Sequence[tuple[str, str | None]]
) -> pa.Table:
    """Read source files of one format (`csv`, `parquet`, `jsonl`, `arrow`) below each other.

    `columns` gives the declared columns with their types, which text becomes and other values
    where nothing is lost; a declared column that is missing is the contract's affair. Several files
    must have the same columns, in any order; the first file's counts. Raises IngestError, naming
    file, line or row, column, value and type.
    """
    declared = {name: arrow_type(text) for name, text in columns if text is not None}
    read = _READERS[format]
    tables: list[pa.Table] = []
    for file in files:
        try:
            table = plain_table(read(file, declared))
        except Unstorable as error:
            raise IngestError(
                f"`{file.name}`: {error.message}", help=None, place=file.name
            ) from error
        tables.append(_in_order_of(tables[0], table, files[0], file) if tables else table)
    return _joined(tables, files)


def _read_parquet(file: SourceFile, columns: Mapping[str, pa.DataType]) -> pa.Table:
    path = str(file.path)
    try:
        if parquet_size(path) >= LARGE:
            return _read_large(file, parquet_pieces(path), columns)
        table = read_parquet(path)
    except pa.ArrowException as error:
        raise not_readable_as(file, "a Parquet file") from error
    except OSError as error:
        if error.errno is None:
            raise not_readable_as(file, "a Parquet file") from error
        raise unreadable(file.name, error) from error
    return _typed(file, table, columns)


def _read_large(
    file: SourceFile, pieces: Iterator[pa.Table], columns: Mapping[str, pa.DataType]
) -> pa.Table:
    def plain_pieces() -> Iterator[pa.Table]:
        row = 0
        for piece in pieces:
            yield plain_table(_typed(file, piece, columns, row))
            row += piece.num_rows

    found = plain_pieces()
    first = next(found)
    return spooled(itertools.chain([first], found), schema=first.schema)


def _read_arrow(file: SourceFile, columns: Mapping[str, pa.DataType]) -> pa.Table:
    data = pa.BufferReader(read_bytes(file))
    try:
        table = pa.ipc.open_file(data).read_all()
    except pa.ArrowInvalid:
        data.seek(0)
        try:
            table = pa.ipc.open_stream(data).read_all()
        except (pa.ArrowException, OSError) as error:
            raise not_readable_as(file, "an Arrow IPC file") from error
    except (pa.ArrowException, OSError) as error:
        raise not_readable_as(file, "an Arrow IPC file") from error
    return _typed(file, table, columns)


def _typed(
    file: SourceFile, table: pa.Table, columns: Mapping[str, pa.DataType], before: int = 0
) -> pa.Table:
    """Bring columns to their declared types; `before` counts the rows of the file before these."""
    for index, field in enumerate(table.schema):
        if field.name not in columns:
            continue
        type_ = columns[field.name]
        try:
            column = conform(table.column(index), type_)
        except Unfit as unfit:
            where = "the type" if unfit.row is None else f"row {before + unfit.row + 1}"
            raise unfit_value(file, where, file.name, field.name, unfit, type_) from None
        table = table.set_column(index, field.name, column)
    return table


_READERS: dict[str, Reader] = {
    "csv": read_csv,
    "jsonl": read_jsonl,
    "parquet": _read_parquet,
    "arrow": _read_arrow,
}


def _in_order_of(
    first: pa.Table, table: pa.Table, first_file: SourceFile, file: SourceFile
) -> pa.Table:
    missing = [name for name in first.column_names if name not in table.column_names]
    extra = [name for name in table.column_names if name not in first.column_names]
    if missing or extra:
        name, lacking, having = (
            (missing[0], file, first_file) if missing else (extra[0], first_file, file)
        )
        raise IngestError(
            f"`{lacking.name}` has no column `{name}`, but `{having.name}` has",
            help=None,
            place=lacking.name,
        )
    return table.select(first.column_names)


def _joined(tables: list[pa.Table], files: Sequence[SourceFile]) -> pa.Table:
    for table, file in zip(tables, files, strict=True):
        for one, other in zip(tables[0].schema, table.schema, strict=True):
            if not _go_together(one.type, other.type):
                raise IngestError(
                    f"`{one.name}` is `{type_text(one.type)}` in `{files[0].name}`, but "
                    f"`{type_text(other.type)}` in `{file.name}`",
                    help="declare the column's type",
                    place=file.name,
                )
    return pa.concat_tables(tables, promote_options="permissive")


def _go_together(one: pa.DataType, other: pa.DataType) -> bool:
    try:
        pa.unify_schemas(
            [pa.schema([("column", one)]), pa.schema([("column", other)])],
            promote_options="permissive",
        )
    except pa.ArrowException:
        return False
    return True
