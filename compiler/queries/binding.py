"""A query bound by DuckDB over empty tables: which columns it makes, or why it cannot be bound.

Nothing is executed, and no file, variable or extension is in reach.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .engine import engine
from .types import made_of, read_as

_DESCRIBE = "DESCRIBE "
_NULL = '"NULL"'
TableColumns = Sequence[tuple[str, str | None]]
"""Names of columns with their canonical types, None where the type is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The columns that a query makes, in order; a type is None where the language has none."""

    columns: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbound:
    """Why a query cannot be bound, as DuckDB has it, to be put into words.

    `place` are the offsets in characters of what it is about, None where that is unknown.
    """

    kind: str
    subtype: str
    name: str
    call: str
    said: str
    place: tuple[int, int] | None


def bind_query(text: str, tables: Mapping[str, TableColumns]) -> Bound | Unbound:
    """Bind one SELECT over tables by name; a column without a type is one of nulls."""
    import duckdb

    for name, columns in tables.items():
        _define(name, tuple(columns))
    try:
        relation = engine().sql(text)
    except duckdb.Error:
        return _unbound(text)
    types = (made_of(str(kind)) for kind in relation.types)
    return Bound(columns=tuple(zip(relation.columns, types, strict=True)))


def known_functions() -> tuple[str, ...]:
    """Return the names of all functions of DuckDB, sorted."""
    query = "SELECT DISTINCT function_name FROM duckdb_functions() ORDER BY 1"
    return tuple(str(row[0]) for row in engine().execute(query).fetchall())


_defined: dict[str, tuple[tuple[str, str | None], ...]] = {}
"""The tables of the engine, by name as SQL compares names."""


def _define(name: str, columns: tuple[tuple[str, str | None], ...]) -> None:
    """Make an empty table of these columns, unless it is there."""
    if _defined.get(name.casefold()) == columns:
        return
    fields = ", ".join(
        f"{_quoted(column)} {(kind and read_as(kind)) or _NULL}" for column, kind in columns
    )
    engine().execute(f"CREATE OR REPLACE TABLE {_quoted(name)} ({fields})")
    _defined[name.casefold()] = columns


def _unbound(text: str) -> Unbound:
    """Bind a query once more, so that DuckDB says why it cannot, and where."""
    import duckdb

    engine().execute("SET errors_as_json = true")
    words = ""
    try:
        engine().execute(_DESCRIBE + text)
    except duckdb.Error as error:
        words = str(error)
    finally:
        engine().execute("SET errors_as_json = false")
    try:
        found: dict[str, Any] = json.loads(words[words.index("{") :])
    except ValueError:
        found = {}
    return Unbound(
        kind=str(found.get("exception_type", "")),
        subtype=str(found.get("error_subtype", "")),
        name=str(found.get("name", "")),
        call=str(found.get("call", "")),
        said=str(found.get("exception_message", words)),
        place=_place(text, found),
    )


def _place(text: str, found: dict[str, Any]) -> tuple[int, int] | None:
    """Return the place in characters; DuckDB counts bytes, and those of `DESCRIBE` too."""
    try:
        start, length = json.loads(found["location"])
    except (KeyError, TypeError, ValueError):
        return None
    data = text.encode("utf-8", "surrogatepass")
    first = start - len(_DESCRIBE)
    if not 0 <= first <= len(data):
        return None
    before = len(data[:first].decode("utf-8", "ignore"))
    inside = len(data[first : first + max(length, 1)].decode("utf-8", "ignore"))
    return before, before + max(inside, 1)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
