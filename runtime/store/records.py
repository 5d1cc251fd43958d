"""What the store keeps beside bytes: versions, reuse records, and the records of runs."""

from __future__ import annotations

from dataclasses import dataclass

from ...compiler.canonical import Digest, Json
from ...compiler.fingerprint import Fingerprint
from ...compiler.point import Point
from ..content import Content
from ..contracts.report import ContractReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version manifest: the numbered content of an artifact at a point.

    `number` counts from 1 per pipeline, artifact and point, without gaps. `task` is empty for a
    source. `fingerprint` is that of the task, or of the ingest. `reused_from` names the run that
    made the content where this run did not. `created` is UTC in ISO 8601, for people; nothing
    compares it across hosts. `inputs` are (parameter, artifact with its point, digest); None where
    they are many, or were not recorded: then the run's record has them. `location` is that of a
    source, as its spec wrote it.
    """

    pipeline: str
    artifact: str
    point: Point
    number: int
    content: Content
    run: str
    task: str
    fingerprint: Fingerprint
    reused_from: str | None
    contract: ContractReport | None
    created: str
    nonce: str
    inputs: tuple[tuple[str, str, str], ...] | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TagTarget:
    """The version that a tag names at a point."""

    point: Point
    number: int
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class TagMove:
    """What a tag names from this move on: a version at each of some points; none where removed.

    `number` counts the moves of the tag from 1. `created` and `host` say when and where, for
    people; `note` is what whoever moved it had to say.
    """

    pipeline: str
    artifact: str
    tag: str
    number: int
    targets: tuple[TagTarget, ...]
    created: str
    host: str
    note: str | None
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReuseRecord:
    """What a fingerprint gave: the contents by output name, sorted.

    `identity` is the canonical JSON of the fingerprint's components, so that `why` can compare.
    """

    fingerprint: Fingerprint
    identity: Json
    outputs: tuple[tuple[str, Content], ...]
    log: str | None
    run: str
    task: str
    seconds: float
    created: str
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStart:
    """The first record of a run; all `Json` fields are canonical.

    `plan`, `spec` and `code` are objects: the plan's bytes, the text of the spec file, and one
    snapshot a transformation. `process` tells the process that runs it from all others, if the
    system can.
    """

    run: str
    pipeline: str
    plan: Digest
    plan_object: str
    spec_object: str
    parameters: Json
    code: tuple[tuple[str, Content], ...]
    environments: Json
    command: tuple[str, ...]
    started: str
    host: str
    process: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRecord:
    """What became of one task in one run; `outputs` are (name, artifact, number, digest)."""

    task: str
    state: str
    fingerprint: str | None
    attempts: int
    seconds: float
    cpu_seconds: float
    peak_memory: int
    started: str
    host: str
    inputs: tuple[tuple[str, str, str], ...]
    outputs: tuple[tuple[str, str, int, str], ...]
    failure: Json | None
    log: str | None
    warnings: tuple[str, ...]
    reused_from: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnd:
    """The last record of a run; a run without one was killed or is under way."""

    run: str
    state: str
    seconds: float
    counts: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """A run as a list shows it; `state` is `running` where there is no end record."""

    run: str
    pipeline: str
    state: str
    started: str
    seconds: float | None
    counts: Json
