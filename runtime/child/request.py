"""The messages between worker and child: what an attempt is asked, and what it answers."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

AxisKey = bool | int | float | str
Form = Literal["arrow", "pandas", "polars", "polars-lazy", "path"]
Returns = Literal["nothing", "one", "tuple", "mapping"]
Kind = Literal["table", "checkpoint", "metrics", "figure", "file", "directory"]
Reason = Literal["error", "wrong-output", "out-of-memory"]


class TableInput(TypedDict):
    """A table: `path` is an Arrow IPC file, or for the form `path` a folder of Parquet."""

    how: Literal["table"]
    parameter: str
    form: Form
    path: str


class MetricsInput(TypedDict):
    """Metrics: `text` is their JSON."""

    how: Literal["metrics"]
    parameter: str
    text: str


class PathInput(TypedDict):
    """A file or a folder."""

    how: Literal["path"]
    parameter: str
    path: str


class PathsInput(TypedDict):
    """A file or folder per point: the values of the gathered axes, and a path."""

    how: Literal["paths"]
    parameter: str
    points: list[tuple[list[AxisKey], str]]


InputRequest = TableInput | MetricsInput | PathInput | PathsInput


class OutputRequest(TypedDict):
    """One output: `path` is where it is written, by the function or from what it returns."""

    name: str
    kind: Kind
    path: str


class Attempt(TypedDict):
    """What every attempt has: `home`, `temporary`, `folder` (the working folder) and `log` lie in
    its scratch folder. `variables` come on top of those of the process that serves it."""

    transformation: str
    home: str
    temporary: str
    folder: str
    log: str
    variables: dict[str, str]


class Call(Attempt):
    """A call of a function; the working folder is empty.

    `arguments` is JSON, decoded in the child so that identities in a pickle are the same every
    time. `seed` is below 2**31, `entropy` hexadecimal.
    """

    how: Literal["function"]
    code: str
    module: str
    function: str
    arguments: str
    inputs: list[InputRequest]
    outputs: list[OutputRequest]
    written: list[str]
    returned: list[str]
    returns: Returns
    seed: int
    entropy: str
    receives_seed: bool
    receives_rng: bool
    deterministic: bool
    threads: int


class CommandCall(Attempt):
    """A program and its arguments, run in the working folder."""

    how: Literal["command"]
    words: list[str]


class QueryCall(Attempt):
    """A query over `inputs`; `result` is where the Arrow IPC file of `output` goes.

    `memory` is in bytes, `seed` below 2**31.
    """

    how: Literal["query"]
    query: str
    inputs: list[TableInput]
    output: str
    result: str
    seed: int
    threads: int
    memory: int | None


AnyCall = Call | CommandCall | QueryCall


class Produced(TypedDict):
    """What became of one output: an Arrow IPC file, JSON text of metrics, a path, or the file of
    a table in the form that a command was asked for."""

    name: str
    how: Literal["arrow", "metrics", "path", "table"]
    value: str


class Exit(TypedDict):
    """How a program ended: its exit status or the signal that killed it, or else the number of
    the system's error that kept it from starting."""

    status: int | None
    signal: int | None
    error: int | None


class Report(TypedDict):
    """What an attempt says of itself before it ends: outputs, or why there are none.

    A command says how its program ended. `offset`, in code points, is where in a query it failed.
    """

    outputs: NotRequired[list[Produced]]
    exit: NotRequired[Exit]
    offset: NotRequired[int | None]
    reason: NotRequired[Reason]
    message: NotRequired[str]
    detail: NotRequired[str]
    help: NotRequired[str | None]


class Ending(TypedDict):
    """How an attempt ended.

    `status` is its exit status or None, `signal` what killed it or None, `cpu` seconds with all
    its processes, `peak` bytes of the largest, `left` how many processes it left running.
    `killed` says that it was killed on request.
    """

    status: int | None
    signal: int | None
    cpu: float
    peak: int
    left: int
    killed: bool
    report: Report | None
