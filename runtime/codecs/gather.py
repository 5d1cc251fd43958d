"""Many points of an artifact as one table, with their axes as columns."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from ...compiler.point import Point
from ..content import Content
from ..store.backend import Backend
from .metrics import MetricsValue, read_metrics
from .table import read_table, with_columns
from .types import type_text
from .unstorable import Unstorable

Gathered = Sequence[tuple[Point, Content]]


def gather_tables(backend: Backend, contents: Gathered, *, axes: tuple[str, ...]) -> pa.Table:
    """Return the tables of all points below each other, in the order given.

    Each gets the axes named as further columns, sorted by name. A column that some tables lack
    is null there. Raises Unstorable where types of a column do not go together, or a column has
    the name of an axis and other values.
    """
    tables = [
        with_columns(read_table(backend, content), _chosen(point, axes))
        for point, content in contents
    ]
    return _joined(tables)


def gather_metrics(backend: Backend, contents: Gathered, *, axes: tuple[str, ...]) -> pa.Table:
    """Return metrics as a table: a row per point, a column per axis and per metric.

    A nested metric's column is called by its dotted path; a list stays a list. Raises Unstorable
    where a metric has the name of an axis and another value, or types do not go together.
    """
    rows: list[dict[str, MetricsValue]] = []
    for point, content in contents:
        row: dict[str, MetricsValue] = dict(_chosen(point, axes))
        for path, value in _flattened(read_metrics(backend, content), ""):
            if path in row and row[path] != value:
                raise Unstorable(f"metric `{path}` is not the value of the axis `{path}`")
            row[path] = value
        rows.append(row)
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = [_column(name, [row.get(name) for row in rows]) for name in names]
    return pa.Table.from_arrays(columns, names=names)


def _chosen(point: Point, axes: tuple[str, ...]) -> Point:
    return tuple((axis, value) for axis, value in point if axis in axes)


def _joined(tables: list[pa.Table]) -> pa.Table:
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise Unstorable(_clash(tables)) from error


def _clash(tables: list[pa.Table]) -> str:
    first: dict[str, pa.DataType] = {}
    for table in tables:
        for field in table.schema:
            known = first.setdefault(field.name, field.type)
            if known != field.type:
                one, other = type_text(known), type_text(field.type)
                return f"column `{field.name}` is `{one}` at one point and `{other}` at another"
    return "the gathered tables do not go together"


def _flattened(value: dict[str, MetricsValue], prefix: str) -> list[tuple[str, MetricsValue]]:
    found: list[tuple[str, MetricsValue]] = []
    for name, inner in value.items():
        if isinstance(inner, dict):
            found.extend(_flattened(inner, f"{prefix}{name}."))
        else:
            found.append((f"{prefix}{name}", inner))
    return found


def _column(name: str, values: list[MetricsValue]) -> pa.Array:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int, float}:
        values = [float(value) if isinstance(value, int) else value for value in values]
    try:
        if len(kinds) > 1 and kinds != {int, float}:
            raise pa.ArrowInvalid("mixed")
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
        raise Unstorable(f"metric `{name}` has different types at different points") from error
