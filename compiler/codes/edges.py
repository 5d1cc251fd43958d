"""Codes of tables that do not fit along the edges of the graph."""

from __future__ import annotations

from ..diagnostic import Code

UNKNOWN_COLUMN = Code(
    name="unknown-column",
    severity="error",
    title="A query names a column that none of its inputs has",
    explanation=(
        "Where all columns of what a query reads are known, a name that is none of them is a "
        "mistake for certain. They are known of a table whose contract refuses further columns, "
        "of a CSV file by its header, and of what a query makes of these."
    ),
    example="columns: {delay: {}}\nadditional_columns: refuse\n# SELECT avg(delays) FROM flights",
    mend="Correct the name in the query, or in the contract.",
)

UNFIT_QUERY = Code(
    name="unfit-query",
    severity="error",
    title="A query that cannot be carried out over its inputs",
    explanation=(
        "A query is bound when the pipeline is compiled, over empty tables with the columns that "
        "its inputs have: which function, which column and which type each word stands for. What "
        "cannot be bound then cannot be when it runs. Nothing is executed."
    ),
    example="columns: {carrier: {type: string}}\n# SELECT sum(carrier) FROM flights",
    mend="Correct the query, or the types in the contracts of its inputs.",
)

MISSING_COLUMN = Code(
    name="missing-column",
    severity="error",
    title="A contract demands a column that is never there",
    explanation=(
        "A query's columns are known before it runs, and so are those of a CSV file. A column "
        "that the contract of the artifact declares, or takes as its key, must be among them."
    ),
    example="columns: {delay: {}}\n# SELECT carrier, avg(delay) AS mean FROM flights",
    mend="Select the column, correct its name, or remove it from the contract.",
)

OTHER_TYPE = Code(
    name="other-type",
    severity="error",
    title="A query makes a column of another type than its contract declares",
    explanation=(
        "What a query makes has the types that DuckDB gives it, and is not converted: `count(*)` "
        "is `int64`, `avg(x)` is `float64`. A contract that declares another type refuses it "
        "after each run."
    ),
    example="columns: {n: {type: int32}}\n# SELECT count(*) AS n FROM flights",
    mend="Cast it in the query, or declare the type that it has.",
)

REFUSED_COLUMN = Code(
    name="refused-column",
    severity="error",
    title="A query makes a column that its contract refuses",
    explanation=(
        "With `additional_columns: refuse` a table has the declared columns and no other, so a "
        "query that makes another one is refused after each run."
    ),
    example="additional_columns: refuse\ncolumns: {a: {}}\n# SELECT a, b FROM t",
    mend="Declare the column, or do not select it.",
)

DUPLICATE_COLUMN = Code(
    name="duplicate-column",
    severity="error",
    title="A query makes two columns of one name",
    explanation="A table's columns have different names; SQL lets a SELECT have equal ones.",
    example="SELECT a.id, b.id FROM a JOIN b ON a.parent = b.id",
    mend="Give one of them another name with `AS`, or leave it out.",
)

UNSUITED_COLUMN_TYPE = Code(
    name="unsuited-column-type",
    severity="error",
    title="A column of a type that cannot cross here",
    explanation=(
        "A file of text holds less than a table. CSV has no lists, structs and maps, and binary "
        "values are not written as text; JSON lines have no maps, and dates, times, decimals and "
        "binary values only outside of lists and structs. A query reads no decimals of more than "
        "38 digits, and no half floats in lists and structs."
    ),
    example="inputs: [{artifact: tags, as: csv}]  # tags: {columns: {words: {type: list<string>}}}",
    mend="Use Parquet, make the column of another type, or leave it out.",
)

UNSORTABLE_KEY = Code(
    name="unsortable-key",
    severity="error",
    title="A key column of a type by which rows are not sorted",
    explanation=(
        "A key tells the rows of a table apart, and they are kept sorted by it, so that versions "
        "share what did not change. Half floats, lists and maps have no order."
    ),
    example="columns: {tags: {type: list<string>}}\nkey: [tags]",
    mend="Take other columns as the key, or another type.",
)

AXIS_CLASH = Code(
    name="axis-clash",
    severity="error",
    title="An axis that cannot be a column of what is gathered",
    explanation=(
        "What is gathered as one table gets a column for each axis, with its value at each point. "
        "A column of that name must hold that very value in every row, and the values of an axis "
        "must go together in one column."
    ),
    example="parts: {columns: {fold: {type: string}}}\n# matrix: {fold: [0, 1]}",
    mend="Rename the axis or the column, or give the axis values of one type.",
)
