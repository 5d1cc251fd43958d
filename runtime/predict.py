"""What a run would do, without doing it: which tasks run, are reused, or depend on what comes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from ..compiler.canonical import encode_text
from ..compiler.plan import Task, TaskId
from .binding import ArtifactPoint, BoundRun, Identity, identify
from .content import Content
from .reuse import reuse_task
from .store import reuse, versions
from .store.backend import Backend


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A component of an identity that is not what it was; canonical JSON, None where absent."""

    component: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What would happen to a task.

    `run`: it surely runs; `reuse`: it surely does not; `depends`: something above it runs first
    and may give what was there before. `upstream` names what it depends on. `refusal` says that
    it would fail, since a contract of today refuses what it gave.
    """

    task: TaskId
    decision: Literal["run", "reuse", "depends"]
    because: tuple[Change, ...]
    upstream: tuple[TaskId, ...]
    refusal: str | None


def predict(bound: BoundRun, backend: Backend, *, is_new: bool) -> tuple[Decision, ...]:
    """Decide for every task in plan order; nothing runs.

    What is reused is published as in a run: give an overlay where nothing may be written.
    `is_new` says that nothing has ever run against this store.
    Raises StoreError.
    """
    contents: dict[ArtifactPoint, Content] = dict(bound.sources)
    unknown: dict[ArtifactPoint, TaskId] = {}
    found: list[Decision] = []
    for task in bound.plan.tasks:
        decision = _decide(bound, backend, task, contents, unknown, is_new=is_new)
        if decision.decision != "reuse" or decision.refusal is not None:
            unknown.update({(output.artifact, task.point): task.id for output in task.outputs})
        found.append(decision)
    return tuple(found)


def _decide(
    bound: BoundRun,
    backend: Backend,
    task: Task,
    contents: dict[ArtifactPoint, Content],
    unknown: dict[ArtifactPoint, TaskId],
    *,
    is_new: bool,
) -> Decision:
    wanted = [(one.artifact, point) for one in task.inputs for point in one.points]
    upstream = tuple(dict.fromkeys(unknown[key] for key in wanted if key in unknown))
    if upstream:
        # Where nothing was ever recorded, whatever comes from above is new.
        certain: Literal["run", "depends"] = "run" if is_new else "depends"
        return Decision(task=task.id, decision=certain, because=(), upstream=upstream, refusal=None)
    identity = identify(bound, task, contents)
    reused = reuse_task(backend, bound, task, identity)
    if reused is None:
        because = changes(backend, bound, task, identity)
        return Decision(task=task.id, decision="run", because=because, upstream=(), refusal=None)
    outputs = dict(reused.record.outputs)
    for output in task.outputs:
        contents[output.artifact, task.point] = outputs[output.name]
    refusal = None if reused.failure is None else reused.failure.message
    return Decision(task=task.id, decision="reuse", because=(), upstream=(), refusal=refusal)


def changes(
    backend: Backend, bound: BoundRun, task: Task, identity: Identity
) -> tuple[Change, ...]:
    """Compare a task's identity with that of its newest version; empty where there is none, or
    where only objects are missing."""
    former = _former_identity(backend, bound, task)
    if former is None:
        return ()
    old = json.loads(former)
    new = json.loads(identity.components)
    return tuple(
        Change(component=name, old=_shown(old, name), new=_shown(new, name))
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    )


def _shown(parts: dict[str, object], name: str) -> str | None:
    if name not in parts:
        return None
    return encode_text(parts[name])  # type: ignore[arg-type]


def _former_identity(backend: Backend, bound: BoundRun, task: Task) -> str | None:
    for output in task.outputs:
        newest = versions.newest(backend, bound.plan.pipeline, output.artifact, task.point)
        if newest is not None and newest.fingerprint is not None:
            record = reuse.latest(backend, newest.fingerprint)
            if record is not None:
                return record.identity
    return None
