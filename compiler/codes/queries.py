"""What can be wrong with queries."""

from __future__ import annotations

from ..diagnostic import Code

QUERY_SYNTAX = Code(
    name="query-syntax",
    severity="error",
    title="A query that DuckDB cannot read",
    explanation="The query is parsed when the file is compiled; nothing of it is executed.",
    example="sql: SELECT species FORM measurements",
    mend="Correct the query at the place shown.",
)
NOT_A_QUERY = Code(
    name="not-a-query",
    severity="error",
    title="`sql` is not one SELECT",
    explanation=(
        "A transformation is a pure function from tables to one table, so `sql` holds a single "
        "SELECT (or VALUES, or a WITH before it); what creates, changes, copies or describes "
        "something else has no place in it."
    ),
    example="sql: CREATE TABLE summary AS SELECT 1",
    mend="Write the SELECT alone; what it gives becomes the output.",
)
QUOTED_LITERAL = Code(
    name="quoted-literal",
    severity="error",
    title="An interpolation where no literal can stand",
    explanation=(
        "In `sql`, `${…}` becomes a literal: a text in its quotes, a number, TRUE, FALSE, NULL or "
        "a list. Inside quotes or a comment, or grown together with a word, it would be something "
        "else; it is never a part of a name."
    ),
    example="sql: SELECT * FROM t WHERE species = '${parameters.species}'",
    mend="Take the quotes away, and put spaces around it.",
)
NO_LITERAL = Code(
    name="no-literal",
    severity="error",
    title="A value that cannot be a literal of SQL",
    explanation="Texts, numbers, booleans, null and lists of these can stand in a query.",
    example="sql: SELECT ${{'a': 1}}",
    mend="Take a member of it: `${parameters.limits['a']}`.",
)
UNKNOWN_TABLE = Code(
    name="unknown-table",
    severity="error",
    title="A query reads a table that is no input",
    explanation=(
        "A query sees its inputs by their names, what its own WITH defines, and nothing else: "
        "neither files nor databases."
    ),
    example="sql: SELECT * FROM flight\ninputs: [flights]",
    mend="Correct the name, or add the table to `inputs`.",
)
OUTSIDE_READ = Code(
    name="outside-read",
    severity="error",
    title="A query reads from outside",
    explanation=(
        "What a query reads is part of its identity. A file, an address or the state of a database "
        "is not: it could change, and nothing would notice."
    ),
    example="sql: SELECT * FROM read_csv('flights.csv')",
    mend="Declare it as an artifact with a `source`, and name that under `inputs`.",
)
CHANGING_FUNCTION = Code(
    name="changing-function",
    severity="warning",
    title="A query gives another result each time",
    explanation=(
        "Chance and the clock are no inputs: the result is kept and reused, and running the query "
        "again gives another one."
    ),
    example="sql: SELECT now() AS made, * FROM t",
    mend="Give the value as a parameter, or say `deterministic: false`.",
)
UNDEFINED_ORDER = Code(
    name="undefined-order",
    severity="warning",
    title="The rows of a query have no order",
    explanation=(
        "Without ORDER BY a database may give rows in any order, and a table is its rows in their "
        "order: the same query could give different versions. A `key` of the output sorts it too."
    ),
    example="sql: SELECT carrier, count(*) AS n FROM flights GROUP BY carrier",
    mend="Add ORDER BY at the end, or declare a `key` on the output.",
)
UNSUITED_ARTIFACT = Code(
    name="unsuited-artifact",
    severity="error",
    title="A query reads or makes what is no table",
    explanation=(
        "A query reads tables, and gathered tables and metrics, which arrive as one table; it "
        "makes exactly one table."
    ),
    example="sql: SELECT * FROM scores\ninputs: [scores]   # kind: metrics",
    mend="Gather the metrics, or do it in Python.",
)
UNREADABLE_QUERY = Code(
    name="unreadable-query",
    severity="error",
    title="The file of a query cannot be read",
    explanation="`file` names a file of SQL in UTF-8, relative to the code folder.",
    example="sql: {file: queries/delays.sq}",
    mend="Correct the path.",
)
