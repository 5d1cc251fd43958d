"""The points that an artifact or a transformation has."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..canonical import Json
from ..point import Point
from ..source import Span

MOST_POINTS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """An axis whose points are labels: what each label stands for, sorted by label."""

    axis: str
    values: tuple[tuple[str, Json], ...]
    declared: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Axes, sorted, and points, sorted, no point twice; without axes there is one empty point."""

    axes: tuple[str, ...]
    points: tuple[Point, ...]
    labelled: tuple[Labelled, ...]


POINT = Grid(axes=(), points=((),), labelled=())
"""The grid of what has no axes."""
