"""Artifacts: one model a kind."""

from __future__ import annotations

from typing import Annotated, Literal, Required

from pydantic import ConfigDict, Field, Tag, with_config
from typing_extensions import TypedDict

from .contract import Column, Requirement, Rows, Tolerance
from .matrix import Matrix
from .shape import MAPPING, TEXT, by_shape
from .words import AnyText, Distinct, FileFormat, MetricPath, Sha256, SomeText, SourceText

KINDS = {
    "table": "A table, stored as Parquet.",
    "checkpoint": "A file or folder of model state.",
    "metrics": "Numbers and words about a result, as nested mappings.",
    "figure": "A picture or an HTML page.",
    "file": "One file of any bytes.",
    "directory": "A folder of any files.",
}
"""Every kind, and what it is."""


@with_config(ConfigDict(extra="forbid", strict=True, title="source"))
class PinnedSource(TypedDict, total=False):
    """A source whose content is fixed."""

    path: Required[Annotated[SourceText, Field(description="The path, relative to the file.")]]
    sha256: Required[
        Annotated[Sha256, Field(description="The sha256 of the content; any other is refused.")]
    ]


Source = Annotated[
    Annotated[SourceText, Tag(TEXT)] | Annotated[PinnedSource, Tag(MAPPING)],
    by_shape("a path, or `{path, sha256}`"),
    Field(description="Where it comes from: a file, folder or glob, relative to this file."),
]
SourceMatrix = Annotated[
    Matrix, Field(description="Axes of a source; its path uses them: one file for each point.")
]
Description = Annotated[AnyText, Field(description="What it is, for people.")]
Suffix = Annotated[FileFormat, Field(description="The suffix of the path it is written to: `png`.")]
ReplayTolerance = Annotated[
    Tolerance, Field(description="By how much a replay may differ; default: not at all.")
]


@with_config(ConfigDict(extra="forbid", strict=True, title="table"))
class Table(TypedDict, total=False):
    """A table, stored as Parquet."""

    kind: Required[Literal["table"]]
    source: Source
    format: Annotated[
        Literal["csv", "parquet", "jsonl", "arrow"],
        Field(description="How the source is read; default: by its extension."),
    ]
    matrix: SourceMatrix
    columns: Annotated[
        dict[SomeText, Column], Field(description="What its columns must hold, by name.")
    ]
    additional_columns: Annotated[
        Literal["allow", "refuse"],
        Field(description="Whether columns that are not declared may be there; default allow."),
    ]
    rows: Annotated[Rows, Field(description="How many rows it must have.")]
    key: Annotated[
        list[SomeText],
        Field(description="Columns that are unique together, and its sort order.", min_length=1),
        Distinct(),
    ]
    tolerance: ReplayTolerance
    description: Description


@with_config(ConfigDict(extra="forbid", strict=True, title="checkpoint"))
class Checkpoint(TypedDict, total=False):
    """A file or folder of model state."""

    kind: Required[Literal["checkpoint"]]
    source: Source
    matrix: SourceMatrix
    description: Description


@with_config(ConfigDict(extra="forbid", strict=True, title="metrics"))
class Metrics(TypedDict, total=False):
    """Numbers and words about a result, as nested mappings."""

    kind: Required[Literal["metrics"]]
    source: Source
    matrix: SourceMatrix
    require: Annotated[
        dict[MetricPath, Requirement],
        Field(description="Bounds of metrics, by dotted path: `accuracy`, `test.accuracy`."),
    ]
    tolerance: ReplayTolerance
    description: Description


@with_config(ConfigDict(extra="forbid", strict=True, title="figure"))
class Figure(TypedDict, total=False):
    """A picture or an HTML page."""

    kind: Required[Literal["figure"]]
    source: Source
    format: Suffix
    matrix: SourceMatrix
    description: Description


@with_config(ConfigDict(extra="forbid", strict=True, title="file"))
class File(TypedDict, total=False):
    """One file of any bytes."""

    kind: Required[Literal["file"]]
    source: Source
    format: Suffix
    matrix: SourceMatrix
    description: Description


@with_config(ConfigDict(extra="forbid", strict=True, title="directory"))
class Directory(TypedDict, total=False):
    """A folder of any files."""

    kind: Required[Literal["directory"]]
    source: Source
    format: Suffix
    matrix: SourceMatrix
    description: Description
