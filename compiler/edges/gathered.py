"""A gathered table: its axes as further columns, and axes that cannot be columns of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal

from ..axes.grid import Grid
from ..axes.join import Identity, project
from ..axes.layout import gathered_axes
from ..axes.matrix import identity_of
from ..codes.edges import AXIS_CLASH
from ..diagnostic import Diagnostic, Label
from ..plan import ColumnContract
from ..point import AxisValue, Point, value_text
from ..spec import Gather
from .known import KnownColumn, KnownTable

Sort = Literal["boolean", "integer", "number", "text"]
_TYPES: dict[Sort, str] = {
    "boolean": "bool",
    "integer": "int64",
    "number": "float64",
    "text": "string",
}
_NUMBERS = ("int", "uint", "float", "decimal", "bool")


def gathered_table(known: KnownTable, gather: Gather, grid: Grid) -> KnownTable:
    """Return what is known of a table with the gathered axes as columns."""
    values = _values(gather, grid)
    names = known.names
    is_all = len(values) == len(grid.axes)
    axes = tuple(
        KnownColumn(name=axis, type=_type_of(values[axis], is_all), span=gather.artifact.span)
        for axis in sorted(values)
        if axis not in names
    )
    return replace(known, columns=(*known.columns, *axes))


def judge_gathered(
    known: KnownTable, rules: Mapping[str, ColumnContract], gather: Gather, grid: Grid
) -> Iterator[Diagnostic]:
    """Report axes whose values cannot be what a column of their name holds, or go in no column.

    `rules` are the columns of the artifact's contract by name.
    """
    spans = {column.name: column.span for column in known.columns}
    name = gather.artifact.text
    for axis, values in _values(gather, grid).items():
        rule = rules.get(axis)
        if rule is not None and rule.severity == "error":
            bad = next((value for value in values if not _can_hold(rule, value)), None)
            if bad is not None:
                yield Diagnostic(
                    code=AXIS_CLASH,
                    message=f"the axis `{axis}` of `{name}` is no column `{axis}` of it",
                    primary=Label(span=gather.artifact.span),
                    related=(Label(span=spans[axis], message=f"never holds `{value_text(bad)}`"),),
                    help=f"rename the axis or the column: with each row comes its `{axis}`",
                )
        elif axis not in spans and (unlike := _unlike(axis, values, gather, grid)) is not None:
            one, other = map(value_text, unlike)
            yield Diagnostic(
                code=AXIS_CLASH,
                message=f"`{one}` and `{other}` of the axis `{axis}` go in no one column",
                primary=Label(span=gather.artifact.span),
                help=f"give `{axis}` values of one type",
            )


def _values(gather: Gather, grid: Grid) -> dict[str, tuple[AxisValue, ...]]:
    """Return the values of each gathered axis, a value of each type and text once."""
    found: dict[str, dict[tuple[type, AxisValue], AxisValue]] = {
        axis: {} for axis in gathered_axes(gather, grid) if axis in grid.axes
    }
    points: tuple[Point, ...] = grid.points
    for point in points:
        for axis, value in point:
            if axis in found:
                found[axis].setdefault((type(value), value), value)
    return {axis: tuple(values.values()) for axis, values in found.items()}


def _type_of(values: tuple[AxisValue, ...], is_all: bool) -> str | None:
    """Return the type of a column of these values, None where they go in none together.

    Integers among numbers are numbers, if all points come together.
    """
    sorts: set[Sort] = {_sort(value) for value in values}
    if sorts == {"integer", "number"}:
        return "float64" if is_all else None
    (sort, *others) = sorts
    return None if others else _TYPES[sort]


def _unlike(
    axis: str, values: tuple[AxisValue, ...], gather: Gather, grid: Grid
) -> tuple[AxisValue, AxisValue] | None:
    """Return two values of which no column is made, and that are gathered together."""
    if len({_together(value) for value in values}) < 2:
        return None
    left = frozenset(grid.axes) - frozenset(gathered_axes(gather, grid))
    first: dict[Identity, AxisValue] = {}
    for point in grid.points:
        value = dict(point)[axis]
        known = first.setdefault(identity_of(project(point, left)), value)
        if _together(known) != _together(value):
            return known, value
    return None


def _together(value: AxisValue) -> Sort:
    """Return with what a value goes in one column: integers go with numbers."""
    sort = _sort(value)
    return "number" if sort == "integer" else sort


def _sort(value: AxisValue) -> Sort:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    return "number" if isinstance(value, float) else "text"


def _can_hold(rule: ColumnContract, value: AxisValue) -> bool:
    """Say whether a column that keeps its contract may hold a value in every row."""
    if rule.values is not None and not any(_equal(value, allowed) for allowed in rule.values):
        return False
    if rule.type is None:
        return True
    if isinstance(value, str):
        return rule.type == "string"
    return rule.type.startswith(_NUMBERS)


def _equal(value: AxisValue, allowed: object) -> bool:
    """Compare as the run does, where `1`, `1.0` and `true` are equal; texts equal texts only."""
    return isinstance(value, str) == isinstance(allowed, str) and value == allowed
