"""What a query is given, what becomes of its rows, and what is said where it fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from attempts import FREE, artifact, gathered, query_assignment, single

from reprocc.compiler.plan import Resources
from reprocc.runtime.codecs.metrics import put_metrics
from reprocc.runtime.codecs.table import read_table, write_table
from reprocc.runtime.events import Failure
from reprocc.runtime.executor import BoundInput, Outcome
from reprocc.runtime.store.backend import Backend
from reprocc.runtime.worker.execute import execute
from reprocc.runtime.worker.worker import Worker

Run = Callable[..., Outcome]
Table = Callable[..., BoundInput]


@pytest.fixture
def run(local_store: Backend, tmp_path: Path, shared_worker: Worker) -> Run:
    """Run a query and return the outcome."""

    def run(
        query: str, *inputs: BoundInput, worker: Worker = shared_worker, **given: Any
    ) -> Outcome:
        number = len(list(tmp_path.glob("code*")))
        folder = tmp_path / f"code{number}"
        made = query_assignment(local_store, folder, query, inputs=inputs, **given)
        return execute(made, worker=worker)

    return run


@pytest.fixture
def rows(run: Run, local_store: Backend) -> Callable[..., pa.Table]:
    """Run a query and return its rows."""

    def rows(query: str, *inputs: BoundInput, **given: Any) -> pa.Table:
        outcome = run(query, *inputs, **given)
        assert outcome.state == "succeeded", outcome.failure
        return read_table(local_store, outcome.contents[0][1])

    return rows


@pytest.fixture
def table(local_store: Backend) -> Table:
    """Keep a table and return it as an input."""

    def table(name: str, columns: dict[str, Any]) -> BoundInput:
        return single(name, "table", write_table(local_store, pa.table(columns), key=()))

    return table


@pytest.fixture
def fail(run: Run) -> Callable[..., Failure]:
    """Run a query that fails and return the failure."""

    def fail(query: str, *inputs: BoundInput, **given: Any) -> Failure:
        failure = run(query, *inputs, **given).failure
        assert failure is not None
        return failure

    return fail


def test_inputs_are_joined_by_name(rows: Callable[..., pa.Table], table: Table) -> None:
    people = table("people", {"id": [1, 2, 3], "name": ["a", "b", "c"]})
    scores = table("scores", {"id": [3, 1], "score": [0.5, 0.25]})
    found = rows(
        "SELECT name, score FROM people JOIN scores USING (id) ORDER BY name", people, scores
    )
    assert found.to_pydict() == {"name": ["a", "c"], "score": [0.25, 0.5]}


def test_rows_come_as_the_query_orders_them_or_by_the_key(
    rows: Callable[..., pa.Table], table: Table
) -> None:
    numbers = table("numbers", {"n": [2, 3, 1]})
    assert rows("FROM numbers", numbers)["n"].to_pylist() == [2, 3, 1]
    descending = "SELECT n FROM numbers ORDER BY n DESC"
    assert rows(descending, numbers)["n"].to_pylist() == [3, 2, 1]
    kept = artifact("rows", "table", contract=replace(FREE, key=("n",)))
    assert rows(descending, numbers, outputs={"rows": kept})["n"].to_pylist() == [1, 2, 3]


POINTS = ((("fold", 1),), (("fold", 2),))


def test_what_is_gathered_is_one_table_with_its_axes(
    rows: Callable[..., pa.Table], local_store: Backend
) -> None:
    tables = gathered(
        "t",
        "table",
        tuple((p, write_table(local_store, pa.table({"n": [1, 2]}), key=())) for p in POINTS),
    )
    scores = gathered(
        "m", "metrics", tuple((p, put_metrics(local_store, {"score": 0.5})) for p in POINTS)
    )
    query = "SELECT fold, sum(n) AS n, any_value(score) AS s FROM t JOIN m USING (fold)"
    found = rows(f"{query} GROUP BY fold ORDER BY fold", tables, scores)
    assert found.to_pydict() == {"fold": [1, 2], "n": [3, 3], "s": [0.5, 0.5]}


def test_metrics_are_a_table_of_one_row(
    rows: Callable[..., pa.Table], local_store: Backend
) -> None:
    scores = single("scores", "metrics", put_metrics(local_store, {"a": {"b": 2}, "c": "x"}))
    assert rows('SELECT "a.b", c FROM scores', scores).to_pydict() == {"a.b": [2], "c": ["x"]}


TYPES = {
    "1::TINYINT": "int8",
    "1": "int32",
    "sum(n)": "int64",
    "count(*)": "int64",
    "5::UHUGEINT": "int64",
    "avg(n)": "float64",
    "1.5::FLOAT": "float32",
    "1.5": "decimal(2,1)",
    "'a'": "string",
    "'a'::ENUM ('a', 'b')": "string",
    "uuid()": "string",
    "'{}'::JSON": "string",
    "'a'::BLOB": "binary",
    "true": "bool",
    "DATE '2026-01-31'": "date",
    "TIME '09:30:00'": "time",
    "TIMESTAMP '2026-01-31 09:30:00'": "timestamp[us]",
    "TIMESTAMPTZ '2026-01-31 09:30:00+02'": "timestamp[us, UTC]",
    "DATE '2026-01-31' - TIMESTAMP '2026-01-30 23:00:00'": "duration[us]",
    "list(n)": "list<int64>",
    "{'a': 1}": "struct<a: int32>",
}


def test_every_type_becomes_a_column_type(run: Run, table: Table) -> None:
    columns = ", ".join(f"{text} AS c{n}" for n, text in enumerate(TYPES))
    outcome = run(f"SELECT {columns} FROM t", table("t", {"n": [1, 2]}))
    assert outcome.state == "succeeded", outcome.failure
    assert [type_ for _, type_ in outcome.contents[0][1].schema or ()] == list(TYPES.values())


def test_types_of_inputs_arrive(rows: Callable[..., pa.Table], table: Table) -> None:
    columns = {
        "half": pa.array([0.5], pa.float16()),
        "unsigned": pa.array([2**64 - 1], pa.uint64()),
        "span": pa.array([90_000_000], pa.duration("us")),
        "nanos": pa.array([1], pa.timestamp("ns")),
        "zoned": pa.array([1], pa.timestamp("us", "Europe/Berlin")),
        "nothing": pa.nulls(1),
        "names": pa.array([["a"]]),
    }
    found = rows("FROM t", table("t", columns)).to_pydict()
    assert found["unsigned"] == [2**64 - 1]
    assert (found["half"], found["names"], found["nothing"]) == ([0.5], [["a"]], [None])
    assert [span.total_seconds() for span in found["span"]] == [90]


def test_whole_numbers_that_are_too_large_fail_whatever_else_is_there(
    fail: Callable[..., Failure], table: Table
) -> None:
    failure = fail("SELECT sum(n) AS total FROM t", table("t", {"n": [2**63 - 1, 1]}))
    assert failure.message == "`fit` made numbers in `total` that are no int64"
    assert failure.help is not None
    assert "total::DOUBLE" in failure.help


def test_an_interval_of_months_fails(fail: Callable[..., Failure]) -> None:
    failure = fail("SELECT INTERVAL 1 MONTH AS span")
    assert failure.message == "`fit` made an interval of months in `span`"


def test_random_numbers_repeat_and_follow_the_seed(rows: Callable[..., pa.Table]) -> None:
    query = "SELECT random() AS r, uuid() AS u FROM range(3)"
    first, again, other = (rows(query, seed=seed).to_pydict() for seed in (7, 7, 8))
    assert first == again
    assert first != other
    assert len(set(first["r"])) == 3


def test_fresh_processes_give_equal_rows(
    run: Run, table: Table, open_worker: Callable[..., Worker]
) -> None:
    numbers = table("t", {"n": list(range(5000)), "x": [n / 7 for n in range(5000)]})
    query = "SELECT n % 10 AS k, sum(x) AS x, random() AS r FROM t GROUP BY k"
    found = [
        run(query, numbers, seed=3, worker=open_worker(forks=forks)).contents
        for forks in (True, True, False)
    ]
    assert found[0]
    assert found[0] == found[1] == found[2]


def test_more_threads_and_a_bound_of_memory_are_obeyed(
    rows: Callable[..., pa.Table],
    local_store: Backend,
    tmp_path: Path,
    shared_worker: Worker,
) -> None:
    query = "SELECT value FROM duckdb_settings() WHERE name = 'threads'"
    assert rows(query, threads=2)["value"].to_pylist() == ["2"]
    resources = Resources(cpus=1, gpus=0, gpu_type=None, memory=50 << 20, labels=(), custom=())
    large = "SELECT list(range) AS l FROM range(20000000)"
    given = replace(query_assignment(local_store, tmp_path / "c", large), resources=resources)
    failure = execute(given, worker=shared_worker).failure
    assert failure is not None
    assert (failure.reason, failure.message) == ("out-of-memory", "`fit` ran out of memory")


def test_a_column_that_is_not_there_is_named_with_its_place(
    fail: Callable[..., Failure], table: Table
) -> None:
    failure = fail("SELECT 'é',\n  bil_length\nFROM birds", table("birds", {"bill_length": [1.0]}))
    assert failure.reason == "error"
    assert failure.message == "`fit` uses a column `bil_length` that is not there"
    assert failure.help == "did you mean `bill_length`?"
    assert failure.query_offset == len("SELECT 'é',\n  ")
    assert failure.detail.startswith("2 |   bil_length\n  |   ^\n")


def test_a_table_that_is_no_input_is_named(fail: Callable[..., Failure], table: Table) -> None:
    birds = table("birds", {"n": [1]})
    close = fail("FROM bird", birds)
    assert close.message == "`fit` reads `bird`, which is none of its inputs"
    assert (close.help, close.query_offset) == ("did you mean `birds`?", 5)
    assert fail("FROM other", birds).help == "name it in `inputs`; there are `birds`"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELEC n", "`fit` has a syntax error near `SELEC`"),
        ("SELECT nofun(n) FROM t", "`fit` uses `nofun`, which DuckDB does not know"),
        (
            "SELECT sum(s) FROM t",
            "`fit` calls `sum(VARCHAR)`, which there is not for these types",
        ),
        ("SELECT t.x FROM t", "`fit` uses a column `t.x` that is not there"),
        ("SELECT s::INT FROM t", "`fit` could not convert a value"),
        ("SELECT 9223372036854775807 + n FROM t", "`fit` made a number that is out of range"),
        ("SELECT n, n FROM t", "`fit` returned two columns `n` in `rows`"),
        ("SELECT 1; SELECT 2", "`fit` is not one `SELECT`"),
        ("CREATE TABLE x (a INT)", "`fit` is not one `SELECT`"),
        ("", "`fit` is not one `SELECT`"),
        ("SELECT * FROM t WHERE n = ?", "`fit` failed in DuckDB"),
    ],
)
def test_what_is_wrong_is_said(
    fail: Callable[..., Failure], table: Table, query: str, message: str
) -> None:
    assert fail(query, table("t", {"n": [1], "s": ["a"]})).message == message


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_text('work.py')",
        "COPY (SELECT 1) TO 'x.csv'",
        "ATTACH 'x.db'",
        "LOAD httpfs",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SELECT getenv('HOME')",
        "FROM call",
    ],
)
def test_nothing_but_the_inputs_can_be_reached(fail: Callable[..., Failure], query: str) -> None:
    assert fail(query).reason in ("error", "wrong-output")


def test_a_query_that_takes_too_long_is_ended(fail: Callable[..., Failure]) -> None:
    endless = "SELECT count(*) FROM range(10000000000) a, range(1000) b WHERE a.range % 7 = b.range"
    assert fail(endless, timeout=1).reason == "timeout"


def test_names_that_differ_in_case_alone_are_refused(
    fail: Callable[..., Failure], table: Table
) -> None:
    failure = fail("FROM a", table("a", {"n": [1]}), table("A", {"n": [2]}))
    assert failure.message == "`fit` has inputs `a` and `A`, which SQL confuses"
