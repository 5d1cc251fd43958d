"""Tables as user code sees them: from an Arrow file to a library's type, and back."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from .failure import WrongOutputError
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
    """Write a returned table as an Arrow IPC file; say whether the value was a table at all.

    Raises WrongOutputError for tables that cannot be stored, naming what is wrong.
    """
    table = _as_arrow(call, name, value)
    if table is None:
        return False
    import pyarrow as pa

    _refuse_doubled_names(call, name, table.column_names)
    table = table.replace_schema_metadata(None)
    with pa.OSFile(path, "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return True


def _as_arrow(call: Attempt, name: str, value: Any) -> Any:
    if isinstance(value, os.PathLike):
        return _from_parquet(call, name, Path(value))
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


def _from_parquet(call: Attempt, name: str, path: Path) -> Any:
    import pyarrow as pa
    import pyarrow.dataset as ds

    files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path] if path.is_file() else []
    said = f"`{call['transformation']}` returned a path for `{name}`"
    if not files:
        raise WrongOutputError(
            f"{said} where there is no Parquet",
            detail=f"Expected a Parquet file, or a folder of files that end in .parquet: {path}",
        )
    try:
        tables = [ds.dataset(str(file), format="parquet").to_table() for file in files]
        return pa.concat_tables([table.replace_schema_metadata(None) for table in tables])
    except (pa.ArrowException, OSError) as error:
        raise WrongOutputError(
            f"{said} that cannot be read as one Parquet table",
            detail="\n".join([*(str(file) for file in files), str(error)]),
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
