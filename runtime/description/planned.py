"""The plan of a run as its record has it, or what its tasks tell of it where it is gone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ...compiler.point import parse_point
from ..store.backend import Backend, StoreError
from ..store.objects import get_bytes
from ..store.records import RunStart, TaskRecord

Planned = dict[str, Any]


def read_plan(
    backend: Backend, start: RunStart, tasks: tuple[TaskRecord, ...]
) -> tuple[Planned, bool]:
    """Return the plan as JSON, and whether it is the plan itself.

    Where its object is gone or cannot be read, it is put together from the records: tasks that
    have none, kinds, sources and the seed are then unknown.
    """
    try:
        plan: Planned = json.loads(get_bytes(backend, start.plan_object))
        return plan, True
    except (StoreError, ValueError):
        return _from_records(tasks), False


def in_plan_order(plan: Planned, tasks: tuple[TaskRecord, ...]) -> tuple[TaskRecord, ...]:
    """Put records, which come as tasks settle, into the order of the plan."""
    place = {task["task"]: index for index, task in enumerate(plan["tasks"])}
    return tuple(sorted(tasks, key=lambda task: place.get(task.task, len(place))))


def _from_records(tasks: Iterable[TaskRecord]) -> Planned:
    found: dict[str, Any] = {}
    artifacts: dict[str, Any] = {}
    listed = []
    for task in tasks:
        name, _, point = task.task.partition("[")
        axes = [axis for axis, _ in parse_point(point.removesuffix("]"))]
        found.setdefault(name, {"transformation": name, "kind": "", "axes": axes})
        for _, artifact, _, _ in task.outputs:
            artifacts[artifact] = _artifact(artifact, name, axes)
        inputs = {
            parameter: {"artifact": artifact.partition("[")[0]}
            for parameter, artifact, _ in task.inputs
        }
        for read in inputs.values():
            artifacts.setdefault(read["artifact"], _artifact(read["artifact"], None, []))
        outputs = [{"artifact": artifact} for _, artifact, _, _ in task.outputs]
        listed.append(
            {"task": task.task, "transformation": name, "inputs": inputs, "outputs": outputs}
        )
    return {
        "seed": None,
        "artifacts": [artifacts[name] for name in sorted(artifacts)],
        "sources": [],
        "transformations": [found[name] for name in sorted(found)],
        "tasks": listed,
    }


def _artifact(name: str, producer: str | None, axes: list[str]) -> Planned:
    return {"artifact": name, "kind": "", "axes": axes, "producer": producer, "contract": None}
