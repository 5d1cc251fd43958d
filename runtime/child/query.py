"""Runs a query over tables with DuckDB, closed to everything but its inputs.

The engine is set up so that equal queries over equal tables give equal rows: as many threads as
the task has, rows in the order of their tables, the time zone UTC, random numbers from the task's
seed. It opens no file, loads no extension, and its settings cannot be changed by the query.

Some types of DuckDB have no column type of ours and become one. `HUGEINT` and `UHUGEINT`, what
`sum` makes of integers, are int64, always, so that a type never depends on the values; a value
that does not fit fails. An `INTERVAL` without months is a duration in microseconds, a day having
24 hours.
"""

from __future__ import annotations

import os
from typing import Any

from .failure import WrongOutputError, failure_report
from .query_failure import query_report
from .request import QueryCall, Report
from .tables import read_table, write_table

_SETTINGS = {
    "preserve_insertion_order": "true",
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
}
_DAY = 86_400_000_000
_WHOLE = frozenset({"HUGEINT", "UHUGEINT"})


def run_query(call: QueryCall) -> Report:
    """Run the query and write its result; report what is wrong with it otherwise."""
    try:
        import duckdb
    except ImportError as error:
        return {
            "reason": "error",
            "message": f"`{call['transformation']}` is a query, for which `duckdb` is missing",
            "detail": str(error),
            "help": "install `duckdb` where the task runs",
        }
    try:
        engine = _open(call)
        _refuse_equal_names(call)
        for bound in call["inputs"]:
            engine.register(bound["parameter"], _registrable(read_table(bound["path"], "arrow")))
        engine.execute("SET lock_configuration = true")
        table = _result(call, engine)
        write_table(call, call["output"], table, call["result"])
        return {"outputs": [{"name": call["output"], "how": "arrow", "value": call["result"]}]}
    except WrongOutputError as error:
        return error.report
    except duckdb.Error as error:
        return query_report(call, error)
    except BaseException as error:
        return failure_report(call, error)


def _open(call: QueryCall) -> Any:
    """Return an engine of its own, with nothing in it."""
    import duckdb

    settings: dict[str, Any] = {
        **_SETTINGS,
        "threads": str(call["threads"]),
        "temp_directory": os.path.join(call["temporary"], "duckdb"),
    }
    if call["memory"] is not None:
        settings["memory_limit"] = f"{call['memory']}B"
    engine = duckdb.connect(":memory:", config=settings)
    engine.execute("SET TimeZone = 'UTC'")
    engine.execute("SET errors_as_json = true")
    # Else a table that is not there is looked for among the variables of this very function.
    engine.execute("SET python_enable_replacements = false")
    # What is set as a seed lies between -1 and 1.
    engine.execute(f"SELECT setseed({call['seed'] / 2**31!r})").fetchall()
    return engine


def _refuse_equal_names(call: QueryCall) -> None:
    """Refuse names that SQL cannot tell apart, as case does not count in it."""
    seen: dict[str, str] = {}
    for bound in call["inputs"]:
        name = bound["parameter"]
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            raise WrongOutputError(
                f"`{call['transformation']}` has inputs `{other}` and `{name}`, which SQL confuses",
                detail="In SQL, upper and lower case are the same.",
                action="give one of them another name in `inputs`",
            )


def _registrable(table: Any) -> Any:
    """Return a table whose types the engine knows: of half floats it has none."""
    import pyarrow as pa

    for index, field in enumerate(table.schema):
        if pa.types.is_float16(field.type):
            column = table.column(index).cast(pa.float32())
            table = table.set_column(index, field.name, column)
    return table


def _result(call: QueryCall, engine: Any) -> Any:
    """Return the rows of the query as an Arrow table. Raises WrongOutputError, duckdb's errors."""
    statements = engine.extract_statements(call["query"])
    if len(statements) != 1 or statements[0].type.name != "SELECT":
        count = len(statements)
        raise WrongOutputError(
            f"`{call['transformation']}` is not one `SELECT`",
            detail=f"It has {count} statements."
            if count != 1
            else f"Its statement is {statements[0].type.name}.",
            action="write one query that gives the rows; `WITH` names what it needs on the way",
        )
    table, types = _rows(call["query"], engine)
    columns = [
        _column(call, name, column, type_)
        for name, column, type_ in zip(table.column_names, table.columns, types, strict=True)
    ]
    return type(table).from_arrays(columns, names=table.column_names)


def _rows(query: str, engine: Any) -> tuple[Any, list[str]]:
    """Return the rows with DuckDB's names of their types. Raises duckdb's errors."""
    import duckdb

    try:
        relation = engine.sql(query)
        return relation.to_arrow_table(), [str(each) for each in relation.types]
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        # Run like this, which copies the rows once more, it says where in the query it fails.
        engine.execute(query)
        raise


def _column(call: QueryCall, name: str, column: Any, type_: str) -> Any:
    import pyarrow as pa

    if type_ in _WHOLE:
        try:
            return column.cast(pa.int64())
        except pa.ArrowInvalid:
            raise WrongOutputError(
                f"`{call['transformation']}` made numbers in `{name}` that are no int64",
                detail=f"Column `{name}` is {type_}, whose values are kept as int64.",
                action=f"cast it: `{name}::DOUBLE` or `{name}::DECIMAL(38, 0)`",
            ) from None
    if type_ == "INTERVAL":
        return pa.chunked_array([_durations(call, name, column)])
    return column


def _durations(call: QueryCall, name: str, column: Any) -> Any:
    import pyarrow as pa

    found: list[int | None] = []
    for each in column.to_pylist():
        if each is not None and each.months:
            raise WrongOutputError(
                f"`{call['transformation']}` made an interval of months in `{name}`",
                detail="A duration has a length, and months have several.",
                action="use `date_diff('month', …)` for a number of months",
            )
        found.append(None if each is None else each.days * _DAY + each.nanoseconds // 1000)
    return pa.array(found, pa.duration("us"))
