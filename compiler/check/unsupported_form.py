"""Tables arrive in a form that this version knows."""

from __future__ import annotations

from collections.abc import Iterator

from ..codes.shape import NOT_SUPPORTED_YET
from ..diagnostic import Diagnostic, Label
from ..lowering.call import arriving_tables
from ..pipeline import Pipeline


def unsupported_form(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Report parameters at which a table arrives and whose annotation is a dataset of Ray."""
    for transformation in pipeline.spec.transformations:
        entry = pipeline.entries.functions.get(transformation.name.text)
        if entry is None:
            continue
        tables = arriving_tables(transformation, pipeline.kinds)
        for sign in entry.signature.parameters:
            if sign.form == "ray" and sign.name in tables:
                yield Diagnostic(
                    code=NOT_SUPPORTED_YET,
                    message=f"`{sign.name}` is a Ray dataset, which is not supported yet",
                    primary=Label(span=transformation.body.span),
                    related=(Label(span=sign.span, message="annotated here"),),
                    help="annotate it as a `pyarrow.Table`, or a `pathlib.Path` to Parquet files",
                )
