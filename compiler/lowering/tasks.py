"""The tasks of one transformation: its settings evaluated at every point."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

from ..axes.grid import POINT, Grid
from ..axes.labels import MatrixValues
from ..axes.wiring import Wire, wire
from ..canonical import Json, encode_text
from ..codes.shape import WRONG_VALUE
from ..diagnostic import Diagnostic
from ..expression.expected import (
    WrongValue,
    expect_duration,
    expect_integer,
    expect_memory,
    expect_number,
    expect_scalar_text,
    expect_text,
)
from ..expression.scope import Scope
from ..expression.template import Failed, evaluate
from ..expression.value import Value
from ..graph import reads_of
from ..plan import ArtifactId, Resources, Task, TaskId, TaskOutput
from ..point import Point, with_point
from ..spec import Transformation
from .body import Carried, Part, Samples, body_parts
from .seed import SEEDS, derive_seed, given_seed
from .settings import Setting, Settings


def lower_tasks(
    transformation: Transformation,
    settings: Settings,
    grid: Grid | None,
    artifacts: Mapping[str, Grid],
    parameters: Mapping[str, Value],
    pipeline_seed: int,
    samples: Samples | None = None,
) -> tuple[tuple[Task, ...], tuple[Diagnostic, ...]]:
    """Return a task for each point, sorted; none where anything is wrong or not known.

    Queries go to `samples`, one for each way in which they can parse.

    `artifacts` holds the grids of all that is read; without a grid of its own only settings that
    need no point are judged. What several tasks have in common is one value, and a mistake is
    reported at the first point that shows it.
    """
    name = transformation.name.text
    scopes = _Scopes(name, grid or POINT, parameters)
    shared = _Shared(scopes, settings, {} if samples is None else samples)
    is_whole = grid is not None and settings.is_whole
    wires = _wires(transformation, artifacts) if is_whole else []
    outputs = lower_outputs(transformation)
    tasks: list[Task] = []
    for point in (grid or POINT).points:
        given = shared.seed.at(point, pipeline_seed)
        number, entropy = (
            derive_seed(pipeline_seed, name, point) if given is None else given_seed(given)
        )
        arguments = shared.arguments.at(point, number)
        resources = shared.resources.at(point, number)
        threads = shared.threads.at(point, number)
        timeout = shared.timeout.at(point, number)
        body = shared.body.at(point, number)
        if arguments is None or resources is None or scopes.found or not is_whole:
            continue
        assert body is not None, "what has no value was reported"
        tasks.append(
            Task(
                id=TaskId(with_point(name, point)),
                transformation=name,
                point=point,
                seed=number,
                entropy=entropy,
                arguments=arguments,
                inputs=tuple([arriving(point) for arriving in wires]),
                outputs=outputs,
                resources=resources,
                threads=threads or 1,
                timeout=timeout,
                command=body.command,
                query=body.query,
            )
        )
    return () if scopes.found else tuple(tasks), tuple(scopes.found)


def lower_outputs(transformation: Transformation) -> tuple[TaskOutput, ...]:
    """Return the outputs: in the order of a list, sorted where they are a mapping."""
    outputs = [
        TaskOutput(name=output.name.text, artifact=ArtifactId(output.artifact.text))
        for output in transformation.outputs
    ]
    if transformation.outputs_by_name:
        outputs.sort(key=lambda output: output.name)
    return tuple(outputs)


T = TypeVar("T")


class _Scopes:
    """Scopes of the points of one transformation, and what was found wrong with its settings."""

    def __init__(self, name: str, grid: Grid, parameters: Mapping[str, Value]) -> None:
        self.name = name
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


class _Computed(Generic[T]):
    """A value made from settings, computed once for each combination of what they name."""

    def __init__(
        self, scopes: _Scopes, parts: Sequence[Part], make: Callable[[list[Any]], T]
    ) -> None:
        self._scopes = scopes
        self._parts = tuple(parts)
        self._make = make
        self._axes = frozenset[str]().union(*(setting.axes for setting, _ in parts))
        self._uses_seed = any(setting.uses_seed for setting, _ in parts)
        self._known: dict[object, T | None] = {}

    def at(self, point: Point, seed: int) -> T | None:
        """Return the value at a point; None once it has failed at any."""
        key = (
            tuple([(type(v), v) for axis, v in point if axis in self._axes] if self._axes else ()),
            seed if self._uses_seed else None,
        )
        if key not in self._known:
            self._known[key] = self._computed(point, seed)
        return self._known[key]

    def _computed(self, point: Point, seed: int) -> T | None:
        """Evaluate all settings, so that every mistake is found; each is said once."""
        scope = self._scopes.scope(point, seed)
        values: list[Any] = []
        failing: list[Part] = []
        for part in self._parts:
            setting, convert = part
            value = evaluate(setting.template, scope)
            if isinstance(value, Failed):
                faults = value.diagnostics
            else:
                try:
                    values.append(convert(value))
                    continue
                except WrongValue as wrong:
                    faults = (wrong.at(setting.span),)
            failing.append(part)
            for diagnostic in faults:
                self._scopes.note(diagnostic, setting, point)
        if failing:
            self._parts = tuple(part for part in self._parts if part not in failing)
            self._make = _nothing
            return None
        return self._make(values)


def _nothing(_: list[Any]) -> Any:
    return None


class _Shared:
    """What tasks of one transformation may have in common."""

    def __init__(self, scopes: _Scopes, settings: Settings, samples: Samples) -> None:
        self.seed = _Computed(scopes, _part(settings.seed, _seed), _only)
        names = [name for name, _ in settings.arguments]
        self.arguments: _Computed[Json] = _Computed(
            scopes,
            [(setting, _itself) for _, setting in settings.arguments],
            lambda values: encode_text(dict(zip(names, values, strict=True))),
        )
        self.resources = _resources(scopes, settings)
        self.threads: _Computed[int] = _Computed(scopes, _part(settings.threads, _threads), _only)
        parts, make = body_parts(settings.body, samples)
        self.body: _Computed[Carried] = _Computed(scopes, parts, make)
        self.timeout: _Computed[float] = _Computed(scopes, _part(settings.timeout, _timeout), _only)


def _part(setting: Setting | None, convert: Callable[[Value, str], Any]) -> list[Part]:
    if setting is None:
        return []
    what = setting.what
    return [(setting, lambda value: convert(value, what))]


def _only(values: list[Any]) -> Any:
    return values[0] if values else None


def _itself(value: Value) -> Value:
    return value


def _seed(value: Value, what: str) -> int:
    return expect_integer(value, what, 0, SEEDS - 1)


def _threads(value: Value, what: str) -> int:
    return expect_integer(value, what, 1, 65_536)


def _timeout(value: Value, what: str) -> float:
    return expect_duration(value, what)


def _amount(value: Value, what: str) -> float:
    return expect_number(value, what, 0)


def _gpus(value: Value, what: str) -> float:
    gpus = expect_number(value, what, 0)
    if gpus > 1 and not gpus.is_integer():
        raise WrongValue(f"{what} is {gpus:g}, but must be whole or below 1", WRONG_VALUE)
    return gpus


def _resources(scopes: _Scopes, settings: Settings) -> _Computed[Resources]:
    """Return resources to compute: 1 CPU and nothing else where the spec is silent."""
    single = {
        "cpus": _part(settings.cpus, _amount),
        "gpus": _part(settings.gpus, _gpus),
        "gpu_type": _part(settings.gpu_type, expect_text),
        "memory": _part(settings.memory, expect_memory),
    }
    labels = [part for _, s in settings.labels for part in _part(s, expect_scalar_text)]
    custom = [part for _, s in settings.custom for part in _part(s, _amount)]
    given = [name for name, part in single.items() if part]

    def make(values: list[Any]) -> Resources:
        rest = iter(values)
        plain = {name: next(rest) for name in given}
        return Resources(
            cpus=plain.get("cpus", 1.0),
            gpus=plain.get("gpus", 0.0),
            gpu_type=plain.get("gpu_type"),
            memory=plain.get("memory"),
            labels=tuple((name, next(rest)) for name, _ in settings.labels),
            custom=tuple((name, next(rest)) for name, _ in settings.custom),
        )

    plain_parts = [part for parts in single.values() for part in parts]
    return _Computed(scopes, [*plain_parts, *labels, *custom], make)


def _wires(transformation: Transformation, artifacts: Mapping[str, Grid]) -> list[Wire]:
    wires = {
        read.parameter.text: wire(read, artifacts[read.artifact.text])
        for read in reads_of(transformation)
    }
    return [wires[parameter] for parameter in sorted(wires)]
