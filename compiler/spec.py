"""The spec: what a pipeline file declares, as frozen nouns, names not yet resolved.

Values that may hold expressions stay document nodes until points are known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .diagnostic import Severity
from .document import Node
from .source import Span

ArtifactKind = Literal["table", "checkpoint", "metrics", "figure", "file", "directory"]
ParameterType = Literal["boolean", "integer", "number", "string", "list", "mapping"]
RetryCause = Literal["worker-lost", "out-of-memory", "timeout", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A word of the spec and its place."""

    text: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter; without a default it must be given."""

    name: Name
    type: ParameterType
    default: Node | None
    minimum: Node | None
    maximum: Node | None
    values: Node | None
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One axis of a matrix: a list of scalars, a mapping from labels, or an expression for one."""

    name: Name
    values: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Own axes, with whole points added and partial points removed."""

    axes: tuple[Axis, ...]
    include: Node | None
    exclude: Node | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a column of a table must hold; `type` is canonical (`compiler/columns.py`)."""

    name: Name
    type: str | None
    nullable: bool
    unique: bool
    minimum: Node | None
    maximum: Node | None
    values: Node | None
    pattern: Name | None
    description: str
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """How many rows a table must have."""

    minimum: Node | None
    maximum: Node | None
    severity: Severity
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """Bounds of one metric, by dotted path."""

    path: Name
    minimum: Node | None
    maximum: Node | None
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """By how much a replay may differ."""

    relative: Node | None
    absolute: Node | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What every version of an artifact must fulfil."""

    columns: tuple[Column, ...]
    additional_columns: Literal["allow", "refuse"]
    rows: Rows | None
    key: tuple[Name, ...]
    require: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactSource:
    """Where an artifact comes from when nothing makes it; `location` may hold expressions."""

    location: Node
    sha256: Name | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A noun: immutable, versioned."""

    name: Name
    kind: ArtifactKind
    format: Name | None
    source: ArtifactSource | None
    matrix: Matrix | None
    contract: Contract
    tolerance: Tolerance | None
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What a transformation runs in: variables set, variables of the host let through."""

    name: Name
    variables: tuple[tuple[Name, Node], ...]
    passed: tuple[Name, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """An artifact that arrives as a parameter; `at` picks values of axes, `form` is its `as`."""

    parameter: Name
    artifact: Name
    at: tuple[tuple[Name, Node], ...]
    form: Name | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gather:
    """All points of an artifact at once, over all its axes or those named."""

    parameter: Name
    artifact: Name
    over: tuple[Name, ...] | None
    form: Name | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """An artifact that is made; `form` is its `as`."""

    name: Name
    artifact: Name
    form: Name | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """`python:`, an entry point."""

    entry_point: Name

    @property
    def span(self) -> Span:
        """Where the function is named."""
        return self.entry_point.span


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    """`command:`: with `is_shell` one text for a shell, else the words of one program."""

    words: tuple[Node, ...]
    is_shell: bool
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """`sql:`: one query, as text that may hold expressions, or in a file."""

    text: Node | None
    file: Name | None
    span: Span = field(compare=False)


Body = Function | CommandLine | Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What a task asks of a machine; every value may be an expression."""

    cpus: Node | None
    gpus: Node | None
    gpu_type: Node | None
    memory: Node | None
    labels: tuple[tuple[Name, Node], ...]
    custom: tuple[tuple[Name, Node], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How often a failed attempt is made again, after what, and how long later."""

    attempts: int | None
    causes: tuple[RetryCause, ...] | None
    backoff: Name | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnOutOfMemory:
    """What the attempt after one without enough memory asks for."""

    memory: Name
    maximum: Name | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transformation:
    """A verb: a pure function from artifacts to artifacts."""

    name: Name
    description: str
    body: Body
    inputs: tuple[Input, ...]
    gather: tuple[Gather, ...]
    outputs: tuple[Output, ...]
    outputs_by_name: bool
    arguments: tuple[tuple[Name, Node], ...]
    matrix: Matrix | None
    environment: Name | None
    resources: Resources
    threads: Node | None
    seed: Node | None
    numerics: Literal["deterministic", "fast"]
    preload: tuple[Name, ...] | None
    timeout: Node | None
    retries: Retries | None
    on_out_of_memory: OnOutOfMemory | None
    code: tuple[Name, ...]
    deterministic: bool
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """A whole pipeline file.

    Items whose shape is wrong are left out; their names stand in `broken`, so that what refers
    to them is not called unknown.
    """

    name: Name
    description: str
    seed: int
    code: Name | None
    parameters: tuple[Parameter, ...]
    environments: tuple[Environment, ...]
    artifacts: tuple[Artifact, ...]
    transformations: tuple[Transformation, ...]
    broken: frozenset[str]
    span: Span = field(compare=False)
