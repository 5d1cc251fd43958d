"""Which points of an artifact arrive at which task."""

from __future__ import annotations

from collections.abc import Callable

from ..document import Scalar
from ..plan import ArtifactId, TaskInput
from ..point import AxisValue, Point, key_of
from ..spec import Gather, Input
from .grid import Grid
from .join import Identity, project
from .layout import gathered_axes
from .matrix import identity_of

Wire = Callable[[Point], TaskInput]


def wire(read: Input | Gather, grid: Grid) -> Wire:
    """Return what arrives at the task of each point; `grid` is that of the artifact read.

    Tasks that receive the same points share one value; points stay in the grid's order.
    """
    if isinstance(read, Gather):
        removed = gathered_axes(read, grid)
        return _grouped(read, grid, grid.points, removed, removed)
    picked = [
        (axis.text, key_of(_literal(node.value)))
        for axis, node in read.at
        if isinstance(node, Scalar)
    ]
    points = tuple(
        point
        for point in grid.points
        if all(any(a == axis and key_of(v) == key for a, v in point) for axis, key in picked)
    )
    return _grouped(read, grid, points, tuple(axis for axis, _ in picked), None)


def _literal(value: object) -> AxisValue:
    assert isinstance(value, (bool, int, float, str))
    return value


def _grouped(
    read: Input | Gather,
    grid: Grid,
    points: tuple[Point, ...],
    removed: tuple[str, ...],
    gathered: tuple[str, ...] | None,
) -> Wire:
    left = frozenset(grid.axes) - frozenset(removed)
    groups: dict[Identity, list[Point]] = {}
    for point in points:
        groups.setdefault(identity_of(project(point, left)), []).append(point)
    arriving = {
        identity: TaskInput(
            parameter=read.parameter.text,
            artifact=ArtifactId(read.artifact.text),
            points=tuple(members),
            gathered=gathered,
        )
        for identity, members in groups.items()
    }
    if not left:
        only = arriving[()]
        return lambda _: only
    return lambda point: arriving[identity_of(project(point, left))]
