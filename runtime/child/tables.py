"""Tables as user code sees them: from an Arrow file to a library's type, and back."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .failure import WrongOutputError, type_name
from .request import Attempt, Form


def read_table(path: str, form: Form) -> Any:
    """Return the table of an Arrow IPC file as the function's own; for the form `path`, a Path."""
    if form == "path":
        return Path(path)
    import pyarrow as pa

    with pa.memory_map(path) as source:
        table = pa.ipc.open_file(source).read_all()
    if form == "pandas":
        # Without the copy, columns may be read-only views of the file.
        return table.to_pandas(use_threads=False).copy(deep=True)
    if form != "arrow":
        import polars

        frame: Any = polars.from_arrow(table)
        return frame.lazy() if form == "polars-lazy" else frame
    return table


def write_table(call: Attempt, name: str, value: Any, path: str) -> bool:
    """Write a returned table as an Arrow IPC stream; say whether the value was a table at all.

    Raises WrongOutputError for tables that cannot be stored, naming what is wrong.
    """
    pieces = _pieces(call, name, value)
    if pieces is None:
        return False
    import pyarrow as pa

    first = next(pieces).replace_schema_metadata(None)
    _refuse_doubled_names(call, name, first.column_names)
    # As a stream, as its batches may each have a dictionary of their own.
    with pa.OSFile(path, "wb") as sink, pa.ipc.new_stream(sink, first.schema) as writer:
        writer.write_table(first)
        for piece in pieces:
            _refuse_other_columns(call, name, first.schema, piece.schema)
            writer.write_table(piece.replace_schema_metadata(None))
    return True


def _pieces(call: Attempt, name: str, value: Any) -> Iterator[Any] | None:
    """Return the Arrow tables, at least one, of which the value consists; None if it has none."""
    if isinstance(value, os.PathLike):
        return _from_parquet(call, name, Path(value))
    pa = sys.modules.get("pyarrow")
    if pa is not None and isinstance(value, pa.RecordBatchReader):
        return itertools.chain(
            [value.schema.empty_table()], (pa.Table.from_batches([each]) for each in value)
        )
    if isinstance(value, Iterator):
        return _yielded(call, name, value)
    table = _as_arrow(call, name, value)
    return None if table is None else iter((table,))


def _yielded(call: Attempt, name: str, value: Iterator[Any]) -> Iterator[Any]:
    count = 0
    for each in value:
        table = _as_arrow(call, name, each)
        if table is None:
            raise WrongOutputError(
                f"`{call['transformation']}` yielded `{type_name(each)}` for `{name}`, not a table",
                detail=f"Output `{name}` is of kind table. What is yielded for it are tables of "
                "pyarrow, pandas or polars, which are stored below each other.",
            )
        count += 1
        yield table
    if not count:
        raise WrongOutputError(
            f"`{call['transformation']}` yielded nothing for `{name}`",
            detail="What is stored needs columns; a table without rows has them too.",
            action="yield an empty table",
        )


def _refuse_other_columns(call: Attempt, name: str, first: Any, later: Any) -> None:
    if later.equals(first):
        return
    raise WrongOutputError(
        f"`{call['transformation']}` gave parts of `{name}` with different columns",
        detail=f"The first has:\n{_shown(first)}\nA later one has:\n{_shown(later)}",
        action="give each part the same columns, in the same order, with the same types",
    )


def _shown(schema: Any) -> str:
    return "\n".join(f"  {field.name}: {field.type}" for field in schema)


def _as_arrow(call: Attempt, name: str, value: Any) -> Any:
    """Return what a library calls a table as an Arrow table, or None."""
    # A value of a library's type means that the library is imported.
    pandas, polars, pa = (sys.modules.get(each) for each in ("pandas", "polars", "pyarrow"))
    if pa is not None and isinstance(value, pa.Table):
        return value
    if pa is not None and isinstance(value, pa.RecordBatch):
        return pa.Table.from_batches([value])
    if pandas is not None and isinstance(value, pandas.DataFrame):
        return _from_pandas(call, name, value)
    if polars is not None and isinstance(value, polars.LazyFrame):
        value = value.collect()
    if polars is not None and isinstance(value, polars.DataFrame):
        return value.to_arrow(compat_level=polars.CompatLevel.oldest())
    return None


def _from_pandas(call: Attempt, name: str, frame: Any) -> Any:
    import pyarrow as pa

    _refuse_index(call, name, frame)
    for column in frame.columns:
        if not isinstance(column, str):
            raise WrongOutputError(
                f"`{call['transformation']}` returned a column named `{column!r}` in `{name}`",
                detail=f"The names of a table's columns are text. Columns: {list(frame.columns)!r}",
                action="rename the column",
            )
    _refuse_doubled_names(call, name, list(frame.columns))
    try:
        return pa.Table.from_pandas(frame, preserve_index=False, nthreads=1)
    except (pa.ArrowException, OverflowError) as error:
        column = _column_without_type(frame)
        raise WrongOutputError(
            f"`{call['transformation']}` returned mixed or unknown types in `{name}`"
            + (f", column `{column}`" if column else ""),
            detail="A stored column has one type for all its values.\n"
            + "\n".join(str(each) for each in error.args),
            action="give the column one type, for instance with `.astype`",
        ) from None


def _refuse_index(call: Attempt, name: str, frame: Any) -> None:
    import pandas

    index = frame.index
    if index.name is None and (
        (isinstance(index, pandas.RangeIndex) and index.start == 0 and index.step == 1)
        or (len(index) == 0 and not isinstance(index, pandas.MultiIndex))
    ):
        return
    names = ", ".join(f"`{each}`" for each in index.names if each is not None)
    raise WrongOutputError(
        f"`{call['transformation']}` returned a pandas table with an index for `{name}`",
        detail=f"Its index is a `{type(index).__name__}`"
        + (f" named {names}" if names else "")
        + ". "
        "A stored table has columns only, so an index other than 0, 1, 2, … would be lost.",
        action="`.reset_index()` keeps the index as a column, `.reset_index(drop=True)` drops it",
    )


def _column_without_type(frame: Any) -> str | None:
    import pyarrow as pa

    for column in frame.columns:
        try:
            pa.Array.from_pandas(frame[column])
        except (pa.ArrowException, OverflowError):
            return str(column)
    return None


def _from_parquet(call: Attempt, name: str, path: Path) -> Iterator[Any]:
    """Return the rows of Parquet files, a few at a time."""
    files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path] if path.is_file() else []
    if not files:
        raise WrongOutputError(
            f"`{call['transformation']}` returned a path for `{name}` where there is no Parquet",
            detail=f"Expected a Parquet file, or a folder of files that end in .parquet: {path}",
        )
    return itertools.chain.from_iterable(_rows_of(call, name, file) for file in files)


def _rows_of(call: Attempt, name: str, file: Path) -> Iterator[Any]:
    import pyarrow as pa
    import pyarrow.dataset as ds

    try:
        data = ds.dataset(str(file), format="parquet")
        yield data.schema.empty_table()
        for batch in data.to_batches(batch_readahead=2, fragment_readahead=1):
            yield pa.Table.from_batches([batch])
    except (pa.ArrowException, OSError) as error:
        raise WrongOutputError(
            f"`{call['transformation']}` returned a path for `{name}` that is no Parquet",
            detail=f"{file}\n{error}",
        ) from None


def _refuse_doubled_names(call: Attempt, name: str, columns: list[str]) -> None:
    doubled = sorted({column for column in columns if columns.count(column) > 1})
    if doubled:
        raise WrongOutputError(
            f"`{call['transformation']}` returned two columns `{doubled[0]}` in `{name}`",
            detail="The names of a table's columns are unique. More than once: "
            + ", ".join(f"`{column}`" for column in doubled),
            action="rename or drop one of them",
        )
