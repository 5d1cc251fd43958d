"""The plan: a frozen, canonical value that says everything a run needs but the bytes of sources.

Its bytes depend only on the spec, the parameters given, and the code that the spec names; never on
the machine, the folder, the clock, or the order in which equal things were written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NewType, assert_never

from .canonical import Digest, Json
from .diagnostic import Severity
from .point import Point
from .spec import ArtifactKind, ParameterType, RetryCause

TaskId = NewType("TaskId", str)
"""`fit[depth=4]`: a transformation's name and the point."""

ArtifactId = NewType("ArtifactId", str)
"""An artifact's name."""

TableForm = Literal["arrow", "pandas", "polars", "polars-lazy", "path"]
FileForm = Literal["parquet", "csv", "jsonl", "arrow"]
Scalar = None | bool | int | float | str

PLAN_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnContract:
    """One column's contract; bounds are scalars as written, temporal ones in ISO 8601 text."""

    name: str
    type: str | None
    nullable: bool
    unique: bool
    minimum: Scalar
    maximum: Scalar
    values: tuple[Scalar, ...] | None
    pattern: str | None
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsContract:
    """Least and most rows."""

    minimum: int | None
    maximum: int | None
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricContract:
    """Bounds of one metric, by dotted path."""

    path: str
    minimum: float | int | None
    maximum: float | int | None
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What every version must fulfil.

    Columns and metrics are sorted by name; `key` is in the order written.
    """

    columns: tuple[ColumnContract, ...]
    additional_columns: Literal["allow", "refuse"]
    rows: RowsContract | None
    key: tuple[str, ...]
    require: tuple[MetricContract, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """By how much a replay may differ."""

    relative: float
    absolute: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """An artifact as planned.

    `suffix` is what a path written for it ends in, dot included, or empty; `format` names how a
    table source is read (`csv`, `parquet`, `jsonl`, `arrow`) or the declared format of a file.
    """

    id: ArtifactId
    kind: ArtifactKind
    format: str | None
    suffix: str
    axes: tuple[str, ...]
    producer: str | None
    contract: Contract
    tolerance: Tolerance | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceBinding:
    """One point of an artifact that comes from outside.

    `location` is relative to the folder of the spec; `span` is where the spec says so, for errors
    found at ingest.
    """

    artifact: ArtifactId
    point: Point
    location: str
    sha256: str | None
    span: tuple[int, int] | None = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFile:
    """A file that a transformation's code is in.

    `path` is relative to the code folder, with `/`. `digest` is of what counts of a Python module
    (scheme `reach1`), of the bytes else; None where the module is imported and nothing in it
    counts. `definitions` are the names of a module that count, sorted; `whole` is why all of them
    do, where that is so.
    """

    path: str
    digest: Digest | None
    definitions: tuple[str, ...]
    whole: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What a transformation's code can reach.

    `imports` are the top-level modules outside the project and the standard library, sorted.
    `modules` are what the import statements name of them, `sklearn.metrics` say, sorted.
    `required` are those of `imports` that are surely imported when the function's module is: at the
    top of a module that is itself surely imported, in no function, under no condition, and in no
    `try` that catches its failure.
    """

    digest: Digest
    files: tuple[CodeFile, ...]
    imports: tuple[str, ...]
    modules: tuple[str, ...]
    required: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCall:
    """How a function is called, read from its signature; `entry_point` is `module:function`.

    `tables`: parameter → form in which a table arrives there (gathered tables and metrics
    included), sorted. `written`: outputs that the function writes to a path it receives as a
    parameter of that name. `returned`: the other outputs, in the order of the `outputs` list or
    sorted where it is a mapping. `receives_seed`, `receives_rng`: it has such a parameter and no
    argument or input gives it.
    """

    entry_point: str
    tables: tuple[tuple[str, TableForm], ...]
    written: tuple[str, ...]
    returned: tuple[str, ...]
    returns: Literal["nothing", "one", "tuple", "mapping"]
    receives_seed: bool
    receives_rng: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandCall:
    """How the files of a command are laid out: the format of each table that it reads or writes.

    `inputs` also holds gathered tables and gathered metrics, which arrive as one file. Both are
    sorted. `gathered_paths` are the parameters at which a folder with an entry per point arrives.
    """

    inputs: tuple[tuple[str, FileForm], ...]
    outputs: tuple[tuple[str, FileForm], ...]
    gathered_paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryCall:
    """A query over its inputs by name; `output` is the one table that it makes.

    `file` is the query's file, relative to the code folder, where it has one; it is then in the
    code's files and is not interpolated.
    """

    output: str
    file: str | None


Call = FunctionCall | CommandCall | QueryCall


def forms_of(call: Call) -> dict[str, TableForm | FileForm]:
    """Return the form in which a table arrives at each parameter, gathered ones included."""
    match call:
        case FunctionCall():
            return dict(call.tables)
        case CommandCall():
            return dict(call.inputs)
        case QueryCall():
            return {}
        case _:
            assert_never(call)


@dataclass(frozen=True, slots=True, kw_only=True)
class PathReference:
    """A path that is known only where the task runs: of an input, of an output, or of the JSON
    file that holds the arguments (`name` is empty then)."""

    of: Literal["input", "output", "arguments"]
    name: str


Word = tuple[str | PathReference, ...]
"""A word of a command: text and paths, joined without anything between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What one task runs.

    Without `shell`, `words` are the arguments of one program. With it there is one word, a text
    for `/bin/sh -eu -c`: values stand in it quoted already, paths are quoted when they are known.
    """

    words: tuple[Word, ...]
    shell: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Variables of a transformation's environment; `passed` are let through from the host."""

    name: str
    variables: tuple[tuple[str, str], ...]
    passed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """At most `attempts` attempts in all, after `causes`, `backoff` seconds apart (doubling)."""

    attempts: int
    causes: tuple[RetryCause, ...]
    backoff: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OnOutOfMemory:
    """The next attempt asks for `factor` times the memory or `memory` bytes, at most `maximum`."""

    factor: float | None
    memory: int | None
    maximum: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transformation:
    """What the tasks of one transformation share."""

    name: str
    kind: Literal["python", "command", "sql"]
    code: Code
    call: Call
    axes: tuple[str, ...]
    environment: Environment
    numerics: Literal["deterministic", "fast"]
    isolation: Literal["process"]
    preload: tuple[str, ...]
    retries: Retries
    on_out_of_memory: OnOutOfMemory | None
    deterministic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What a task asks of a machine: `memory` in bytes, `gpus` whole or below 1."""

    cpus: float
    gpus: float
    gpu_type: str | None
    memory: int | None
    labels: tuple[tuple[str, str], ...]
    custom: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskInput:
    """What arrives as one parameter.

    A plain input has one point and `gathered` is None. A gathered one has all points that fit
    the task, sorted, and `gathered` names the axes that vanish.
    """

    parameter: str
    artifact: ArtifactId
    points: tuple[Point, ...]
    gathered: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOutput:
    """One output and the artifact it becomes, at the task's point."""

    name: str
    artifact: ArtifactId


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One transformation at one point.

    `seed` is below 2**31; `entropy` is a non-negative integer in hexadecimal, all 256 bits of the
    derived seed or the seed itself where the spec gives it. `arguments` is a canonical mapping.
    `timeout` is in seconds. `command` is what a command's task runs, `query` the text of a query's.
    """

    id: TaskId
    transformation: str
    point: Point
    seed: int
    entropy: str
    arguments: Json
    inputs: tuple[TaskInput, ...]
    outputs: tuple[TaskOutput, ...]
    resources: Resources
    threads: int
    timeout: float | None
    command: Command | None
    query: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterValue:
    """A parameter's value in this plan."""

    name: str
    type: ParameterType
    value: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole plan; `tasks` in the one total order, everything else sorted by name and point."""

    format: int
    language: int
    pipeline: str
    seed: int
    parameters: tuple[ParameterValue, ...]
    artifacts: tuple[Artifact, ...]
    sources: tuple[SourceBinding, ...]
    transformations: tuple[Transformation, ...]
    tasks: tuple[Task, ...]
