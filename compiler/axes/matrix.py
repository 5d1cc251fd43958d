"""The points of one matrix: the product of its axes, less `exclude`, plus `include`."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

from ..canonical import encode_text
from ..codes import axes as codes
from ..codes.expressions import UNKNOWN_AXIS
from ..codes.shape import WRONG_TYPE, WRONG_VALUE
from ..diagnostic import Code, Diagnostic, Label
from ..document import Mapping, Node, Sequence
from ..expression.scope import Names, Scope
from ..expression.template import Failed, evaluate, prepare
from ..expression.value import Value, a_type, written
from ..point import AxisValue, Point, key_of, point_of, point_text
from ..source import Span
from ..spec import Axis, Matrix
from ..suggest import closest
from .grid import MOST_POINTS, Grid, Labelled
from .order import point_order, value_order

AxisKey = tuple[str, AxisValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Partial:
    """One entry of `include` or `exclude`."""

    values: dict[str, AxisValue]
    span: Span


class _MatrixError(Exception):
    """A part of the matrix has no value; it never leaves this module."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__()
        self.diagnostics = diagnostics


def expand_matrix(
    matrix: Matrix, *, owner: str, span: Span, names: Names, scope: Scope
) -> tuple[Grid | None, tuple[Diagnostic, ...]]:
    """Return the grid of a matrix; `owner` names it in messages, `span` is where it belongs.

    The grid is None where there are errors. Points are excluded before points are included; a
    point that is included twice, or is there already, is there once. Without axes those of the
    first entry of `include` count.
    """
    declared = frozenset(axis.name.text for axis in matrix.axes)
    reader = _MatrixReader(owner=owner, span=span, names=names, scope=scope, declared=declared)
    for axis in matrix.axes:
        reader.read_axis(axis)
    included = reader.read_points(matrix.include, "include")
    excluded = reader.read_points(matrix.exclude, "exclude")
    if not reader.is_sound:
        return None, tuple(reader.found)
    try:
        return reader.grid(included, excluded), tuple(reader.found)
    except _MatrixError as faults:
        return None, (*reader.found, *faults.diagnostics)


class _MatrixReader:
    """Reads one matrix, collecting what is wrong with it in `found`."""

    def __init__(
        self, *, owner: str, span: Span, names: Names, scope: Scope, declared: frozenset[str]
    ) -> None:
        self.owner = owner
        self.span = span
        self.names = names
        self.scope = scope
        self.axes: dict[str, tuple[AxisValue, ...]] = {}
        self.labelled: list[Labelled] = []
        self.found: list[Diagnostic] = []
        self.is_sound = True
        self._declared = declared

    def read_axis(self, axis: Axis) -> None:
        """Take in an axis: a list of scalars, or a mapping from labels."""
        try:
            value = self._evaluated(axis.values)
            match value:
                case list():
                    self.axes[axis.name.text] = self._listed(axis, value)
                case dict():
                    self._take_labels(axis, value)
                case _:
                    message = f"axis `{axis.name.text}` is {a_type(value)}, not a list"
                    raise _MatrixError(_wrong(message, axis.values.span))
            if not self.axes[axis.name.text]:
                message = f"axis `{axis.name.text}` has no values"
                raise _MatrixError(_fault(codes.AXIS_WITHOUT_VALUES, message, axis.values.span))
        except _MatrixError as faults:
            self._note(faults)

    def read_points(self, node: Node | None, key: str) -> list[_Partial]:
        """Return the entries of `include` or `exclude`, shape and axes checked."""
        if node is None:
            return []
        found: list[_Partial] = []
        try:
            entries = self._evaluated(node)
            if not isinstance(entries, list):
                raise _MatrixError(_wrong(f"`{key}` is {a_type(entries)}, not a list", node.span))
            for index, entry in enumerate(entries):
                try:
                    found.append(self._partial(entry, _child(node, index), key))
                except _MatrixError as faults:
                    self._note(faults)
        except _MatrixError as faults:
            self._note(faults)
        return found

    def grid(self, included: list[_Partial], excluded: list[_Partial]) -> Grid:
        """Return the points. Raises _MatrixError where there are none, or too many."""
        size = math.prod(len(values) for values in self.axes.values()) if self.axes else 0
        if size + len(included) > MOST_POINTS:
            message = f"{self.owner} has {size} points; the most is {MOST_POINTS}"
            raise _MatrixError(_fault(codes.TOO_MANY_POINTS, message, self.span))
        axes = tuple(sorted(self.axes if self.axes else included[0].values if included else ()))
        columns = [
            [(axis, value) for value in sorted(self.axes[axis], key=value_order)]
            for axis in axes
            if self.axes
        ]
        points: list[Point] = list(itertools.product(*columns)) if self.axes else []
        for partial in excluded:
            points = self._without(points, partial)
        if included:
            known = set(map(identity_of, points))
            for partial in included:
                point = point_of(partial.values)
                if identity_of(point) not in known:
                    known.add(identity_of(point))
                    points.append(point)
            points.sort(key=point_order)
        if not points:
            message = f"`exclude` removes every point of {self.owner}"
            code = codes.NO_POINTS_LEFT if excluded else codes.AXIS_WITHOUT_VALUES
            words = message if excluded else f"the matrix of {self.owner} has no axes"
            raise _MatrixError(_fault(code, words, self.span))
        labelled = tuple(sorted(self.labelled, key=lambda labels: labels.axis))
        return Grid(axes=axes, points=tuple(points), labelled=labelled)

    def _without(self, points: list[Point], partial: _Partial) -> list[Point]:
        wanted = {(axis, *key_of(value)) for axis, value in partial.values.items()}
        kept = [
            point
            for point in points
            if not wanted <= {(axis, *key_of(value)) for axis, value in point}
        ]
        if len(kept) == len(points):
            text = point_text(point_of(partial.values))
            message = f"`exclude` names `{text}`, which no point of {self.owner} has"
            self.found.append(_fault(codes.EXCLUDE_MATCHES_NOTHING, message, partial.span))
        return kept

    def _evaluated(self, node: Node) -> Value:
        template, diagnostics = prepare(node, self.names)
        if template is None:
            raise _MatrixError(*diagnostics)
        value = evaluate(template, self.scope)
        if isinstance(value, Failed):
            raise _MatrixError(*value.diagnostics)
        return value

    def _listed(self, axis: Axis, items: list[Value]) -> tuple[AxisValue, ...]:
        values: dict[AxisKey, AxisValue] = {}
        places: dict[AxisKey, Span] = {}
        faults: list[Diagnostic] = []
        for index, item in enumerate(items):
            span = _child(axis.values, index).span
            try:
                value = _axis_value(item, axis.name.text, span)
            except _MatrixError as error:
                faults.extend(error.diagnostics)
                continue
            if key_of(value) in values:
                message = f"axis `{axis.name.text}` has the value `{written(value)}` twice"
                faults.append(_twice(message, span, places[key_of(value)]))
                continue
            places[key_of(value)] = span
            values[key_of(value)] = value
        if faults:
            raise _MatrixError(*faults)
        return tuple(values.values())

    def _take_labels(self, axis: Axis, value: dict[str, Value]) -> None:
        name = axis.name.text
        stands_for = tuple((label, encode_text(value[label])) for label in sorted(value))
        self.axes[name] = tuple(sorted(value))
        self.labelled.append(Labelled(axis=name, values=stands_for, declared=axis.name.span))

    def _partial(self, entry: Value, node: Node, key: str) -> _Partial:
        if not isinstance(entry, dict):
            words = f"an entry of `{key}` is {a_type(entry)}, not a mapping"
            raise _MatrixError(_wrong(words, node.span))
        # Where no axis is declared, the first entry declares them.
        known = self._declared = self._declared or frozenset(entry)
        unknown = [axis for axis in entry if axis not in known]
        faults = [self._unknown_axis(axis, node, known) for axis in unknown]
        missing = sorted(known - entry.keys())
        # An axis that is misspelt is missing too.
        if key == "include" and missing and not unknown:
            message = f"a point of `include` has no value for axis `{missing[0]}`"
            faults.append(_fault(codes.INCOMPLETE_POINT, message, node.span))
        values: dict[str, AxisValue] = {}
        for axis, value in entry.items():
            try:
                values[axis] = _axis_value(value, axis, _field_span(node, axis))
            except _MatrixError as error:
                faults.extend(error.diagnostics)
        if key == "include":
            faults.extend(self._unknown_labels(values, node))
        elif not entry:
            faults.append(_fault(WRONG_VALUE, "an entry of `exclude` names no axis", node.span))
        if faults:
            raise _MatrixError(*faults)
        return _Partial(values=values, span=node.span)

    def _unknown_labels(self, values: dict[str, AxisValue], node: Node) -> Iterator[Diagnostic]:
        for labels in self.labelled:
            value = values.get(labels.axis)
            known = [label for label, _ in labels.values]
            if value is not None and value not in known:
                message = f"axis `{labels.axis}` has no label `{value}`"
                near = closest(str(value), known)
                hint = None if near is None else f"did you mean `{near}`?"
                span = _field_span(node, labels.axis)
                yield _fault(codes.UNKNOWN_LABEL, message, span, hint)

    def _unknown_axis(self, axis: str, node: Node, known: frozenset[str]) -> Diagnostic:
        entry = node.entry(axis) if isinstance(node, Mapping) else None
        span = node.span if entry is None else entry.key_span
        near = closest(axis, sorted(known))
        hint = None if near is None else f"did you mean `{near}`?"
        return _fault(UNKNOWN_AXIS, f"{self.owner} has no axis `{axis}`", span, hint)

    def _note(self, faults: _MatrixError) -> None:
        self.is_sound = False
        self.found.extend(faults.diagnostics)


def identity_of(point: Point) -> tuple[tuple[str, str, AxisValue], ...]:
    """Return what makes two points equal: axes, and values with their types."""
    return tuple([(axis, *key_of(value)) for axis, value in point])


def _axis_value(value: Value, axis: str, span: Span) -> AxisValue:
    if value is None or isinstance(value, (list, dict)):
        message = f"a value of axis `{axis}` is {a_type(value)}, not a scalar"
        raise _MatrixError(_wrong(message, span))
    # Both zeros are one value, so they must be written alike.
    return 0.0 if isinstance(value, float) and value == 0 else value


def _child(node: Node, index: int) -> Node:
    return node.items[index] if isinstance(node, Sequence) else node


def _field_span(node: Node, key: str) -> Span:
    value = node.get(key) if isinstance(node, Mapping) else None
    return node.span if value is None else value.span


def _twice(message: str, span: Span, first: Span) -> Diagnostic:
    related = () if first == span else (Label(span=first, message="first written here"),)
    return Diagnostic(
        code=codes.DUPLICATE_AXIS_VALUE,
        message=message,
        primary=Label(span=span),
        related=related,
    )


def _wrong(message: str, span: Span) -> Diagnostic:
    return _fault(WRONG_TYPE, message, span)


def _fault(code: Code, message: str, span: Span, hint: str | None = None) -> Diagnostic:
    return Diagnostic(code=code, message=message, primary=Label(span=span), help=hint)
