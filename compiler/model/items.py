"""What sections of a file hold: one adapter and one JSON Schema for each kind of item."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal, assert_never

from pydantic import TypeAdapter

from ..spec import ArtifactKind

Item = Literal["pipeline", "parameter", "environment", "transformation"] | ArtifactKind
"""The top level, or what one of its sections holds; artifacts by their kind."""


@lru_cache(maxsize=16)
def adapter(item: Item) -> TypeAdapter[Any]:
    """Return what validates one item; it is built when it is first asked for."""
    return TypeAdapter(_model(item))


@lru_cache(maxsize=16)
def item_schema(item: Item) -> dict[str, Any]:
    """Return the JSON Schema of one item, without references and choices of shape merged."""
    from .flat import flat_schema

    return flat_schema(adapter(item))


def _model(item: Item) -> Any:
    from . import artifact

    match item:
        case "pipeline":
            from .pipeline import Pipeline

            return Pipeline
        case "parameter":
            from .parameter import Parameter

            return Parameter
        case "environment":
            from .environment import Environment

            return Environment
        case "transformation":
            from .transformation import Transformation

            return Transformation
        case "table":
            return artifact.Table
        case "checkpoint":
            return artifact.Checkpoint
        case "metrics":
            return artifact.Metrics
        case "figure":
            return artifact.Figure
        case "file":
            return artifact.File
        case "directory":
            return artifact.Directory
        case _:
            assert_never(item)
