"""An artifact is made by one output only."""

from __future__ import annotations

from collections.abc import Iterator

from ..codes.names import DUPLICATE_OUTPUT
from ..diagnostic import Diagnostic, Label
from ..pipeline import Pipeline
from ..spec import Output


def duplicate_output(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Report a transformation that makes an artifact twice."""
    for transformation in pipeline.spec.transformations:
        seen: dict[str, Output] = {}
        for output in transformation.outputs:
            first = seen.setdefault(output.artifact.text, output)
            if first is not output:
                name = transformation.name.text
                yield Diagnostic(
                    code=DUPLICATE_OUTPUT,
                    message=f"`{name}` makes `{output.artifact.text}` twice",
                    primary=Label(span=output.artifact.span),
                    related=(Label(span=first.artifact.span, message="first made here"),),
                )
