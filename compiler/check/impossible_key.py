"""A key names columns that the table can have."""

from __future__ import annotations

from collections.abc import Iterator

from ..codes.contracts import IMPOSSIBLE_KEY
from ..diagnostic import Diagnostic, Label
from ..pipeline import Pipeline
from ..suggest import closest


def impossible_key(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Report key columns that are not declared where no other column may be there."""
    for artifact in pipeline.spec.artifacts:
        contract = artifact.contract
        if contract.additional_columns == "allow":
            continue
        columns = [column.name.text for column in contract.columns]
        for name in contract.key:
            if name.text not in columns:
                near = closest(name.text, columns)
                message = f"the key of `{artifact.name.text}` names `{name.text}`, no column of it"
                yield Diagnostic(
                    code=IMPOSSIBLE_KEY,
                    message=message,
                    primary=Label(span=name.span),
                    help=None if near is None else f"did you mean `{near}`?",
                )
