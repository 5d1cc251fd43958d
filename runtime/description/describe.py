"""Tell a run whole, from what the store holds; what is gone is named and never fatal."""

from __future__ import annotations

from ..store import runs
from ..store.backend import Backend, StoreError
from ..store.objects import get_bytes
from ..store.records import RunStart
from .artifacts import MOST_POINTS, describe_artifacts
from .description import Artifact, Description
from .environments import describe_code, describe_environments
from .failures import describe_failures
from .parameters import describe_parameters
from .planned import in_plan_order, read_plan
from .transformations import describe_transformations


def describe(backend: Backend, run: str) -> Description:
    """Describe the run whose name begins with `run`; the store is only read.

    Raises Missing where there is no such run, StoreError where there are several, Damaged where
    its own records are.
    """
    start, tasks, end = runs.read(backend, run)
    plan, is_whole = read_plan(backend, start, tasks)
    tasks = in_plan_order(plan, tasks)
    known = {task.task: task for task in tasks}
    spec = _spec(backend, start)
    failures, failed = describe_failures(backend, tasks)
    artifacts = describe_artifacts(backend, start.pipeline, start.run, plan, tasks)
    return Description(
        start=start,
        end=end,
        seed=plan["seed"],
        parameters=describe_parameters(start.parameters, spec),
        transformations=describe_transformations(plan, known),
        artifacts=artifacts,
        tasks=tasks,
        unfinished=tuple(task["task"] for task in plan["tasks"] if task["task"] not in known),
        failures=failures,
        failed=failed,
        environments=describe_environments(start),
        code=describe_code(start),
        spec=spec,
        missing=_missing(start, artifacts, has_plan=is_whole, has_spec=spec is not None),
    )


def _spec(backend: Backend, start: RunStart) -> str | None:
    try:
        return get_bytes(backend, start.spec_object).decode("utf-8-sig", errors="replace")
    except StoreError:
        return None


def _missing(
    start: RunStart, artifacts: tuple[Artifact, ...], *, has_plan: bool, has_spec: bool
) -> tuple[str, ...]:
    found: list[str] = []
    if not has_plan:
        found.append(
            f"The plan ({start.plan_object[:12]}) is not in the store any more: tasks without a "
            "record, kinds and the seed are unknown."
        )
    if not has_spec:
        found.append(
            f"The spec's text ({start.spec_object[:12]}) is not in the store any more: "
            "declarations of parameters are unknown."
        )
    for artifact in artifacts:
        if artifact.count > MOST_POINTS:
            found.append(
                f"{artifact.name} has {artifact.count:,} points; the first {MOST_POINTS} were read."
            )
        gone = sum(one.content is None for one in artifact.made)
        if gone:
            found.append(f"{artifact.name}: {gone} of {artifact.count} version records are gone.")
    return tuple(found)
