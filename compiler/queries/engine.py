"""DuckDB as the compiler uses it: it parses and binds, closed to everything outside."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "threads": "1",
}


@lru_cache(maxsize=1)
def engine() -> DuckDBPyConnection:
    """Return the one database in memory, in the time zone in which queries run."""
    import duckdb  # a tenth of a second, and only queries need it

    connection = duckdb.connect(":memory:", config=_SETTINGS)
    connection.execute("SET TimeZone = 'UTC'")
    # What stands in place of what is not known may be a constant.
    connection.execute("SET order_by_non_integer_literal = true")
    # Else a table that is not there is looked for among the variables of the calling module.
    connection.execute("SET python_enable_replacements = false")
    return connection
