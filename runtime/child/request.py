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


class Call(TypedDict):
    """One attempt: everything that the child needs to know.

    `home`, `temporary` and `folder` (the working folder, empty) lie in the attempt's scratch
    folder, `log` too. `arguments` is JSON, decoded in the child so that identities in a pickle
    are the same every time. `seed` is below 2**31, `entropy` hexadecimal.
    """

    transformation: str
    code: str
    module: str
    function: str
    home: str
    temporary: str
    folder: str
    log: str
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
    variables: dict[str, str]


class Produced(TypedDict):
    """What became of one output: an Arrow IPC file, JSON text of metrics, or a path."""

    name: str
    how: Literal["arrow", "metrics", "path"]
    value: str


class Report(TypedDict):
    """What an attempt says of itself before it ends: outputs, or why there are none."""

    outputs: NotRequired[list[Produced]]
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
