"""Queries: values as literals, places of interpolations, and what is read from a syntax tree."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reprocc.compiler.expression.expected import WrongValue
from reprocc.compiler.expression.value import Value
from reprocc.compiler.queries.literals import literal
from reprocc.compiler.queries.parse import Parsed, Refused, parse_query
from reprocc.compiler.queries.quotes import standings
from reprocc.compiler.queries.reading import Reading, reading_of

CONNECTION = duckdb.connect(":memory:")


def computed(query: str) -> tuple[object, ...] | None:
    return CONNECTION.execute(query).fetchone()


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
)


@settings(max_examples=200, deadline=None)
@given(SCALARS)
def test_a_database_reads_a_literal_as_the_value_it_was(value: Value) -> None:
    found = computed(f"SELECT 1 -{literal(1)}, {literal(value)}")
    assert found is not None
    assert found[1] == value
    assert type(found[1]) is type(value)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-9, 9), max_size=4) | st.lists(st.text("a'\\\n", max_size=4)))
def test_a_list_becomes_a_list(value: list[int] | list[str]) -> None:
    found = computed(f"SELECT {literal([*value])}")
    assert found == (value,)


def test_a_negative_number_makes_no_comment() -> None:
    assert computed(f"SELECT 1 -{literal(-2)}") == (3,)
    assert literal(-0.0) == "(-0.0e0)"


@pytest.mark.parametrize("value", [{"a": 1}, "a\0b", [{"a": 1}]])
def test_what_has_no_literal_is_refused(value: Value) -> None:
    with pytest.raises(WrongValue):
        literal(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = @", "plain"),
        ("a IN (@, @)", "plain plain"),
        ("a = '@'", "quotes"),
        ("a = 'it''s @'", "quotes"),
        ("a = 'it''s' AND @", "plain"),
        ("a = E'it\\'s @' AND @", "quotes plain"),
        ("a = name'x' + @", "plain"),
        ('"@" = "a""@"', "quotes quotes"),
        ("$$ @ $$ @", "quotes plain"),
        ("$a$ $$ @ $a$ @", "quotes plain"),
        ("a$b = @", "plain"),
        ("-- it's @\n@", "comment plain"),
        ("/* a /* b */ @ */ @", "comment plain"),
        ("1 - @ -@", "plain plain"),
        ("t_@ @x t.@ @.x @@ 'a'@", "grown grown grown grown grown grown grown"),
        ("interval @ day, @::int, [@]", "plain plain plain"),
    ],
)
def test_a_place_in_a_query_is_known(text: str, expected: str) -> None:
    parts: list[str | None] = []
    for index, part in enumerate(text.split("@")):
        parts.extend(([None] if index else []) + [part])
    assert " ".join(standings(parts)) == expected


def reading(text: str) -> Reading:
    parsed = parse_query(text)
    assert isinstance(parsed, Parsed), parsed
    return reading_of(parsed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * FROM t, u AS v JOIN w ON true", {"t", "u", "w"}),
        ("FROM t", {"t"}),
        ("TABLE t", {"t"}),
        ("WITH t AS (SELECT * FROM t) SELECT * FROM T", {"t"}),
        ("WITH a AS (FROM t), b AS (FROM a) FROM b", {"t"}),
        ("WITH b AS (FROM a), a AS (FROM t) FROM b", {"a", "t"}),
        ("WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM r, t) FROM r", {"t"}),
        ("SELECT (SELECT max(x) FROM u) FROM t WHERE EXISTS (FROM v)", {"t", "u", "v"}),
        ("SELECT * FROM (WITH a AS (FROM t) FROM a), a", {"t", "a"}),
        ("SELECT 1 UNION SELECT x FROM t EXCEPT SELECT x FROM u", {"t", "u"}),
        ("FROM (PIVOT t ON x IN (1, 2) USING sum(y))", {"t"}),
        ("SELECT * FROM unnest([1, 2]), range(3), generate_series(3)", set()),
        ("SELECT t.x FROM t, unnest(t.y)", {"t"}),
        ("VALUES (1), (2)", set()),
    ],
)
def test_the_tables_of_a_query_are_found(text: str, expected: set[str]) -> None:
    found = reading(text)
    assert {table.name for table in found.tables} == expected
    assert not found.outside


@pytest.mark.parametrize(
    "text",
    [
        "FROM 'a.csv'",
        'FROM "a/b.parquet"',
        "FROM read_parquet('a')",
        "SELECT * FROM duckdb_tables()",
        "SELECT (SELECT count(*) FROM glob('*'))",
        "FROM query('SELECT 1')",
        "FROM sqlite_scan('a', 'b')",
        "SELECT * FROM (DESCRIBE t)",
    ],
)
def test_what_reaches_outside_is_found(text: str) -> None:
    assert reading(text).outside


@pytest.mark.parametrize(
    ("text", "has_order"),
    [
        ("SELECT x FROM t", False),
        ("SELECT x FROM t ORDER BY x", True),
        ("SELECT x FROM (SELECT x FROM t ORDER BY x)", False),
        ("SELECT x FROM t UNION SELECT 1 ORDER BY ALL", True),
        ("SELECT count(*), sum(x) FROM t", True),
        ("SELECT count(*) FROM t GROUP BY x", False),
        ("SELECT x, count(*) FROM t GROUP BY ALL", False),
        ("SELECT 1 AS a", True),
        ("SELECT unnest([1, 2])", False),
        ("SELECT DISTINCT x FROM t", False),
        ("SELECT x FROM t LIMIT 1", False),
    ],
)
def test_an_order_is_seen(text: str, has_order: bool) -> None:
    assert reading(text).has_order is has_order


@pytest.mark.parametrize(
    "text",
    ["SELECT now()", "SELECT CURRENT_TIMESTAMP", "SELECT age(x) FROM t", "SELECT Now()",
     "SELECT * FROM t TABLESAMPLE 10%", "SELECT x FROM t ORDER BY uuidv7()"],
)  # fmt: skip
def test_what_changes_each_time_is_seen(text: str) -> None:
    assert reading(text).changing


@pytest.mark.parametrize(
    "text",
    ["SELECT \"current_date\" FROM t", "SELECT t.today FROM t", "SELECT age(x, y) FROM t",
     "SELECT 'now()', \"random\" FROM t -- now()",
     "FROM t USING SAMPLE reservoir(10 ROWS) REPEATABLE (3)", "SELECT random(), uuid()"],
)  # fmt: skip
def test_what_only_looks_so_is_not(text: str) -> None:
    assert not reading(text).changing


@pytest.mark.parametrize(
    ("text", "reason", "word"),
    [
        ("SELEC 1", "syntax error at or near `SELEC`", "SELEC"),
        ("SELECT 'é' FORM t", "syntax error at or near `t`", "t"),
        ("SELECT 1; DROP TABLE t", "`sql` must be one query, and a second begins here", "DROP"),
        ("SELECT 'a;b';\n SELECT 2", "`sql` must be one query, and a second begins here", "SELECT"),
        ("INSERT INTO t VALUES (1)", "`sql` must be a SELECT, but begins with `INSERT`", "INSERT"),
        ("PIVOT t ON x USING sum(y)", "`sql` must be a SELECT, but begins with `PIVOT`", "PIVOT"),
        ("/* a */ PRAGMA x", "`sql` must be a SELECT, but begins with `PRAGMA`", "PRAGMA"),
        ("SELECT 1 /* a", "a comment is never closed", "/"),
    ],
)
def test_what_is_no_query_is_refused_at_its_place(text: str, reason: str, word: str) -> None:
    found = parse_query(text)
    assert isinstance(found, Refused)
    assert found.reason == reason
    assert found.start is not None
    assert text[found.start : found.end] == word


def test_nothing_of_a_query_is_executed(tmp_path: Path) -> None:
    written = tmp_path / "x.csv"
    parse_query(f"COPY (SELECT 1) TO '{written}'")
    parse_query(f"SELECT 1; COPY (SELECT 1) TO '{written}'")
    assert not written.exists()
