"""Parameters spelled out."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from .words import AnyText, Bound


@with_config(
    ConfigDict(
        extra="forbid",
        strict=True,
        title="parameter",
        json_schema_extra={"anyOf": [{"required": ["type"]}, {"required": ["default"]}]},
    )
)
class Parameter(TypedDict, total=False):
    """A value that may be given from outside."""

    type: Annotated[
        Literal["boolean", "integer", "number", "string", "list", "mapping"],
        Field(description="Its type; default: the type of `default`."),
    ]
    default: Annotated[
        Any, Field(description="Its value where none is given; without it, one must be given.")
    ]
    minimum: Annotated[Bound, Field(description="The least value of a number or a text.")]
    maximum: Annotated[Bound, Field(description="The greatest value of a number or a text.")]
    values: Annotated[list[Any], Field(description="The values it may have.", min_length=1)]
    description: Annotated[AnyText, Field(description="What it is, for people.")]
