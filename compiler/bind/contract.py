"""Contracts of the spec, from nodes of the right shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ..codes.contracts import BAD_PATTERN
from ..codes.shape import MISPLACED_KEY
from ..columns import column_type
from ..diagnostic import Diagnostic, Label, Severity
from ..document import Node
from ..patterns import pattern_fault
from ..spec import Column, Contract, Name, Requirement, Rows, Tolerance
from . import read


def build_contract(values: dict[str, Node]) -> tuple[Contract, list[Diagnostic]]:
    """Build the contract of an artifact from its keys and values."""
    columns = tuple(_column(name, node) for name, node in read.pairs(values.get("columns")))
    found: list[Diagnostic] = []
    for column in columns:
        found.extend(_column_mistakes(column))
    require = tuple(_requirement(name, node) for name, node in read.pairs(values.get("require")))
    additional: Literal["allow", "refuse"] = "allow"
    if read.text(values.get("additional_columns")) == "refuse":
        additional = "refuse"
    contract = Contract(
        columns=columns,
        additional_columns=additional,
        rows=_rows(values.get("rows")),
        key=read.names(values.get("key")),
        require=require,
    )
    return contract, found


def build_tolerance(node: Node | None) -> Tolerance | None:
    """Build a tolerance, or None where there is none."""
    if node is None:
        return None
    values = read.fields(node)
    return Tolerance(relative=values.get("relative"), absolute=values.get("absolute"))


def _column(name: Name, node: Node) -> Column:
    values = read.fields(node)
    return Column(
        name=name,
        type=column_type(read.text(values.get("type"))),
        nullable=read.truth(values.get("nullable"), True),
        unique=read.truth(values.get("unique"), False),
        minimum=values.get("minimum"),
        maximum=values.get("maximum"),
        values=values.get("values"),
        pattern=read.maybe_name(values.get("pattern")),
        description=read.text(values.get("description")),
        severity=_severity(values),
    )


def _rows(node: Node | None) -> Rows | None:
    if node is None:
        return None
    values = read.fields(node)
    return Rows(
        minimum=values.get("minimum"),
        maximum=values.get("maximum"),
        severity=_severity(values),
        span=node.span,
    )


def _requirement(path: Name, node: Node) -> Requirement:
    values = read.fields(node)
    return Requirement(
        path=path,
        minimum=values.get("minimum"),
        maximum=values.get("maximum"),
        severity=_severity(values),
    )


def _severity(values: dict[str, Node]) -> Severity:
    return "warning" if read.text(values.get("severity")) == "warning" else "error"


def _column_mistakes(column: Column) -> Iterator[Diagnostic]:
    """Say what of a column's contract cannot be meant for its type, or means nothing."""
    if column.pattern is not None and column.type not in (None, "string"):
        yield Diagnostic(
            code=MISPLACED_KEY,
            message=f"`pattern` is for text, but the column is {column.type}",
            primary=Label(span=column.pattern.span),
        )
    elif column.pattern is not None:
        fault = pattern_fault(column.pattern.text)
        if fault is not None:
            yield Diagnostic(
                code=BAD_PATTERN,
                message=f"the pattern of `{column.name.text}` {fault}",
                primary=Label(span=column.pattern.span),
            )
