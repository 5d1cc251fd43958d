"""Transformations: functions, commands and queries from artifacts to artifacts."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Required

from pydantic import ConfigDict, Field, Tag, with_config
from typing_extensions import TypedDict

from .matrix import Matrix
from .shape import LIST, MAPPING, TEXT, by_shape
from .words import (
    Amount,
    AnyText,
    Attempts,
    AxisName,
    CommandWord,
    Distinct,
    Duration,
    EntryPoint,
    ItemName,
    LiteralDuration,
    LiteralMemory,
    LiteralScalar,
    Memory,
    ModuleName,
    NextMemory,
    ParameterName,
    SomeText,
    TaskSeed,
    Threads,
)

# `as` is a word of Python, hence the alias.
FileForm = Annotated[
    Literal["parquet", "csv", "jsonl", "arrow"],
    Field(
        alias="as",
        description="The format of the file that a command reads or writes; default parquet.",
    ),
]


@with_config(ConfigDict(extra="forbid", strict=True, title="input"))
class LongInput(TypedDict, total=False):
    """An artifact at given values of its axes."""

    artifact: Required[Annotated[ItemName, Field(description="The artifact that is read.")]]
    at: Annotated[
        dict[AxisName, LiteralScalar],
        Field(description="Literal values of axes; these axes are gone from the transformation."),
    ]
    as_: FileForm


@with_config(ConfigDict(extra="forbid", strict=True, title="gathered input"))
class LongGather(TypedDict, total=False):
    """All points of an artifact along some axes."""

    artifact: Required[Annotated[ItemName, Field(description="The artifact that is gathered.")]]
    over: Annotated[
        list[AxisName],
        Field(description="The axes that are gathered; default: all.", min_length=1),
        Distinct(),
    ]
    as_: FileForm


@with_config(ConfigDict(extra="forbid", strict=True, title="output"))
class LongOutput(TypedDict, total=False):
    """An artifact that a command writes as a file of some format."""

    artifact: Required[Annotated[ItemName, Field(description="The artifact that is made.")]]
    as_: FileForm


@with_config(ConfigDict(extra="forbid", strict=True, title="query"))
class QueryFile(TypedDict, total=False):
    """A query in a file of its own."""

    file: Required[
        Annotated[SomeText, Field(description="A file of SQL, relative to the code folder.")]
    ]


Input = Annotated[
    Annotated[ItemName, Tag(TEXT)] | Annotated[LongInput, Tag(MAPPING)],
    by_shape("the name of an artifact, or `{artifact, at, as}`"),
]
Inputs = Annotated[
    Annotated[list[Input], Distinct(), Tag(LIST)]
    | Annotated[dict[ParameterName, Input], Tag(MAPPING)],
    by_shape("a list of artifacts, or a mapping from parameters to artifacts"),
]
Gathered = Annotated[
    Annotated[ItemName, Tag(TEXT)] | Annotated[LongGather, Tag(MAPPING)],
    by_shape("the name of an artifact, or `{artifact, over, as}`"),
]
Output = Annotated[
    Annotated[ItemName, Tag(TEXT)] | Annotated[LongOutput, Tag(MAPPING)],
    by_shape("the name of an artifact, or `{artifact, as}`"),
]
Outputs = Annotated[
    Annotated[list[Output], Field(min_length=1), Distinct(), Tag(LIST)]
    | Annotated[dict[ParameterName, Output], Field(min_length=1), Tag(MAPPING)],
    by_shape("a list of artifacts, or a mapping from names to artifacts"),
]
Command = Annotated[
    Annotated[SomeText, Tag(TEXT)] | Annotated[list[CommandWord], Field(min_length=1), Tag(LIST)],
    by_shape("a text for the shell, or a list of words"),
]
Query = Annotated[
    Annotated[SomeText, Tag(TEXT)] | Annotated[QueryFile, Tag(MAPPING)],
    by_shape("a query, or `{file: PATH}`"),
]


@with_config(ConfigDict(extra="forbid", strict=True, title="resources"))
class Resources(TypedDict, total=False):
    """What a task asks of a machine; never part of its identity."""

    cpus: Annotated[Amount, Field(description="CPU cores; default 1.")]
    gpus: Annotated[Amount, Field(description="GPUs, whole or a fraction below 1; default 0.")]
    gpu_type: Annotated[SomeText, Field(description="The accelerator's type, as Ray names it.")]
    memory: Annotated[Memory, Field(description="Memory: `512MiB`, `4GB`.")]
    labels: Annotated[
        dict[SomeText, SomeText], Field(description="Labels that the machine must have.")
    ]
    custom: Annotated[
        dict[SomeText, Amount], Field(description="Amounts of custom resources, by name.")
    ]


@with_config(ConfigDict(extra="forbid", strict=True, title="retries"))
class Retries(TypedDict, total=False):
    """How often a failed attempt is made again."""

    attempts: Annotated[Attempts, Field(description="Attempts in all.")]
    on: Annotated[
        list[Literal["worker-lost", "out-of-memory", "timeout", "error"]],
        Field(description="The failures after which another attempt is made."),
        Distinct(),
    ]
    backoff: Annotated[LiteralDuration, Field(description="The wait before the next attempt.")]


@with_config(ConfigDict(extra="forbid", strict=True, title="on_out_of_memory"))
class OnOutOfMemory(TypedDict, total=False):
    """What the attempt after one without enough memory asks for."""

    memory: Required[
        Annotated[NextMemory, Field(description="A factor such as `2x`, or an amount.")]
    ]
    maximum: Annotated[LiteralMemory, Field(description="The most it may ask for.")]


@with_config(ConfigDict(extra="forbid", strict=True, title="transformation"))
class Transformation(TypedDict, total=False):
    """A pure function from artifacts to artifacts: one of `python`, `command` and `sql`."""

    python: Annotated[EntryPoint, Field(description="The function: `package.module:function`.")]
    command: Annotated[
        Command,
        Field(
            description="A program with its words, or a text for `/bin/sh -eu -c`. "
            "`${inputs.NAME}` and `${outputs.NAME}` are paths."
        ),
    ]
    sql: Annotated[
        Query, Field(description="One query over the inputs by name, or `{file: PATH}`.")
    ]
    description: Annotated[AnyText, Field(description="What it does, for people.")]
    inputs: Annotated[
        Inputs, Field(description="Artifacts it reads: a list, or parameter → artifact.")
    ]
    gather: Annotated[
        dict[ParameterName, Gathered],
        Field(description="Parameter → artifact whose points all arrive at once."),
    ]
    outputs: Required[
        Annotated[Outputs, Field(description="Artifacts it makes: a list, or name → artifact.")]
    ]
    arguments: Annotated[
        dict[ParameterName, Any],
        Field(description="Parameter → value; may hold expressions `${…}`."),
    ]
    matrix: Annotated[Matrix, Field(description="Axes: it runs once for each point.")]
    environment: Annotated[ItemName, Field(description="The name of an environment.")]
    resources: Annotated[Resources, Field(description="What each of its tasks asks for.")]
    threads: Annotated[Threads, Field(description="Numeric threads in a task; default 1.")]
    seed: Annotated[
        TaskSeed, Field(description="The seed of each task; default: derived from its name.")
    ]
    isolation: Annotated[
        Literal["process"], Field(description="`process`: a new process for each attempt.")
    ]
    numerics: Annotated[
        Literal["deterministic", "fast"],
        Field(description="Flags of numeric libraries; default deterministic."),
    ]
    preload: Annotated[
        list[ModuleName],
        Field(description="Third-party modules to import once, before tasks begin."),
        Distinct(),
    ]
    timeout: Annotated[Duration, Field(description="The longest an attempt may take: `10m`.")]
    retries: Annotated[Retries, Field(description="When a failed attempt is made again.")]
    on_out_of_memory: Annotated[
        OnOutOfMemory, Field(description="What the attempt after one without memory asks for.")
    ]
    code: Annotated[
        list[SomeText],
        Field(description="Globs of further files that decide its identity."),
        Distinct(),
    ]
    deterministic: Annotated[
        bool, Field(description="`false`: its author knows that its results vary.")
    ]
