"""The one total order of tasks: topological, then what has the longest path below it first."""

from __future__ import annotations

from dataclasses import replace

from ..plan import Plan


def order_tasks(plan: Plan) -> Plan:
    """Sort tasks by the longest path below their transformation, then by its name.

    The tasks of one transformation come sorted by point, and stay so. What a task reads has a
    longer path below it than the task itself, so this order is topological.
    """
    heights = _heights(plan)
    ordered = sorted(heights, key=lambda name: (-heights[name], name))
    ranks = {name: rank for rank, name in enumerate(ordered)}
    tasks = sorted(plan.tasks, key=lambda task: ranks[task.transformation])
    return replace(plan, tasks=tuple(tasks))


def _heights(plan: Plan) -> dict[str, int]:
    """Return the number of transformations on the longest path below each."""
    producers = {artifact.id: artifact.producer for artifact in plan.artifacts}
    upstream: dict[str, set[str]] = {definition.name: set() for definition in plan.transformations}
    first = {task.transformation: task for task in reversed(plan.tasks)}
    for name, task in first.items():
        upstream[name] = {
            producer for read in task.inputs if (producer := producers[read.artifact]) is not None
        }
    waiting = dict.fromkeys(upstream, 0)
    for reads in upstream.values():
        for producer in reads:
            waiting[producer] += 1
    heights = dict.fromkeys(upstream, 0)
    ready = [name for name, count in waiting.items() if count == 0]
    while ready:
        name = ready.pop()
        for producer in upstream[name]:
            heights[producer] = max(heights[producer], heights[name] + 1)
            waiting[producer] -= 1
            if waiting[producer] == 0:
                ready.append(producer)
    return heights
