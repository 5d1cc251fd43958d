"""A key's columns can be sorted by."""

from __future__ import annotations

from collections.abc import Iterator

from ..codes.edges import UNSORTABLE_KEY
from ..diagnostic import Diagnostic, Label
from ..edges.forms import is_sortable
from ..pipeline import Pipeline


def unsortable_key(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Report key columns of types by which rows are not sorted."""
    for artifact in pipeline.spec.artifacts:
        columns = {column.name.text: column for column in artifact.contract.columns}
        for name in artifact.contract.key:
            column = columns.get(name.text)
            if column is None or column.type is None or column.severity != "error":
                continue
            if not is_sortable(column.type):
                yield Diagnostic(
                    code=UNSORTABLE_KEY,
                    message=f"rows cannot be sorted by `{name.text}`, which is `{column.type}`",
                    primary=Label(span=name.span),
                    related=(Label(span=column.name.span, message="declared here"),),
                    help="take another column as the key",
                )
