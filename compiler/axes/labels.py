"""What `matrix.AXIS` stands for at a point."""

from __future__ import annotations

import json

from ..expression.value import Value
from ..point import Point
from .grid import Grid


class MatrixValues:
    """The values of a grid's axes; a label stands for what it was given."""

    __slots__ = ("_labelled",)

    def __init__(self, grid: Grid) -> None:
        self._labelled: dict[str, dict[str, Value]] = {
            labels.axis: {label: json.loads(value) for label, value in labels.values}
            for labels in grid.labelled
        }

    def at(self, point: Point) -> dict[str, Value]:
        """Return the value of every axis at a point."""
        if not self._labelled:
            return dict(point)
        return {
            axis: self._labelled[axis].get(str(value), value) if axis in self._labelled else value
            for axis, value in point
        }
