"""Codes of contracts and other values that cannot hold."""

from __future__ import annotations

from ..diagnostic import Code

UNSUITABLE_BOUND = Code(
    name="unsuitable-bound",
    severity="error",
    title="A bound or value of a column that its type cannot have",
    explanation=(
        "`minimum`, `maximum` and `values` are compared with what a column holds, so they are of "
        "its type: numbers in its range, text, dates and times in ISO 8601 form, a count of "
        "units for a duration. Booleans and nested types have no order."
    ),
    example="columns:\n  age: {type: uint8, maximum: 1000}",
    mend="Correct the bound, or the type of the column.",
)

BAD_PATTERN = Code(
    name="bad-pattern",
    severity="error",
    title="Text that is no regular expression in RE2 syntax",
    explanation=(
        "Patterns are matched by RE2, which takes linear time on any text; it has no lookahead, "
        "lookbehind or references back to groups."
    ),
    example='columns:\n  code: {type: string, pattern: "(?=x)[a-z]+"}',
    mend="Write it without these, or check the column in a transformation.",
)

IMPOSSIBLE_KEY = Code(
    name="impossible-key",
    severity="error",
    title="A key names a column that the table cannot have",
    explanation=(
        "With `additional_columns: refuse` a table has the declared columns and no other, so a "
        "key over any other column can never hold."
    ),
    example="columns: {a: {}}\nadditional_columns: refuse\nkey: [b]",
    mend="Declare the column, or correct the key.",
)

GPU_TYPE_WITHOUT_GPUS = Code(
    name="gpu-type-without-gpus",
    severity="error",
    title="A type of GPU is asked for, but no GPU",
    explanation="`gpu_type` chooses among machines with GPUs; with `gpus: 0` none is given.",
    example="resources: {gpu_type: H100}",
    mend="Add `gpus`, or remove `gpu_type`.",
)

NEVER_RUNS_AGAIN = Code(
    name="never-runs-again",
    severity="warning",
    title="A transformation without inputs runs once and is then reused for ever",
    explanation=(
        "A task runs again when its code, arguments or inputs change. Without inputs and with "
        "constant arguments nothing ever does, so what it reads from outside goes stale."
    ),
    example="pull: {python: db:pull, outputs: [rows]}",
    mend="Give it what it depends on as an argument, the date for one.",
)
