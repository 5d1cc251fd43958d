"""Which points everything has: own axes, those that inputs bring, less those gathered or picked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..bind.doubtful import Doubtful
from ..canonical import Json
from ..codes import axes as codes
from ..codes.expressions import UNKNOWN_AXIS
from ..diagnostic import Code, Diagnostic, Label
from ..document import Node, Scalar
from ..expression.scope import Names, Scope
from ..graph import Graph
from ..parameters import Values
from ..point import AxisValue, Point, key_of, value_text, with_point
from ..source import Span
from ..spec import Artifact, Gather, Input, Matrix, Name, Transformation
from ..suggest import closest
from .grid import POINT, Grid, Labelled
from .join import TooManyPoints, distinct, join_points, lost_points, project
from .matrix import expand_matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Grids:
    """The points of artifacts and transformations, by name; what is missing has been reported."""

    artifacts: Mapping[str, Grid]
    transformations: Mapping[str, Grid]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Points that something brings to a transformation; `artifact` is None for its own matrix."""

    grid: Grid
    artifact: str | None
    picked: Point
    span: Span


def lay_axes(
    graph: Graph, values: Values, doubtful: Doubtful
) -> tuple[Grids, tuple[Diagnostic, ...]]:
    """Return the points of all that is sound in a graph, and what is wrong with the rest.

    What is doubtful, and what follows it, has points that are not known.
    """
    layout = _Layout(values)
    for artifact in graph.sources:
        if artifact.name.text not in doubtful.artifacts:
            layout.place_source(artifact)
    produced: dict[str, list[str]] = {maker: [] for _, maker in graph.producers}
    for artifact_name, maker in graph.producers:
        produced[maker].append(artifact_name)
    for transformation in graph.transformations:
        name = transformation.name.text
        if name not in doubtful.transformations:
            layout.place(transformation, produced.get(name, []))
    grids = Grids(artifacts=layout.artifacts, transformations=layout.transformations)
    return grids, tuple(layout.found)


class _Layout:
    """The points found so far."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.artifacts: dict[str, Grid] = {}
        self.transformations: dict[str, Grid] = {}
        self.found: list[Diagnostic] = []

    def place_source(self, artifact: Artifact) -> None:
        """Give a source its own axes."""
        if artifact.matrix is None:
            self.artifacts[artifact.name.text] = POINT
            return
        grid = self._own(artifact.matrix, artifact.name)
        if grid is not None:
            self.artifacts[artifact.name.text] = grid

    def place(self, transformation: Transformation, produced: list[str]) -> None:
        """Join all that flows into a transformation, and give its outputs the same points."""
        parts = [self._input(read) for read in transformation.inputs]
        parts += [self._gathered(read) for read in transformation.gather]
        if transformation.matrix is not None:
            own = self._own(transformation.matrix, transformation.name)
            span = _matrix_span(transformation.matrix, transformation.name)
            part = None if own is None else _Part(grid=own, artifact=None, picked=(), span=span)
            parts.append(part)
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return
        grid = self._joined(transformation.name, known)
        if grid is not None:
            self.transformations[transformation.name.text] = grid
            self.artifacts.update(dict.fromkeys(produced, grid))

    def _own(self, matrix: Matrix, name: Name) -> Grid | None:
        names = Names(
            place=f"the matrix of `{name.text}`",
            parameters=self.values.values,
            axes=None,
            seed=False,
            broken=self.values.broken,
        )
        grid, diagnostics = expand_matrix(
            matrix,
            owner=f"`{name.text}`",
            span=_matrix_span(matrix, name),
            names=names,
            scope=Scope(parameters=self.values.values),
        )
        self.found.extend(diagnostics)
        return grid

    def _input(self, read: Input) -> _Part | None:
        grid = self.artifacts.get(read.artifact.text)
        if grid is None:
            return None
        picked: list[tuple[str, AxisValue]] = []
        points = grid.points
        for axis, node in read.at:
            if axis.text not in grid.axes:
                self.found.append(_unknown_axis(read.artifact.text, axis, grid))
                return None
            value = node.value if isinstance(node, Scalar) else None
            matching = tuple(p for p in points if value is not None and _has(p, axis.text, value))
            if value is None or not matching:
                self.found.append(_no_such_point(read, axis, node, points, picked))
                return None
            points = matching
            picked.append((axis.text, value))
        if picked:
            grid = _reduced(grid, points, frozenset(axis for axis, _ in picked))
        point = tuple(sorted(picked, key=lambda pair: pair[0]))
        return _Part(grid=grid, artifact=read.artifact.text, picked=point, span=read.artifact.span)

    def _gathered(self, read: Gather) -> _Part | None:
        grid = self.artifacts.get(read.artifact.text)
        if grid is None:
            return None
        for axis in read.over or ():
            if axis.text not in grid.axes:
                self.found.append(_unknown_axis(read.artifact.text, axis, grid))
                return None
        reduced = _reduced(grid, grid.points, frozenset(gathered_axes(read, grid)))
        return _Part(grid=reduced, artifact=read.artifact.text, picked=(), span=read.artifact.span)

    def _joined(self, name: Name, parts: list[_Part]) -> Grid | None:
        labelled = self._labels(name, parts)
        if labelled is None:
            return None
        try:
            points = join_points(
                list({id(p.grid.points): p.grid.points for p in parts if p.grid.axes}.values())
            )
        except TooManyPoints as problem:
            message = f"`{name.text}` has more than 1000000 points: {problem.count}"
            self.found.append(_fault(codes.TOO_MANY_POINTS, message, name.span))
            return None
        lost = _lost(name, parts, points)
        if lost is not None:
            self.found.append(lost)
            return None
        axes = tuple(sorted({axis for part in parts for axis in part.grid.axes}))
        return Grid(axes=axes, points=points, labelled=labelled)

    def _labels(self, name: Name, parts: list[_Part]) -> tuple[Labelled, ...] | None:
        """Merge the labels of equal axes; None where a label stands for two values."""
        merged: dict[str, dict[str, Json]] = {}
        declared: dict[str, Span] = {}
        for part in parts:
            for labels in part.grid.labelled:
                known = merged.setdefault(labels.axis, {})
                first = declared.setdefault(labels.axis, labels.declared)
                for label, value in labels.values:
                    if known.setdefault(label, value) != value:
                        self.found.append(_clash(name, part, labels, label, first))
                        return None
        return tuple(
            Labelled(axis=axis, values=tuple(sorted(merged[axis].items())), declared=declared[axis])
            for axis in sorted(merged)
        )


def gathered_axes(read: Gather, grid: Grid) -> tuple[str, ...]:
    """Return the axes that a gather removes, sorted."""
    return grid.axes if read.over is None else tuple(sorted({axis.text for axis in read.over}))


def _reduced(grid: Grid, points: tuple[Point, ...], removed: frozenset[str]) -> Grid:
    axes = frozenset(grid.axes) - removed
    if len(axes) == len(grid.axes):
        return grid
    return Grid(
        axes=tuple(axis for axis in grid.axes if axis in axes),
        points=distinct(project(point, axes) for point in points),
        labelled=tuple(labels for labels in grid.labelled if labels.axis in axes),
    )


def _has(point: Point, axis: str, value: AxisValue) -> bool:
    return any(name == axis and key_of(found) == key_of(value) for name, found in point)


def _lost(name: Name, parts: list[_Part], points: tuple[Point, ...]) -> Diagnostic | None:
    # Inputs are named before the matrix: they show what would be lost by name.
    for part in sorted(parts, key=lambda part: part.artifact is None):
        if part.grid.points is points:
            continue
        lost = lost_points(part.grid.points, points)
        if not lost:
            continue
        what = part.artifact or name.text
        full = tuple(sorted((*lost[0], *part.picked)))
        more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
        others = [
            other
            for other in parts
            if other is not part and set(other.grid.axes) & set(part.grid.axes)
        ]
        return Diagnostic(
            code=codes.LOST_POINT,
            message=f"`{name.text}` would lose `{with_point(what, full)}`{more}",
            primary=Label(span=part.span),
            related=tuple(
                Label(span=other.span, message=_without(other, name)) for other in others
            ),
            help="give both the same values, pick a point with `at`, or rename an axis",
        )
    return None


def _without(part: _Part, name: Name) -> str:
    owner = f"`{part.artifact}`" if part.artifact else f"the matrix of `{name.text}`"
    return f"{owner} has axes {', '.join(part.grid.axes)} and no such point"


def _no_such_point(
    read: Input,
    axis: Name,
    node: Node,
    points: tuple[Point, ...],
    picked: list[tuple[str, AxisValue]],
) -> Diagnostic:
    value = node.value if isinstance(node, Scalar) else None
    message = f"`{axis.text}` of `{read.artifact.text}` has no such value"
    if value is not None:
        point = tuple(sorted((*picked, (axis.text, value)), key=lambda pair: pair[0]))
        message = f"there is no point `{with_point(read.artifact.text, point)}`"
    known = {key_of(v): value_text(v) for point in points for name, v in point if name == axis.text}
    shown = list(known.values())[:8]
    hint = f"pick one of {', '.join(f'`{text}`' for text in shown)}"
    return _fault(codes.NO_SUCH_POINT, message, node.span, hint)


def _unknown_axis(artifact: str, axis: Name, grid: Grid) -> Diagnostic:
    near = closest(axis.text, grid.axes)
    hint = None if near is None else f"did you mean `{near}`?"
    return _fault(UNKNOWN_AXIS, f"`{artifact}` has no axis `{axis.text}`", axis.span, hint)


def _clash(name: Name, part: _Part, labels: Labelled, label: str, first: Span) -> Diagnostic:
    return Diagnostic(
        code=codes.AXIS_VALUES_CLASH,
        message=f"in `{name.text}` label `{label}` of axis `{labels.axis}` has two values",
        primary=Label(span=part.span),
        related=(
            Label(span=first, message="one declared here"),
            Label(span=labels.declared, message="the other here"),
        ),
    )


def _matrix_span(matrix: Matrix, name: Name) -> Span:
    return matrix.axes[0].name.span if matrix.axes else name.span


def _fault(code: Code, message: str, span: Span, hint: str | None = None) -> Diagnostic:
    return Diagnostic(code=code, message=message, primary=Label(span=span), help=hint)
