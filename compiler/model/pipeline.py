"""The top level of a pipeline file; what stands in its sections has models of its own."""

from __future__ import annotations

from typing import Annotated, Any, Required

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from .words import AnyText, OneNumber, PipelineName, PipelineSeed, SomeText

LANGUAGE = 1
"""The version of the language that this model describes."""


@with_config(ConfigDict(extra="forbid", strict=True, title="pipeline"))
class Pipeline(TypedDict, total=False):
    """A pipeline: a graph of artifacts and the transformations that make them."""

    reprocc: Required[
        Annotated[int, OneNumber(LANGUAGE), Field(description="The language version: 1.")]
    ]
    name: Required[
        Annotated[PipelineName, Field(description="Names the pipeline's versions in the store.")]
    ]
    description: Annotated[AnyText, Field(description="What the pipeline is for, for people.")]
    seed: Annotated[PipelineSeed, Field(description="From which all seeds derive; default 0.")]
    code: Annotated[
        SomeText, Field(description="The folder of the user's code; default: this file's folder.")
    ]
    parameters: Annotated[
        dict[str, Any], Field(description="Name → default value, or `{type, default, …}`.")
    ]
    environments: Annotated[dict[str, Any], Field(description="Name → environment.")]
    artifacts: Required[Annotated[dict[str, Any], Field(description="The nouns: name → artifact.")]]
    transformations: Required[
        Annotated[dict[str, Any], Field(description="The verbs: name → transformation.")]
    ]
