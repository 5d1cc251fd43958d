"""What is different between two tables: columns, rows by key or position, values."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..content import Content
from ..store.backend import Backend, StoreError
from ..store.layout import object_key
from ..store.objects import fetch, verify
from .change import Change
from .columns import ColumnChange, common_columns, compare_columns, is_reordered
from .statement import ADDED, REMOVED, Pair, Side, some_differ

if TYPE_CHECKING:
    import duckdb

_MEMORY = "1GiB"
_MOST_THREADS = 4

Cell = None | bool | int | float | str


class NoKey(Exception):
    """The columns given as a key cannot be one for these tables; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnDifference:
    """How many values of a column differ, among the rows that both tables have.

    `largest` is the largest absolute difference between unequal finite numbers, `largest_relative`
    the largest one by the size of the old value; None where there are none.
    """

    column: str
    count: int
    largest: float | None
    largest_relative: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """One row: by its key, or by its position from 0.

    `cells` are (column, old, new): of a changed row the values that differ, of a row on one side
    none. Values other than numbers, texts and booleans are texts.
    """

    change: Change
    key: tuple[tuple[str, Cell], ...]
    position: int | None
    cells: tuple[tuple[str, Cell, Cell], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDifference:
    """All differences; `rows` are the first ones of each kind.

    `key` is empty where rows were compared by position; `note` then says why not by the key.
    Values are compared where both tables have a column with one type.
    """

    columns: tuple[ColumnChange, ...]
    is_reordered: bool
    key: tuple[str, ...]
    note: str | None
    old_rows: int
    new_rows: int
    added: int
    removed: int
    changed: int
    same: int
    values: tuple[ColumnDifference, ...]
    rows: tuple[RowChange, ...]


def compare_tables(
    backend: Backend,
    old: Content,
    new: Content,
    *,
    key: tuple[str, ...],
    is_key_given: bool,
    limit: int,
) -> TableDifference:
    """Compare two tables; `limit` rows of each kind of change are shown.

    What does not fit into about 1 GiB of memory goes to a temporary folder. A key that cannot
    serve raises NoKey if `is_key_given`, else rows are compared by position. Raises Missing and
    Damaged where parts are, StoreError where memory or disk do not suffice.
    """
    import duckdb

    problem = _key_problem(old, new, key)
    with tempfile.TemporaryDirectory(prefix="reprocc-diff-") as scratch:
        sides = [
            _side(backend, content, Path(scratch) / name)
            for name, content in (("old", old), ("new", new))
        ]
        pair = Pair(
            old=sides[0],
            new=sides[1],
            key=() if problem else key,
            common=common_columns(old, new),
        )
        try:
            with duckdb.connect(config=_configuration(Path(scratch))) as connection:
                if pair.key:
                    problem = _duplicates(connection, pair)
                if problem and is_key_given:
                    raise NoKey(problem)
                if problem:
                    pair = replace(pair, key=())
                return _difference(connection, pair, old, new, problem, limit)
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            raise StoreError(
                "memory or temporary disk space do not suffice to compare the tables",
                place=tempfile.gettempdir(),
                remedy="make room, or set `TMPDIR` to a folder with more",
                can_retry=True,
            ) from error


def _configuration(scratch: Path) -> dict[str, Any]:
    import os

    return {
        "memory_limit": _MEMORY,
        "threads": min(_MOST_THREADS, os.cpu_count() or 1),
        "temp_directory": str(scratch / "spilled"),
        "preserve_insertion_order": "true",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }


def _side(backend: Backend, content: Content, scratch: Path) -> Side:
    """Return a table's verified parts as files: where they lie, else as copies."""
    files: list[str] = []
    for index, part in enumerate(content.parts):
        path = backend.path(object_key(part.sha256))
        if path is None:
            scratch.mkdir(exist_ok=True)
            path = scratch / f"{index:06d}.parquet"
            fetch(backend, part.sha256, path)
        else:
            verify(backend, part.sha256)
        files.append(str(path))
    return Side(files=tuple(files), columns=tuple(name for name, _ in content.schema or ()))


def _key_problem(old: Content, new: Content, key: tuple[str, ...]) -> str | None:
    common = dict(common_columns(old, new))
    for name in key:
        if name not in common:
            return f"the key column `{name}` is not in both tables with one type"
    return None


def _duplicates(connection: duckdb.DuckDBPyConnection, pair: Pair) -> str | None:
    for word, side in (("old", pair.old), ("new", pair.new)):
        count = _one(connection, pair.duplicates(side))[0]
        if count:
            names = ", ".join(f"`{name}`" for name in pair.key)
            return f"{names} {'is' if len(pair.key) == 1 else 'are'} not unique in the {word} table"
    return None


def _difference(
    connection: duckdb.DuckDBPyConnection,
    pair: Pair,
    old: Content,
    new: Content,
    note: str | None,
    limit: int,
) -> TableDifference:
    has_columns = bool(pair.old.columns and pair.new.columns)
    counts = _one(connection, pair.counts()) if has_columns else _without_columns(old, new)
    added, removed, changed, same, *values = counts
    conditions: list[tuple[Change, int, str]] = [
        ("changed", changed, some_differ(pair.compared)),
        ("added", added, ADDED),
        ("removed", removed, REMOVED),
    ]
    return TableDifference(
        columns=compare_columns(old, new),
        is_reordered=is_reordered(old, new),
        key=pair.key,
        note=note,
        old_rows=old.rows or 0,
        new_rows=new.rows or 0,
        added=added,
        removed=removed,
        changed=changed,
        same=same,
        values=tuple(
            ColumnDifference(
                column=name,
                count=values[3 * index],
                largest=values[3 * index + 1],
                largest_relative=values[3 * index + 2],
            )
            for index, (name, _) in enumerate(pair.compared)
            if values[3 * index]
        ),
        rows=tuple(
            _row(pair, change, row)
            for change, count, condition in conditions
            if count and limit and has_columns
            for row in connection.execute(pair.rows(condition, limit)).fetchall()
        ),
    )


def _without_columns(old: Content, new: Content) -> tuple[int, ...]:
    """Return the counts where a table has no columns, and so no rows that could be read."""
    return new.rows or 0, old.rows or 0, 0, 0


def _row(pair: Pair, change: Change, row: tuple[Any, ...]) -> RowChange:
    position, *rest = row
    keys, cells = rest[: len(pair.key)], rest[len(pair.key) :]
    return RowChange(
        change=change,
        key=tuple(zip(pair.key, keys, strict=True)),
        position=position,
        cells=tuple(
            (name, cells[3 * index + 1], cells[3 * index + 2])
            for index, (name, _) in enumerate(pair.compared)
            if change == "changed" and cells[3 * index]
        ),
    )


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None, "a query of counts has one row"
    return row
