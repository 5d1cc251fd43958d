"""Contracts with their bounds evaluated."""

from __future__ import annotations

from functools import partial

from ..codes.contracts import UNSUITABLE_BOUND
from ..codes.shape import WRONG_TYPE
from ..document import Node, Sequence
from ..expression.evaluation import Evaluation
from ..expression.expected import WrongValue, expect_integer, expect_number, shown
from ..expression.value import Value
from ..plan import ColumnContract, Contract, MetricContract, RowsContract, Scalar, Tolerance
from ..spec import Artifact, Column, Requirement, Rows
from ..spec import Contract as DeclaredContract
from .bounds import form_of_values, has_order, suits

UNDECLARED = DeclaredContract(columns=(), additional_columns="allow", rows=None, key=(), require=())
UNBOUND = Contract(columns=(), additional_columns="allow", rows=None, key=(), require=())
"""What most artifacts must fulfil: nothing."""


def lower_contract(artifact: Artifact, evaluation: Evaluation) -> Contract:
    """Return an artifact's contract; bounds that have no value are reported and left out."""
    written = artifact.contract
    if written == UNDECLARED:
        return UNBOUND
    return Contract(
        columns=tuple(
            sorted(
                (_column(column, evaluation) for column in written.columns),
                key=lambda column: column.name,
            )
        ),
        additional_columns=written.additional_columns,
        rows=None if written.rows is None else _rows(written.rows, evaluation),
        key=tuple(name.text for name in written.key),
        require=tuple(
            sorted(
                (_requirement(requirement, evaluation) for requirement in written.require),
                key=lambda requirement: requirement.path,
            )
        ),
    )


def lower_tolerance(artifact: Artifact, evaluation: Evaluation) -> Tolerance | None:
    """Return by how much a replay may differ; what is not given is 0."""
    if artifact.tolerance is None:
        return None
    relative = evaluation.read(artifact.tolerance.relative, lambda v: _tolerance(v, "relative"))
    absolute = evaluation.read(artifact.tolerance.absolute, lambda v: _tolerance(v, "absolute"))
    return Tolerance(relative=relative or 0.0, absolute=absolute or 0.0)


def _tolerance(value: Value, what: str) -> float:
    return expect_number(value, f"`{what}`", 0)


def _column(column: Column, evaluation: Evaluation) -> ColumnContract:
    def bound(what: str, node: Node | None) -> Scalar:
        return evaluation.read(node, partial(_bound, what=what, column=column))

    return ColumnContract(
        name=column.name.text,
        type=column.type,
        nullable=column.nullable,
        unique=column.unique,
        minimum=bound("minimum", column.minimum),
        maximum=bound("maximum", column.maximum),
        values=_values(column, evaluation),
        pattern=None if column.pattern is None else column.pattern.text,
        severity=column.severity,
    )


def _bound(value: Value, what: str, column: Column) -> Scalar:
    if not has_order(column.type):
        message = f"column `{column.name.text}` is `{column.type}`, which takes no `{what}`"
        raise WrongValue(message, UNSUITABLE_BOUND, f"remove `{what}`")
    if isinstance(value, (list, dict)) or not suits(value, column.type, is_bound=True):
        raise _unsuitable(f"its `{what}` is {shown(value)}", column)
    return value


def _values(column: Column, evaluation: Evaluation) -> tuple[Scalar, ...] | None:
    if column.values is None:
        return None
    items = column.values.items if isinstance(column.values, Sequence) else (column.values,)
    return tuple(evaluation.read(item, partial(_allowed, column=column)) for item in items)


def _allowed(value: Value, column: Column) -> Scalar:
    if isinstance(value, (list, dict)) or not suits(value, column.type, is_bound=False):
        raise _unsuitable(f"its `values` hold {shown(value)}", column)
    return value


def _unsuitable(what: str, column: Column) -> WrongValue:
    name = column.name.text
    kind = "" if column.type is None else f" is `{column.type}`"
    message = f"column `{name}`{kind}, but {what}" if kind else f"of column `{name}` {what}"
    return WrongValue(message, UNSUITABLE_BOUND, form_of_values(column.type))


def _rows(rows: Rows, evaluation: Evaluation) -> RowsContract:
    def count(what: str, node: Node | None) -> int | None:
        return evaluation.read(node, lambda value: expect_integer(value, f"`{what}`", 0))

    return RowsContract(
        minimum=count("minimum", rows.minimum),
        maximum=count("maximum", rows.maximum),
        severity=rows.severity,
    )


def _requirement(requirement: Requirement, evaluation: Evaluation) -> MetricContract:
    def bound(what: str, node: Node | None) -> float | int | None:
        return evaluation.read(node, lambda value: _number(value, what, requirement.path.text))

    return MetricContract(
        path=requirement.path.text,
        minimum=bound("minimum", requirement.minimum),
        maximum=bound("maximum", requirement.maximum),
        severity=requirement.severity,
    )


def _number(value: Value, what: str, path: str) -> float | int:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise WrongValue(
            f"`{what}` of `{path}` is {shown(value)}, but must be a number", WRONG_TYPE
        )
    return value
