"""What happens in a run, as it happens; progress, logs and records all derive from these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..compiler.canonical import Digest
from ..compiler.fingerprint import Fingerprint
from ..compiler.plan import TaskId

TaskState = Literal["succeeded", "reused", "failed", "skipped", "cancelled"]
RunState = Literal["succeeded", "failed", "cancelled"]
FailureReason = Literal[
    "error",
    "wrong-output",
    "input-changed",
    "contract",
    "timeout",
    "out-of-memory",
    "worker-lost",
    "infeasible",
    "store",
    "internal",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a task failed.

    `message` is a headline; `detail` the user's traceback or a report, without our own frames;
    `help` an action where there is one. `query_offset` is where in the text of a query it failed,
    in code points, where that is known.
    """

    reason: FailureReason
    message: str
    detail: str
    help: str | None
    query_offset: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedOutput:
    """One output of a task: its version's number at the task's point, and the content's digest."""

    name: str
    artifact: str
    version: int
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """A run has begun; `tasks` counts the tasks of the plan."""

    run: str
    pipeline: str
    plan: Digest
    store: str
    tasks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceIngested:
    """A source is in the store; `is_new` says that its content was not the newest version."""

    artifact: str
    point: str
    location: str
    version: int
    digest: Digest
    rows: int | None
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutorStarting:
    """The first stale task was found and an executor is being started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something worth a line of talk."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStarted:
    """An attempt has been handed to the executor."""

    task: TaskId
    attempt: int
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRetried:
    """An attempt failed and another follows after `delay` seconds."""

    task: TaskId
    attempt: int
    failure: Failure
    delay: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEnded:
    """A task has its final state in this run; `log` is the object that keeps its output.

    `cpu_seconds` and `peak_memory`, in bytes, are those of its last attempt.
    """

    task: TaskId
    state: TaskState
    fingerprint: Fingerprint | None
    attempts: int
    seconds: float
    cpu_seconds: float
    peak_memory: int
    outputs: tuple[PublishedOutput, ...]
    failure: Failure | None
    log: str | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded:
    """A run has ended."""

    run: str
    state: RunState
    seconds: float


Event = (
    RunStarted
    | SourceIngested
    | ExecutorStarting
    | Notice
    | TaskStarted
    | TaskRetried
    | TaskEnded
    | RunEnded
)
