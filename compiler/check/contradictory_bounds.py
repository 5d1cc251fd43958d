"""A contract's minimum does not lie above its maximum."""

from __future__ import annotations

from collections.abc import Iterator

from ..codes.parameters import CONTRADICTORY_BOUNDS
from ..diagnostic import Diagnostic, Label
from ..document import Node
from ..expression.value import written
from ..lowering.bounds import is_above
from ..pipeline import Pipeline
from ..plan import Scalar


def contradictory_bounds(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Report bounds of columns, rows and metrics that no value meets."""
    planned = {str(artifact.id): artifact.contract for artifact in pipeline.artifacts}
    for artifact in pipeline.spec.artifacts:
        contract = planned[artifact.name.text]
        columns = {column.name: column for column in contract.columns}
        metrics = {metric.path: metric for metric in contract.require}
        for column in artifact.contract.columns:
            low, high = columns[column.name.text].minimum, columns[column.name.text].maximum
            kind, name = column.type, column.name.text
            yield from _judged(name, low, high, column.minimum, column.maximum, kind)
        for rule in artifact.contract.require:
            least, most = metrics[rule.path.text].minimum, metrics[rule.path.text].maximum
            yield from _judged(rule.path.text, least, most, rule.minimum, rule.maximum)
        rows = artifact.contract.rows
        if rows is not None and contract.rows is not None:
            fewest, most = contract.rows.minimum, contract.rows.maximum
            yield from _judged("rows", fewest, most, rows.minimum, rows.maximum)


def _judged(
    subject: str,
    low: Scalar,
    high: Scalar,
    minimum: Node | None,
    maximum: Node | None,
    kind: str | None = None,
) -> Iterator[Diagnostic]:
    if low is None or high is None or minimum is None or maximum is None:
        return
    if is_above(low, high, kind):
        least, most = _said(low), _said(high)
        yield Diagnostic(
            code=CONTRADICTORY_BOUNDS,
            message=f"`minimum` of `{subject}` is {least}, above its `maximum` {most}",
            primary=Label(span=minimum.span),
            related=(Label(span=maximum.span, message="its `maximum`"),),
        )


def _said(bound: str | float) -> str:
    return f"`{bound}`" if isinstance(bound, str) else written(bound)
