"""What is said of a query before it runs is what comes of it.

Over tables of which all columns and types are known, a query is complained of if and only if it
fails, or makes what its contract refuses, over every table that keeps its own contract.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from reprocc.compiler.driver import compile_source
from reprocc.compiler.plan import ColumnContract, Contract
from reprocc.compiler.source import Source
from reprocc.compiler.workspace import Workspace
from reprocc.runtime.child.query import _column, _registrable
from reprocc.runtime.codecs.types import arrow_type, type_text
from reprocc.runtime.contracts.table import table_violations

FOLDER = Path("somewhere").absolute()
FILES = Workspace({os.path.abspath(FOLDER / f"{name}.parquet"): b"" for name in ("t", "u")})
ENGINE = duckdb.connect(":memory:")
ENGINE.execute("SET TimeZone = 'UTC'")
ENGINE.execute("SET python_enable_replacements = false")

VALUES: dict[str, object] = {
    "bool": True,
    "int8": 3,
    "int64": 4,
    "uint16": 5,
    "float16": 0.5,
    "float32": 0.5,
    "float64": 1.5,
    "decimal(10,2)": None,
    "string": "x",
    "binary": b"x",
    "date": None,
    "time": None,
    "timestamp[ms]": None,
    "timestamp[us, UTC]": None,
    "duration[s]": None,
    "list<int32>": [1, 2],
    "struct<a: int64>": {"a": 1},
}
Columns = dict[str, str]

ITEMS = ("{}", "{}", "{}", "max({})", "sum({})", "count(*)", "upper({})", "{} + 1", "{} IS NULL",
         "[{}]", "coalesce({}, {})", "7")  # fmt: skip

names = st.sampled_from("abcd")
tables = st.dictionaries(names, st.sampled_from(sorted(VALUES)), min_size=1, max_size=4)


@st.composite
def queries(draw: st.DrawFn) -> str:
    """Draw a query over `t` and perhaps `u`, some of whose columns may not be there."""
    two = draw(st.booleans())
    source = (
        draw(st.sampled_from(["t, u", "t JOIN u USING (a)", "t JOIN u ON t.b = u.b"]))
        if two
        else "t"
    )
    prefixes = ("t.", "u.", "") if two else ("", "", "t.")

    def column() -> str:
        return draw(st.sampled_from(prefixes)) + draw(names)

    def item() -> str:
        form = draw(st.sampled_from(ITEMS))
        return form.format(*(column() for _ in range(form.count("{}"))))

    items = [f"{item()} AS {draw(names)}" for _ in range(draw(st.integers(1, 3)))]
    selected = draw(st.sampled_from(["*", ", ".join(items), ", ".join(items)]))
    where = draw(
        st.sampled_from(["", "", f"WHERE {column()} IS NOT NULL", f"WHERE {column()} > 3"])
    )
    grouping = draw(st.sampled_from(["", "GROUP BY ALL", f"GROUP BY {column()}"]))
    query = f"SELECT {selected} FROM {source} {where} {grouping}"
    return f"WITH w AS ({query}) SELECT {draw(names)} FROM w" if draw(st.booleans()) else query


def complaints(query: str, given: Mapping[str, Columns], demanded: Columns, more: str) -> set[str]:
    """Return the codes of the errors in a pipeline with one query."""
    closed = {"kind": "table", "additional_columns": "refuse"}
    artifacts = {
        name: {**closed, "source": f"{name}.parquet", "columns": typed(columns)}
        for name, columns in given.items()
    }
    made = {"kind": "table", "additional_columns": more, "columns": typed(demanded)}
    step = {"sql": query, "inputs": sorted(given), "outputs": ["made"]}
    spec = {
        "reprocc": 1,
        "name": "a",
        "artifacts": {**artifacts, "made": made},
        "transformations": {"make": step},
    }
    source = Source(path="pipeline.yaml", text=json.dumps(spec))
    compiled = compile_source(source, FOLDER, given={}, workspace=FILES)
    return {d.code.name for d in compiled.diagnostics if d.severity == "error"}


def typed(columns: Columns) -> dict[str, dict[str, str]]:
    return {name: {"type": kind} for name, kind in columns.items()}


def ran(query: str, given: Mapping[str, Columns], *, rows: int) -> pa.Table | None:
    """Run a query as a run does, over tables whose columns come in another order."""
    for name, columns in given.items():
        fields = {c: pa.array([VALUES[k]] * rows, arrow_type(k)) for c, k in columns.items()}
        ENGINE.register(name, _registrable(pa.table(dict(reversed(fields.items())))))
    try:
        relation = ENGINE.sql(query)
        found, types = relation.to_arrow_table(), [str(kind) for kind in relation.types]
    except duckdb.Error:
        return None
    call: Any = {"transformation": "t"}
    columns = [
        _column(call, *each) for each in zip(found.column_names, found.columns, types, strict=True)
    ]
    return pa.Table.from_arrays(columns, names=found.column_names)


def is_kept(table: pa.Table | None, demanded: Columns, more: Any) -> bool:
    """Say whether a table is one at all, and keeps a contract."""
    if table is None or len(set(table.column_names)) < len(table.column_names):
        return False
    blank = {"nullable": True, "unique": False, "minimum": None, "maximum": None}
    blank |= {"values": None, "pattern": None, "severity": "error"}
    rules = [ColumnContract(name=n, type=k, **blank) for n, k in sorted(demanded.items())]  # type: ignore[arg-type]  # spelled out above
    contract = Contract(
        columns=tuple(rules), additional_columns=more, rows=None, key=(), require=()
    )
    return not table_violations(table, contract)


@settings(max_examples=120, deadline=None)
@given(queries(), tables, tables, tables, st.sampled_from(["allow", "refuse"]), st.booleans())
def test_a_query_is_complained_of_exactly_where_it_fails(
    query: str, t: Columns, u: Columns, demanded: Columns, more: str, knows: bool
) -> None:
    tables = {"t": t, "u": u} if " u" in query else {"t": t}
    found = ran(query, tables, rows=0)
    if knows and found is not None:
        demanded = {
            name: type_text(found.schema.field(i).type) for i, name in enumerate(found.column_names)
        }
    said = complaints(query, tables, demanded, more)
    for rows in (0, 2):
        assert is_kept(ran(query, tables, rows=rows), demanded, more) == (not said), said


@settings(max_examples=30, deadline=None)
@given(tables, st.data())
def test_a_contract_like_the_producers_is_kept_and_any_other_is_not(
    columns: Columns, data: st.DataObject
) -> None:
    columns = {name: "float32" if kind == "float16" else kind for name, kind in columns.items()}
    columns = {n: "duration[us]" if k == "duration[s]" else k for n, k in columns.items()}
    query = f"SELECT {', '.join(sorted(columns))} FROM t"
    assert complaints(query, {"t": columns}, columns, "refuse") == set()
    name = data.draw(st.sampled_from(sorted(columns)))
    without = {each: kind for each, kind in columns.items() if each != name}
    if without:
        assert complaints(query, {"t": without}, columns, "refuse") == {"unknown-column"}
    assert complaints(query, {"t": columns}, without, "refuse") == {"refused-column"}
    assert complaints(query, {"t": columns}, without, "allow") == set()
    assert complaints(query, {"t": columns}, {**columns, "e": "bool"}, "refuse") == {
        "missing-column"
    }
    other = data.draw(st.sampled_from(sorted(set(VALUES) - {columns[name]})))
    assert complaints(query, {"t": columns}, {**columns, name: other}, "refuse") == {"other-type"}
