"""The tasks of one transformation: its settings evaluated at every point."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..axes.grid import POINT, Grid
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
from ..expression.value import Value
from ..graph import reads_of
from ..plan import ArtifactId, Resources, Task, TaskId, TaskOutput
from ..point import point_text
from ..spec import Transformation
from .body import Carried, Part, Samples, body_parts
from .computed import At, Scopes, computed
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
    scopes = Scopes(name, grid or POINT, parameters)
    shared = _Shared(scopes, settings, {} if samples is None else samples)
    is_whole = grid is not None and settings.is_whole
    wires = _wires(transformation, artifacts) if is_whole else []
    outputs = lower_outputs(transformation)
    tasks: list[Task] = []
    for point in (grid or POINT).points:
        text = point_text(point)
        given = shared.seed(point, pipeline_seed)
        number, entropy = (
            derive_seed(pipeline_seed, name, text) if given is None else given_seed(given)
        )
        arguments = shared.arguments(point, number)
        resources = shared.resources(point, number)
        threads = shared.threads(point, number)
        timeout = shared.timeout(point, number)
        body = shared.body(point, number)
        if arguments is None or resources is None or scopes.found or not is_whole:
            continue
        assert body is not None, "what has no value was reported"
        tasks.append(
            Task(
                id=TaskId(f"{name}[{text}]" if point else name),
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


SILENT = Resources(cpus=1.0, gpus=0.0, gpu_type=None, memory=None, labels=(), custom=())
"""What a task asks for where the spec says nothing."""


class _Shared:
    """What tasks of one transformation may have in common."""

    def __init__(self, scopes: Scopes, settings: Settings, samples: Samples) -> None:
        self.seed: At[int] = computed(scopes, _part(settings.seed, _seed), _only)
        self.arguments = _arguments(scopes, settings)
        self.resources = _resources(scopes, settings)
        self.threads: At[int] = computed(scopes, _part(settings.threads, _threads), _only)
        self.timeout: At[float] = computed(scopes, _part(settings.timeout, _timeout), _only)
        self.body: At[Carried] = computed(scopes, *body_parts(settings.body, samples))


def _arguments(scopes: Scopes, settings: Settings) -> At[Json]:
    """Return the arguments to compute; each is encoded once for all points at which it is equal."""
    given = sorted(settings.arguments, key=lambda named: named[0])
    names = [f"{encode_text(name)}:" for name, _ in given]

    def make(texts: list[Json]) -> Json:
        return Json(
            "{" + ",".join([name + text for name, text in zip(names, texts, strict=True)]) + "}"
        )

    return computed(scopes, [(setting, encode_text) for _, setting in given], make)


def _part(setting: Setting | None, convert: Callable[[Value, str], Any]) -> list[Part]:
    if setting is None:
        return []
    what = setting.what
    return [(setting, lambda value: convert(value, what))]


def _only(values: list[Any]) -> Any:
    return values[0] if values else None


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


def _resources(scopes: Scopes, settings: Settings) -> At[Resources]:
    """Return resources to compute; what the spec leaves open is as in `SILENT`."""
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
        if not values:
            return SILENT
        rest = iter(values)
        plain = {name: next(rest) for name in given}
        return Resources(
            cpus=plain.get("cpus", SILENT.cpus),
            gpus=plain.get("gpus", SILENT.gpus),
            gpu_type=plain.get("gpu_type"),
            memory=plain.get("memory"),
            labels=tuple((name, next(rest)) for name, _ in settings.labels),
            custom=tuple((name, next(rest)) for name, _ in settings.custom),
        )

    plain_parts = [part for parts in single.values() for part in parts]
    return computed(scopes, [*plain_parts, *labels, *custom], make)


def _wires(transformation: Transformation, artifacts: Mapping[str, Grid]) -> list[Wire]:
    wires = {
        read.parameter.text: wire(read, artifacts[read.artifact.text])
        for read in reads_of(transformation)
    }
    return [wires[parameter] for parameter in sorted(wires)]
