"""Values made from settings at every point: each is computed once for all that it depends on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

from ..axes.grid import Grid
from ..axes.labels import MatrixValues
from ..diagnostic import Diagnostic
from ..expression.expected import WrongValue
from ..expression.scope import Scope
from ..expression.template import Failed, evaluate
from ..expression.value import Value
from ..point import Point, with_point
from .body import Part
from .settings import Setting

T = TypeVar("T")

At = Callable[[Point, int], T | None]
"""Gives a value at a point, for a task's seed; None where any of its settings has failed."""

_FAILED: Any = object()
"""Stands where a setting has no value."""


class Scopes:
    """Scopes of the points of one transformation, and what was found wrong with its settings."""

    def __init__(self, name: str, grid: Grid, parameters: Mapping[str, Value]) -> None:
        self.name = name
        self.axes = grid.axes
        self.found: list[Diagnostic] = []
        self._matrix = MatrixValues(grid)
        self._parameters = parameters

    def scope(self, point: Point, seed: int) -> Scope:
        return Scope(parameters=self._parameters, matrix=self._matrix.at(point), seed=seed)

    def note(self, diagnostic: Diagnostic, setting: Setting, point: Point) -> None:
        """Keep a diagnostic; where the value depends on the point, say at which it was found."""
        if setting.axes and point:
            message = f"{diagnostic.message} at `{with_point(self.name, point)}`"
            diagnostic = replace(diagnostic, message=message)
        self.found.append(diagnostic)


def computed(scopes: Scopes, parts: Sequence[Part], make: Callable[[list[Any]], T]) -> At[T]:
    """Return what makes a value from settings, once for each combination of what they name.

    What is wrong goes to `scopes.found`, each mistake at the first point that shows it.
    """
    if not parts:
        fixed = make([])
        return lambda point, seed: fixed  # noqa: ARG005
    return _Computed(scopes, parts, make).at


class _Computed(Generic[T]):
    """A value made from settings."""

    def __init__(
        self, scopes: Scopes, parts: Sequence[Part], make: Callable[[list[Any]], T]
    ) -> None:
        self._values = [_Value(scopes, part) for part in parts]
        self._make = make
        self._memo: _Memo[T | None] = _Memo(scopes.axes, [setting for setting, _ in parts])

    def at(self, point: Point, seed: int) -> T | None:
        return self._memo.at(point, seed, self._compute)

    def _compute(self, point: Point, seed: int) -> T | None:
        # All settings are evaluated, so that every mistake is found.
        values = [value.at(point, seed) for value in self._values]
        return None if any(value is _FAILED for value in values) else self._make(values)


class _Value:
    """One setting, evaluated and converted; once it has failed, it fails at every point."""

    def __init__(self, scopes: Scopes, part: Part) -> None:
        self._scopes = scopes
        self._setting, self._convert = part
        self._has_failed = False
        self._memo: _Memo[Any] = _Memo(scopes.axes, (self._setting,))

    def at(self, point: Point, seed: int) -> Any:
        return _FAILED if self._has_failed else self._memo.at(point, seed, self._compute)

    def _compute(self, point: Point, seed: int) -> Any:
        value = evaluate(self._setting.template, self._scopes.scope(point, seed))
        if isinstance(value, Failed):
            faults = value.diagnostics
        else:
            try:
                return self._convert(value)
            except WrongValue as wrong:
                faults = (wrong.at(self._setting.span),)
        self._has_failed = True
        for diagnostic in faults:
            self._scopes.note(diagnostic, self._setting, point)
        return _FAILED


class _Memo(Generic[T]):
    """What has been computed, by the axis values and the seed that the settings name."""

    def __init__(self, axes: Sequence[str], settings: Iterable[Setting]) -> None:
        named = {axis for setting in settings for axis in setting.axes}
        self._picks = tuple([at for at, axis in enumerate(axes) if axis in named])
        self._uses_seed = any(setting.uses_seed for setting in settings)
        # Points differ: what names all axes is computed at each, and need not be kept.
        self._is_shared = len(self._picks) < len(axes)
        self._known: dict[object, T] = {}

    def at(self, point: Point, seed: int, compute: Callable[[Point, int], T]) -> T:
        if not self._is_shared:
            return compute(point, seed)
        key = None
        if self._picks or self._uses_seed:
            values = [(type(point[at][1]), point[at][1]) for at in self._picks]
            key = (*values, seed if self._uses_seed else None)
        if key not in self._known:
            self._known[key] = compute(point, seed)
        return self._known[key]
