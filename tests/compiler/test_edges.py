"""What is known along edges, held against what the run does with tables of every type."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from reprocc.compiler.columns import COLUMN_TYPES, column_type
from reprocc.compiler.edges.forms import is_queried, is_read, is_sortable, is_written
from reprocc.compiler.edges.header import csv_header
from reprocc.compiler.plan import FileForm
from reprocc.compiler.queries.binding import Bound, Unbound, bind_query
from reprocc.compiler.queries.columns import Naming, naming_of
from reprocc.compiler.queries.parse import Parsed, parse_query
from reprocc.compiler.queries.sure_types import sure_types
from reprocc.compiler.queries.types import made_of, read_as
from reprocc.compiler.workspace import Workspace
from reprocc.runtime.child.query import _registrable
from reprocc.runtime.codecs.readers import read_files
from reprocc.runtime.codecs.table import settled_table
from reprocc.runtime.codecs.table_file import write_table_file
from reprocc.runtime.codecs.types import arrow_type, type_text
from reprocc.runtime.codecs.unstorable import Unstorable
from reprocc.runtime.sources.files import IngestError, SourceFile

TYPES = (
    *COLUMN_TYPES,
    *(f"timestamp[{unit}]" for unit in ("s", "ms", "ns")),
    *(f"timestamp[{unit}, Europe/Berlin]" for unit in ("s", "ns")),
    *(f"duration[{unit}]" for unit in ("s", "ns")),
    "decimal(38,0)",
    "decimal(39,2)",
    "list<float16>",
    "list<bool>",
    "list<binary>",
    "list<time>",
    "list<decimal(5,1)>",
    "list<duration[s]>",
    "list<timestamp[us, UTC]>",
    "list<list<string>>",
    "list<map<string, int64>>",
    "struct<a: int64, b: float32>",
    "struct<float16: string, map: list<uint8>>",
    "struct<a: date>",
    "struct<a: float16>",
    "struct<a: struct<b: duration[ms]>>",
    "map<string, list<date>>",
)
FORMS: tuple[FileForm, ...] = ("csv", "jsonl", "parquet", "arrow")


def of_type(kind: str) -> pa.Table:
    """Return a table with a column of a type and nothing in it but a null."""
    return pa.table({"k": pa.array([1]), "a": pa.array([None], arrow_type(kind))})


def test_the_types_are_spelled_as_the_compiler_spells_them() -> None:
    assert [kind for kind in TYPES if column_type(kind) != kind] == []


@pytest.mark.parametrize("kind", TYPES)
def test_a_query_reads_a_type_as_is_foreseen(kind: str) -> None:
    engine = duckdb.connect(":memory:")
    try:
        engine.register("t", _registrable(of_type(kind)))
        found = str(engine.sql("SELECT a FROM t").types[0])
    except duckdb.Error:
        assert not is_queried(kind)
        return
    foreseen = read_as(kind)
    assert foreseen is not None
    assert str(engine.sql(f"SELECT NULL::{foreseen}").types[0]) == found


@pytest.mark.parametrize(
    "made",
    [
        *(f"NULL::{engine}" for kind in TYPES if (engine := read_as(kind)) is not None),
        *("count(*)", "sum(1)", "avg(1)", "1", "5000000000", "1.5", "1e0", "1 / 2", "NULL"),
        *("uuid()", "'a'::ENUM('a', 'b,c')", "INTERVAL 1 DAY", "'1'::BIT", "b'1'", "TIME '10:00'"),
        *("[1, 2]::INTEGER[2]", "[]", "[NULL]", "{'a': 1, 'b': [DATE '2026-01-01']}", "now()"),
        *("row_number() OVER ()", "range(3)", "map {'a': 1}", "'x'::BLOB", "random()"),
    ],
)
def test_what_a_query_makes_becomes_the_type_that_is_foreseen(made: str) -> None:
    from reprocc.runtime.child.query import _column

    engine = duckdb.connect(":memory:")
    engine.execute("SET TimeZone = 'UTC'")
    relation = engine.sql(f"SELECT {made} AS a")
    foreseen = made_of(str(relation.types[0]))
    call = {"transformation": "t"}
    column = relation.to_arrow_table().column(0)
    column = _column(call, "a", column, str(relation.types[0]))  # type: ignore[arg-type]  # no more of it is read
    try:
        found = type_text(column.type)
    except Unstorable:
        found = None
    assert foreseen in (None, found)
    assert foreseen is not None or "INTERVAL" in str(relation.types[0])


def test_types_without_a_like_in_the_language_are_not_foreseen() -> None:
    unlike = ("HUGEINT[]", "INTERVAL[]", "VARIANT", "UNION(a INTEGER)", "BIGNUM", "?")
    assert {made_of(engine) for engine in unlike} == {None}
    assert made_of('STRUCT("b c" INTEGER)') is None
    assert made_of('STRUCT("b" INTEGER, c VARCHAR[])') == "struct<b: int32, c: list<string>>"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", TYPES)
def test_a_file_holds_the_types_that_are_foreseen(
    kind: str, form: FileForm, tmp_path: Path
) -> None:
    path = tmp_path / f"a.{form}"
    try:
        write_table_file(of_type(kind), path, form=form)
    except Unstorable:
        assert not is_written(kind, form)
    else:
        assert is_written(kind, form)


VALUES: dict[str, tuple[object, ...]] = {
    "list<date>": ([18000],),
    "list<time>": ([5],),
    "list<decimal(5,1)>": ([1.5],),
    "struct<a: date>": ({"a": 5},),
    "list<timestamp[us, UTC]>": (["2026-01-01T00:00:00Z"],),
    "list<binary>": (["x"],),
    "list<float16>": ([1.5], [], None),
    "list<duration[s]>": ([5], ["5"], []),
    "struct<a: float16>": ({"a": 1.5},),
    "map<string, int64>": ({"a": 1}, [{"key": "a", "value": 1}], []),
    "list<map<string, int64>>": ([{"a": 1}], [[{"key": "a", "value": 1}]], []),
    "list<list<string>>": ([["a"]],),
}


@pytest.mark.parametrize("kind", VALUES)
def test_json_lines_are_read_as_the_types_that_are_foreseen(kind: str, tmp_path: Path) -> None:
    found = set()
    for number, value in enumerate(VALUES[kind]):
        path = tmp_path / f"{number}.jsonl"
        path.write_text(json.dumps({"k": 1, "a": value}) + "\n")
        found.add(read_type(path, "jsonl", kind))
    assert (kind in found) == is_read(kind, "jsonl")


@pytest.mark.parametrize("kind", TYPES)
def test_csv_is_read_as_the_types_that_are_foreseen(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("k,a\n1,\n")
    assert (read_type(path, "csv", kind) == kind) == is_read(kind, "csv")


def read_type(path: Path, form: str, kind: str) -> str | None:
    """Return the type that column `a` of a file has when it is declared; None where refused."""
    try:
        table = read_files(
            [SourceFile(path=path, name=path.name)], format=form, columns=[("a", kind)]
        )
    except IngestError:
        return None
    return type_text(table.column("a").type)


@pytest.mark.parametrize("kind", [kind for kind in TYPES if not kind.startswith("struct")])
def test_rows_are_sorted_by_the_types_that_are_foreseen(kind: str) -> None:
    try:
        settled_table(of_type(kind), key=("a", "k"))
    except Unstorable:
        assert not is_sortable(kind)
    else:
        assert is_sortable(kind)


FLIGHTS = (("carrier", "string"), ("delay", "float64"), ("day", None))


def naming(text: str) -> tuple[Parsed, Naming]:
    parsed = parse_query(text)
    assert isinstance(parsed, Parsed)
    return parsed, naming_of(parsed)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM flights UNION ALL SELECT * FROM flights",
        "SELECT a FROM flights AS f(a, b, c)",
        "WITH f(a, b, c) AS (FROM flights) SELECT a FROM f",
        "SELECT #1 FROM flights",
        "SELECT flights FROM flights",
        "SELECT f FROM flights f",
        "SELECT coalesce(*COLUMNS(*)) FROM flights",
    ],
)
def test_a_query_that_counts_columns_is_known_by_it(text: str) -> None:
    assert naming(text)[1].is_positional


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM flights UNION ALL BY NAME SELECT * FROM flights",
        "SELECT carrier, delay FROM flights UNION ALL SELECT 'x', 1",
        "SELECT delay AS flight FROM flights ORDER BY ALL",
        "SELECT avg(delay) AS delay FROM flights ORDER BY delay",
        "SELECT x FROM flights, unnest([1, 2]) AS t(x)",
        "WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM r) SELECT x FROM r",
        "SELECT * EXCLUDE (delay), count(*) OVER () AS n FROM flights",
    ],
)
def test_other_queries_name_their_columns(text: str) -> None:
    assert not naming(text)[1].is_positional
    assert isinstance(bind_query(text, {"flights": FLIGHTS}), Bound)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT count(*) AS n FROM flights", ["int64"]),
        ("SELECT carrier, max(day) AS day FROM flights GROUP BY ALL", ["string", None]),
        ("SELECT day AS d, d AS e, delay FROM flights", [None, None, "float64"]),
        ("SELECT delay FROM flights WHERE day > DATE '2026-01-01' ORDER BY day", ["float64"]),
        ("SELECT carrier FROM (SELECT carrier, day FROM flights)", None),
        ("SELECT * FROM flights", None),
        ("SELECT (SELECT max(f.day) FROM flights f) AS d, 1 AS n FROM flights", [None, "int32"]),
    ],
)
def test_only_types_that_hang_on_no_unknown_one_are_sure(
    text: str, expected: list[str | None] | None
) -> None:
    found = sure_types(*naming(text), {"flights": FLIGHTS})
    assert (None if found is None else list(found)) == expected


@pytest.mark.parametrize(
    "text",
    ["SELECT error('no') AS a", "SELECT 1 / 0 AS a", "SELECT 'x'::INTEGER AS a",
     "SELECT max(i) AS a FROM range(1000000000000) AS t(i)"],
)  # fmt: skip
def test_nothing_is_executed(text: str) -> None:
    assert isinstance(bind_query(text, {}), Bound)


def test_a_table_is_defined_anew_where_its_columns_change() -> None:
    assert isinstance(bind_query("SELECT a FROM t", {"t": (("a", "int64"),)}), Bound)
    assert isinstance(bind_query("SELECT a FROM T", {"T": (("b", "int64"),)}), Unbound)
    again = bind_query("SELECT a FROM t", {"t": (("a", "string"),)})
    assert again == Bound(columns=(("a", "string"),))


def test_variables_of_the_process_are_no_tables() -> None:
    somewhere = pa.table({"a": [1]})
    assert isinstance(bind_query("SELECT a FROM somewhere", {}), Unbound), somewhere


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a,b\n1,2\n", ("a", "b")),
        (b"\xef\xbb\xbfa,b", ("a", "b")),
        (b"\r\n\r\na,b\r\n", ("a", "b")),
        (b'"a ""b""","c\nd"\n', ('a "b"', "c\nd")),
        (b"a,a\n", None),
        (b"", None),
        (b"\xff\xfe", None),
        (b"a," * 40_000 + b"b\n", None),
        (b"a,b\n" + b"1,2\n" * 40_000, ("a", "b")),
        (b'"a' + b"\n" * 70_000, None),
    ],
    ids=range(10),
)
def test_a_header_is_read(data: bytes, expected: tuple[str, ...] | None, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    assert csv_header(Workspace(), path) == expected
    assert csv_header(Workspace({str(path): b"x,y"}), path) == ("x", "y")


def test_a_header_is_as_the_file_has_it(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("a,b\tc\n1\t2\n")
    assert csv_header(Workspace(), tmp_path / "a.tsv") == ("a,b", "c")
    (tmp_path / "a.csv.gz").write_bytes(b"a,b\n")
    assert csv_header(Workspace(), tmp_path / "a.csv.gz") is None
    assert csv_header(Workspace(), tmp_path / "none.csv") is None
