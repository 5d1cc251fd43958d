"""The one order of axis values and points."""

from __future__ import annotations

from ..point import AxisValue, Point

OrderKey = tuple[int, float, str]


def value_order(value: AxisValue) -> OrderKey:
    """Return the sort key of an axis value: booleans, then numbers by amount, then strings."""
    match value:
        case bool():
            return 0, value, ""
        case str():
            return 2, 0, value
        case _:
            return 1, value, type(value).__name__


def point_order(point: Point) -> tuple[OrderKey, ...]:
    """Return the sort key of points with the same axes, which stand in the order of their names."""
    return tuple([value_order(value) for _, value in point])
