"""Everything arrives by keyword."""

from __future__ import annotations

from collections.abc import Iterator

from ..codes.calls import POSITIONAL_ONLY
from ..diagnostic import Diagnostic, Label
from ..pipeline import Pipeline


def positional_only(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Report functions that take a parameter by position only, once each function."""
    for transformation in pipeline.spec.transformations:
        entry = pipeline.entries.functions.get(transformation.name.text)
        if entry is None or entry.signature.is_decorated:
            continue
        for sign in entry.signature.parameters:
            if sign.kind == "positional-only":
                yield Diagnostic(
                    code=POSITIONAL_ONLY,
                    message=f"`{entry.function}` takes `{sign.name}` by position only",
                    primary=Label(span=transformation.body.span),
                    related=(Label(span=sign.span, message="before `/`"),),
                    help="remove the `/` from its parameters",
                )
                break
