"""What is gathered has axes."""

from __future__ import annotations

from collections.abc import Iterator

from ..axes.layout import gathered_axes
from ..codes.axes import NOTHING_TO_GATHER
from ..diagnostic import Diagnostic, Label
from ..pipeline import Pipeline


def nothing_to_gather(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Warn of a `gather` of one point; not of metrics, which become a table by it."""
    for transformation in pipeline.spec.transformations:
        for gather in transformation.gather:
            name = gather.artifact.text
            grid = pipeline.grids.artifacts.get(name)
            if grid is None or pipeline.kinds.get(name) == "metrics" or gathered_axes(gather, grid):
                continue
            yield Diagnostic(
                code=NOTHING_TO_GATHER,
                message=f"`{transformation.name.text}` gathers `{name}`, which has no axes",
                primary=Label(span=gather.artifact.span),
                help="name it under `inputs`, or give what makes it a `matrix`",
            )
