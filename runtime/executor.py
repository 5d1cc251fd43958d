"""The protocol between the loop that runs a plan and whatever executes tasks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from ..compiler.canonical import Json
from ..compiler.fingerprint import Fingerprint
from ..compiler.plan import (
    Artifact,
    ArtifactId,
    Command,
    FileForm,
    Resources,
    TableForm,
    TaskId,
    Transformation,
)
from ..compiler.point import Point
from .content import Content
from .events import Failure, PublishedOutput
from .worker.server_key import ServerKey


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundInput:
    """The content behind one parameter.

    `contents` are in the order of their points. `gathered` names the axes that vanish, or is None
    for a plain input, which has one content. `form` is set for tables and for gathered metrics.
    """

    parameter: str
    artifact: Artifact
    contents: tuple[tuple[Point, Content], ...]
    gathered: tuple[str, ...] | None
    form: TableForm | FileForm | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundOutput:
    """One output and the artifact it becomes."""

    name: str
    artifact: Artifact


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundEnvironment:
    """Where user code runs: the interpreter, variables set, and variables let through by name."""

    digest: str
    python: str
    variables: tuple[tuple[str, str], ...]
    passed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One attempt at one task, with everything a worker needs; plain values throughout.

    `identity` is the task's fingerprint components as canonical JSON, kept with the reuse record.
    `store` is the store's URL. `code` is the snapshot of the code, a folder. `timeout` is in
    seconds. `command` is set for a command, `query` for a query. `repair` says that an object of
    the outputs was found damaged: whatever lies in the store under the digest of an output is
    written again.
    """

    run: str
    pipeline: str
    task: TaskId
    attempt: int
    fingerprint: Fingerprint
    identity: Json
    store: str
    definition: Transformation
    code: Content
    environment: BoundEnvironment
    point: Point
    seed: int
    entropy: str
    arguments: Json
    inputs: tuple[BoundInput, ...]
    outputs: tuple[BoundOutput, ...]
    resources: Resources
    threads: int
    timeout: float | None
    command: Command | None
    query: str | None
    repair: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one attempt.

    `contents` and `outputs` are by output name, sorted, and empty unless it succeeded. Times are
    in seconds, `peak_memory` in bytes; `log` is the object that keeps what the code printed.
    `unreadable` names the inputs that the store no longer holds whole: it failed for want of them
    and nothing ran.
    """

    task: TaskId
    attempt: int
    state: Literal["succeeded", "failed"]
    contents: tuple[tuple[str, Content], ...]
    outputs: tuple[PublishedOutput, ...]
    failure: Failure | None
    warnings: tuple[str, ...]
    log: str | None
    host: str
    seconds: float
    cpu_seconds: float
    peak_memory: int
    unreadable: tuple[tuple[ArtifactId, Point], ...]


class Executor(Protocol):
    """Runs attempts. Every method is called from one thread."""

    @property
    def room(self) -> int:
        """How many more attempts it takes before it wants to be waited for; at least 0."""
        ...

    def infeasible(self, resources: Resources) -> str | None:
        """Say in words why no node can ever hold such a task, or None where one can."""
        ...

    def start(self, assignment: Assignment) -> None:
        """Take an attempt. Attempts start in the order in which they were taken."""
        ...

    def wait(self, timeout: float | None) -> list[Outcome]:
        """Block until an attempt has ended, or for `timeout` seconds; return those that ended.

        Never raises for what a task did: a worker that was lost is an outcome.
        """
        ...

    def close(self) -> None:
        """End every attempt under way and every process that was started; safe to call twice."""
        ...


OpenExecutor = Callable[[tuple[ServerKey, ...]], Executor]
"""Opens an executor, which may make ready the servers that tasks will want on its own machine."""
