"""What is known of a table's columns before it is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..source import Span
from ..spec import Artifact, Contract, Name


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownColumn:
    """A column that a table has, or may have: its canonical type, None where it is not known.

    `span` is where that is said.
    """

    name: str
    type: str | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTable:
    """The columns of a table, in no order; where `is_closed` it has no other.

    `span` is where its artifact is declared.
    """

    columns: tuple[KnownColumn, ...]
    is_closed: bool
    span: Span = field(compare=False)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(column.name for column in self.columns)

    def typed(self) -> Iterator[tuple[KnownColumn, str]]:
        """Go through the columns whose type is known."""
        return ((column, column.type) for column in self.columns if column.type is not None)


def declared_table(artifact: Artifact) -> KnownTable:
    """Return what an artifact's contract says of its table.

    A column that may break its contract, `severity: warning`, may have any type.
    """
    contract = artifact.contract
    columns = {
        column.name.text: KnownColumn(
            name=column.name.text,
            type=column.type if column.severity == "error" else None,
            span=column.name.span,
        )
        for column in contract.columns
    }
    for name in contract.key:
        columns.setdefault(name.text, KnownColumn(name=name.text, type=None, span=name.span))
    return KnownTable(
        columns=tuple(columns.values()),
        is_closed=contract.additional_columns == "refuse",
        span=artifact.name.span,
    )


def demanded_columns(contract: Contract) -> tuple[Name, ...]:
    """Return the columns without which a table breaks its contract, and not only with a warning.

    A key over a column that its own contract refuses is a mistake of another sort.
    """
    declared = {column.name.text for column in contract.columns}
    keys = contract.key if contract.additional_columns == "allow" else ()
    return (
        *(column.name for column in contract.columns if column.severity == "error"),
        *(name for name in keys if name.text not in declared),
    )
