"""What failed tasks said, with the end of what they printed."""

from __future__ import annotations

import json

from ..store.backend import Backend, StoreError
from ..store.objects import get_bytes
from ..store.records import TaskRecord
from .description import FailedTask

MOST_FAILURES = 30
"""Failed tasks that are told whole; the others are in the table of tasks."""
_LONGEST_LOG = 16 * 1024
_LONGEST_DETAIL = 32 * 1024


def describe_failures(
    backend: Backend, tasks: tuple[TaskRecord, ...]
) -> tuple[tuple[FailedTask, ...], int]:
    """Return the first failed tasks, and how many there are in all."""
    failed = [task for task in tasks if task.failure is not None and task.state == "failed"]
    return tuple(_failure(backend, task) for task in failed[:MOST_FAILURES]), len(failed)


def _failure(backend: Backend, task: TaskRecord) -> FailedTask:
    failure = json.loads(task.failure or "{}")
    log, size = _log(backend, task.log)
    detail = failure.get("detail", "")
    if len(detail) > _LONGEST_DETAIL:
        detail = f"{detail[: _LONGEST_DETAIL // 2]}\n…\n{detail[-_LONGEST_DETAIL // 2 :]}"
    return FailedTask(
        task=task.task,
        reason=failure.get("reason", ""),
        message=failure.get("message", ""),
        detail=detail,
        help=failure.get("help"),
        log=log,
        log_size=size,
    )


def _log(backend: Backend, sha256: str | None) -> tuple[str | None, int]:
    if sha256 is None:
        return "", 0
    try:
        data = get_bytes(backend, sha256)
    except StoreError:
        return None, 0
    end = data[-_LONGEST_LOG:]
    if len(end) < len(data):
        # From a whole line on.
        end = end.partition(b"\n")[2] or end
    return end.decode(errors="replace"), len(data)
