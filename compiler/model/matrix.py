"""A matrix: axes and their values."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, Tag

from .shape import LIST, MAPPING, TEXT, by_shape
from .words import NAME_PATTERN, AxisName, AxisScalar, SomeText, Text

# That an axis has values, and none twice, is judged where expressions are known; editors can say
# it of what is written.
AxisValues = Annotated[
    Annotated[
        list[AxisScalar],
        Field(json_schema_extra={"minItems": 1, "uniqueItems": True}),
        Tag(LIST),
    ]
    | Annotated[dict[SomeText, Any], Field(json_schema_extra={"minProperties": 1}), Tag(MAPPING)]
    | Annotated[str, Text(r"^\$\{[\s\S]*\}$", "a list of values, or an expression"), Tag(TEXT)],
    by_shape("a list of values, or a mapping from labels to values"),
]

Points = Annotated[
    list[Annotated[dict[AxisName, AxisScalar], Field(min_length=1)]], Field(min_length=1)
]


class Matrix(BaseModel):
    """Axes: each name has a list of values, or a mapping from labels to values."""

    # A model and not a typed dictionary: these cannot type the keys that they do not name.
    model_config = ConfigDict(
        extra="allow",
        strict=True,
        title="matrix",
        json_schema_extra={"propertyNames": {"pattern": NAME_PATTERN}},
    )
    __pydantic_extra__: dict[AxisName, AxisValues] = Field(init=False)  # pyright: ignore[reportIncompatibleVariableOverride]

    include: Annotated[Points, Field(description="Whole points to add.")] = Field(
        default_factory=list
    )
    exclude: Annotated[Points, Field(description="Points, or parts of points, to remove.")] = Field(
        default_factory=list
    )
