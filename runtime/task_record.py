"""The record of a settled task, from whatever settled it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..compiler.canonical import Json, encode_text
from ..compiler.plan import Task
from .clock import now_text
from .content import Content
from .events import Failure, TaskState
from .executor import Outcome
from .made_from import read_inputs
from .store.records import TaskRecord

if TYPE_CHECKING:
    from .binding import ArtifactPoint, Identity
    from .reuse import Reused


def record_of(
    task: Task,
    state: TaskState,
    *,
    identity: Identity | None,
    contents: Mapping[ArtifactPoint, Content],
    reused: Reused | None,
    outcome: Outcome | None,
    failure: Failure | None,
) -> TaskRecord:
    """Return the record; `contents` holds what the task read, where it got so far."""
    known = reused or outcome
    return TaskRecord(
        task=task.id,
        state=state,
        fingerprint=None if identity is None else identity.fingerprint,
        attempts=0 if outcome is None else outcome.attempt,
        seconds=0.0 if outcome is None else round(outcome.seconds, 6),
        cpu_seconds=0.0 if outcome is None else round(outcome.cpu_seconds, 6),
        peak_memory=0 if outcome is None else outcome.peak_memory,
        # Records are made when a task settles.
        started=now_text(ago=0.0 if outcome is None else outcome.seconds),
        host="" if outcome is None else outcome.host,
        inputs=() if identity is None else read_inputs(task, contents),
        outputs=()
        if known is None
        else tuple((o.name, o.artifact, o.version, o.digest) for o in known.outputs),
        failure=None if failure is None else failure_record(failure),
        log=outcome.log if outcome else reused.record.log if reused else None,
        warnings=() if known is None else known.warnings,
        reused_from=None if reused is None else reused.record.run,
    )


def failure_record(failure: Failure) -> Json:
    """Return a failure as canonical JSON."""
    return encode_text(
        {
            "reason": failure.reason,
            "message": failure.message,
            "detail": failure.detail,
            "help": failure.help,
            "query_offset": failure.query_offset,
        }
    )
