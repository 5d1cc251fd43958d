"""What every version of an artifact must fulfil."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from .words import Amount, AnyText, AxisScalar, Bound, ColumnType, NumberBound, RowBound, SomeText

Severity = Annotated[
    Literal["error", "warning"],
    Field(description="What a broken contract is; an error, the default, fails the task."),
]


@with_config(ConfigDict(extra="forbid", strict=True, title="column"))
class Column(TypedDict, total=False):
    """What a column of a table must hold."""

    type: Annotated[
        ColumnType,
        Field(description="`int64`, `float64`, `string`, `timestamp[us, UTC]`, `list<int64>`, …"),
    ]
    nullable: Annotated[bool, Field(description="Whether values may be missing; default true.")]
    unique: Annotated[bool, Field(description="Whether every value may stand once only.")]
    minimum: Annotated[Bound, Field(description="The least value; dates and times as text.")]
    maximum: Annotated[Bound, Field(description="The greatest value; dates and times as text.")]
    values: Annotated[
        list[AxisScalar], Field(description="The values that may stand.", min_length=1)
    ]
    pattern: Annotated[
        SomeText, Field(description="A regular expression (RE2) that every whole value matches.")
    ]
    description: Annotated[AnyText, Field(description="What the column holds, for people.")]
    severity: Severity


@with_config(ConfigDict(extra="forbid", strict=True, title="row count"))
class Rows(TypedDict, total=False):
    """How many rows a table must have."""

    minimum: Annotated[RowBound, Field(description="The least number of rows.")]
    maximum: Annotated[RowBound, Field(description="The greatest number of rows.")]
    severity: Severity


@with_config(ConfigDict(extra="forbid", strict=True, title="requirement"))
class Requirement(TypedDict, total=False):
    """Bounds of one metric."""

    minimum: Annotated[NumberBound, Field(description="The least value.")]
    maximum: Annotated[NumberBound, Field(description="The greatest value.")]
    severity: Severity


@with_config(ConfigDict(extra="forbid", strict=True, title="tolerance"))
class Tolerance(TypedDict, total=False):
    """By how much a replay may differ."""

    relative: Annotated[Amount, Field(description="As a part of the value.")]
    absolute: Annotated[Amount, Field(description="In units of the value.")]
