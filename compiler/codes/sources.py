"""Codes of sources that cannot be read."""

from __future__ import annotations

from ..diagnostic import Code

MISSING_SOURCE = Code(
    name="missing-source",
    severity="error",
    title="A source does not exist",
    explanation="`source` is a file, a folder or a glob, relative to the pipeline file.",
    example="measurements: {kind: table, source: data/penguins.csv}",
    mend="Correct the path, or put the file there.",
)

ABSOLUTE_SOURCE = Code(
    name="absolute-source",
    severity="error",
    title="A source is an absolute path",
    explanation=(
        "Sources are files relative to the pipeline file; an absolute path would tie the plan to "
        "one machine."
    ),
    example="measurements: {kind: table, source: /home/me/penguins.csv}",
    mend="Copy or link the file beside the pipeline, and write its relative path.",
)

UNKNOWN_TABLE_FORMAT = Code(
    name="unknown-table-format",
    severity="error",
    title="How a table is stored cannot be told from its name",
    explanation="Tables are read from CSV, Parquet, JSON lines or Arrow, told by the extension.",
    example="measurements: {kind: table, source: data/penguins.dat}",
    mend="Add `format: csv`, `parquet`, `jsonl` or `arrow`.",
)

MISSING_CODE_FOLDER = Code(
    name="missing-code-folder",
    severity="error",
    title="The folder of the user's code does not exist",
    explanation="`code` is a folder, relative to the pipeline file, that holds Python modules.",
    example="code: src",
    mend="Correct the path, or create the folder.",
)

UNREADABLE_SPEC = Code(
    name="unreadable-spec",
    severity="error",
    title="The pipeline file cannot be read",
    explanation="There is no file of this name, or it may not be read.",
    example="reprocc validate pipelin.yaml",
    mend="Correct the path, or the permissions of the file.",
)
