"""The queries that compare two tables, in DuckDB's words; columns go by place, never by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_FLOATS = frozenset({"float16", "float32", "float64"})
_NATIVE = frozenset({"bool", "string", *_FLOATS}) | {
    f"{sign}int{width}" for sign in ("", "u") for width in (8, 16, 32, 64)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two tables: its Parquet files in order, and the names of all its columns."""

    files: tuple[str, ...]
    columns: tuple[str, ...]

    def relation(self, alias: str) -> str:
        """Return the table with its columns called c0, c1, … and a mark `h` in every row."""
        files = ", ".join(_quoted(file) for file in self.files)
        names = ", ".join([*(f"c{index}" for index in range(len(self.columns))), "h"])
        return f"(SELECT *, true FROM read_parquet([{files}])) AS {alias}({names})"

    def place(self, column: str) -> str:
        """Return what a column is called in `relation`."""
        return f"c{self.columns.index(column)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two tables side by side: by `key`, or by position where it is empty.

    `common` are the columns that both have with one type, the key's among them.
    """

    old: Side
    new: Side
    key: tuple[str, ...]
    common: tuple[tuple[str, str], ...]

    @property
    def compared(self) -> tuple[tuple[str, str], ...]:
        """The columns whose values are compared, with their types."""
        return tuple(column for column in self.common if column[0] not in self.key)

    def joined(self) -> str:
        """Return one row per row of either table; `h` is null where a side has none."""
        old, new = self.old.relation("a"), self.new.relation("b")
        if not self.key:
            return f"{old} POSITIONAL JOIN {new}"
        on = " AND ".join(
            f"a.{self.old.place(name)} IS NOT DISTINCT FROM b.{self.new.place(name)}"
            for name in self.key
        )
        return f"{old} FULL JOIN {new} ON {on}"

    def counts(self) -> str:
        """Return the query for one row: rows added, removed, changed and the same, then for each
        compared column how many values differ, the largest difference, the largest relative one."""
        both, any_differs = "a.h AND b.h", self.any_differs()
        found = [
            "count(*) FILTER (a.h IS NULL)",
            "count(*) FILTER (b.h IS NULL)",
            f"count(*) FILTER ({both} AND ({any_differs}))",
            f"count(*) FILTER ({both} AND NOT ({any_differs}))",
        ]
        for name, type_ in self.compared:
            found.append(f"count(*) FILTER ({both} AND {self.differs(name, type_)})")
            found += self._largest(name, type_)
        return f"SELECT {', '.join(found)} FROM {self.joined()}"

    def rows(self, condition: str, limit: int) -> str:
        """Return the query for the first rows with a condition: the position from 0, or null; the
        key; then the old and the new value of each compared column."""
        by_key = bool(self.key)
        position = "NULL" if by_key else "row_number() OVER () - 1"
        cells = [f"{position} AS n", "a.h AS ah", "b.h AS bh"]
        types = dict(self.common)
        keys = [
            f"CASE WHEN a.h THEN a.{self.old.place(name)} ELSE b.{self.new.place(name)} END AS k{i}"
            for i, name in enumerate(self.key)
        ]
        for index, (name, type_) in enumerate(self.compared):
            cells.append(f"{self._cell('a', self.old, name, type_)} AS o{index}")
            cells.append(f"{self._cell('b', self.new, name, type_)} AS w{index}")
            cells.append(f"{self.differs(name, type_)} AS d{index}")
        shown = [
            f"k{i}" if types[name] in _NATIVE else f"CAST(k{i} AS VARCHAR) AS t{i}"
            for i, name in enumerate(self.key)
        ]
        count = range(len(self.compared))
        values = [f"{kind}{index}" for index in count for kind in ("d", "o", "w")]
        order = ", ".join(f"k{i} NULLS LAST" for i in range(len(self.key))) if by_key else "n"
        return (
            f"SELECT {', '.join(['n', *shown, *values])} FROM "
            f"(SELECT {', '.join([*cells, *keys])} FROM {self.joined()}) "
            f"WHERE {condition} ORDER BY {order} LIMIT {limit}"
        )

    def duplicates(self, side: Side) -> str:
        """Return the query for the number of keys that more than one row of a table has."""
        columns = ", ".join(side.place(name) for name in self.key)
        inner = f"SELECT 1 FROM {side.relation('a')} GROUP BY {columns} HAVING count(*) > 1"
        return f"SELECT count(*) FROM ({inner})"

    def any_differs(self) -> str:
        """Return the condition that some compared value differs."""
        return " OR ".join(self.differs(*column) for column in self.compared) or "false"

    def differs(self, name: str, type_: str) -> str:
        """Return the condition that a value differs: a null is a null and a NaN a NaN, and −0.0
        is not 0.0; never null itself."""
        one, other = self._values(name)
        found = f"{one} IS DISTINCT FROM {other}"
        if type_ in _FLOATS:
            zeros = f"{one} = 0 AND {other} = 0 AND signbit({one}) <> signbit({other})"
            return f"({found} OR coalesce({zeros}, false))"
        return f"({found})"

    def _largest(self, name: str, type_: str) -> list[str]:
        if not ("int" in type_ or type_ in _FLOATS or type_.startswith("decimal(")) or "<" in type_:
            return ["NULL", "NULL"]
        one, other = (f"CAST({value} AS DOUBLE)" for value in self._values(name))
        finite = f"a.h AND b.h AND isfinite({one}) AND isfinite({other}) AND {one} <> {other}"
        difference = f"abs({other} - {one})"
        return [
            f"max({difference}) FILTER ({finite})",
            f"max({difference} / abs({one})) FILTER ({finite} AND {one} <> 0)",
        ]

    def _values(self, name: str) -> tuple[str, str]:
        return f"a.{self.old.place(name)}", f"b.{self.new.place(name)}"

    def _cell(self, alias: str, side: Side, name: str, type_: str) -> str:
        value = f"{alias}.{side.place(name)}"
        return value if type_ in _NATIVE else f"CAST({value} AS VARCHAR)"


CHANGED = "ah AND bh AND ({})"
ADDED = "ah IS NULL"
REMOVED = "bh IS NULL"


def some_differ(columns: Sequence[object]) -> str:
    """Return the condition, for `Pair.rows`, that a row is on both sides and differs."""
    return CHANGED.format(" OR ".join(f"d{index}" for index in range(len(columns))) or "false")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
