"""What there is to tell of a run: values that a report is written from."""

from __future__ import annotations

from dataclasses import dataclass

from ...compiler.canonical import Json
from ...compiler.point import Point
from ..content import Content
from ..contracts.report import ContractReport
from ..store.records import RunEnd, RunStart, TaskRecord

Metric = tuple[str, bool | int | float | str | None]
"""A metric by its dotted path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of the run; `type` and `default` are empty where the spec cannot be read."""

    name: str
    value: Json
    type: str
    default: Json | None
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What arrives at a transformation as one parameter; `gathered` names axes that vanish."""

    parameter: str
    artifact: str
    gathered: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transformed:
    """A transformation and what became of its tasks.

    `calls` is the function, the command or the query of its first task. `states` counts tasks by
    state, `unfinished` those without a record. Times are in seconds, `peak_memory` in bytes.
    """

    name: str
    kind: str
    calls: str
    axes: tuple[str, ...]
    reads: tuple[Read, ...]
    gives: tuple[str, ...]
    tasks: int
    states: tuple[tuple[str, int], ...]
    seconds: float
    longest: float
    cpu_seconds: float
    peak_memory: int
    deterministic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The first rows of a table as text; `columns` of `width` columns are shown."""

    columns: tuple[str, ...]
    width: int
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An artifact at one point, as the run left it.

    `content` is None where its manifest is gone. `metrics`, `picture` and `preview` are None
    where there is none to show; `lacks` then says why, or is empty.
    """

    point: Point
    number: int | None
    digest: str
    content: Content | None
    contract: ContractReport | None
    reused_from: str | None
    metrics: tuple[Metric, ...] | None
    picture: bytes | None
    preview: Preview | None
    lacks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a contract asks of a metric, by dotted path."""

    path: str
    minimum: float | None
    maximum: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """An artifact and the versions that the run made, reused or took in.

    `made` holds at most a few hundred points, `count` says how many there are. `readers` are the
    transformations that read it; `producer` is empty for a source.
    """

    name: str
    kind: str
    axes: tuple[str, ...]
    producer: str
    readers: tuple[str, ...]
    source: tuple[str, ...]
    has_contract: bool
    rules: tuple[Rule, ...]
    made: tuple[Made, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedTask:
    """A failed task with what it said; `log` is the end of what it printed, None where gone."""

    task: str
    reason: str
    message: str
    detail: str
    help: str | None
    log: str | None
    log_size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentUse:
    """What was installed for some transformations."""

    digest: str
    python: str
    distributions: tuple[tuple[str, str], ...]
    transformations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeUse:
    """A file of code as it was, with the transformations that reach it; `size` is in bytes."""

    path: str
    sha256: str
    size: int
    transformations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A whole run. `unfinished` are tasks of the plan without a record. `spec` is None, and `seed`,
    where their object is gone; `missing` says what the report lacks."""

    start: RunStart
    end: RunEnd | None
    seed: int | None
    parameters: tuple[Parameter, ...]
    transformations: tuple[Transformed, ...]
    artifacts: tuple[Artifact, ...]
    tasks: tuple[TaskRecord, ...]
    unfinished: tuple[str, ...]
    failures: tuple[FailedTask, ...]
    failed: int
    environments: tuple[EnvironmentUse, ...]
    code: tuple[CodeUse, ...]
    spec: str | None
    missing: tuple[str, ...]

    @property
    def state(self) -> str:
        """How the run ended, or `running`."""
        return "running" if self.end is None else self.end.state
