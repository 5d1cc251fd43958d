"""The artifacts of a run with their versions, and of each what can be shown."""

from __future__ import annotations

from typing import Any

from ...compiler.point import Point, parse_point, point_of
from ..store import versions
from ..store.backend import Backend, StoreError
from ..store.records import TaskRecord, Version
from ..store.sealed import NewerFormat
from .contents import Showing, Shown
from .contract import agreed_report
from .description import Artifact, Made, Rule
from .planned import Planned

MOST_POINTS = 500
"""Points of an artifact that are looked up; a report of more is read by nobody."""
_DEEPEST_SEARCH = 200

Outcome = tuple[Point, int | None, str]
"""A point, the number of its version where known, and its digest."""


def describe_artifacts(
    backend: Backend, pipeline: str, run: str, plan: Planned, tasks: tuple[TaskRecord, ...]
) -> tuple[Artifact, ...]:
    """Return every artifact of the plan, sorted by name, with what the run left at each point."""
    made = _outcomes(plan, tasks)
    readers: dict[str, dict[str, None]] = {}
    for task in plan["tasks"]:
        for read in task["inputs"].values():
            readers.setdefault(read["artifact"], {})[task["transformation"]] = None
    sources: dict[str, list[str]] = {}
    for source in plan["sources"]:
        sources.setdefault(source["artifact"], []).append(source["location"])
    showing = Showing(backend)
    return tuple(
        _artifact(
            backend,
            pipeline,
            run,
            one,
            outcomes=made.get(one["artifact"], []),
            readers=tuple(readers.get(one["artifact"], ())),
            source=tuple(sources.get(one["artifact"], ())),
            showing=showing,
        )
        for one in plan["artifacts"]
    )


def _outcomes(plan: Planned, tasks: tuple[TaskRecord, ...]) -> dict[str, list[Outcome]]:
    """Return what became of each artifact: of outputs by the tasks, of sources by their readers."""
    points = {task["task"]: _point_of(task) for task in plan["tasks"]}
    found: dict[str, dict[Point, Outcome]] = {}
    produced = {one["artifact"] for one in plan["artifacts"] if one.get("producer")}
    for task in tasks:
        point = points.get(task.task, ())
        for _, artifact, number, digest in task.outputs:
            found.setdefault(artifact, {})[point] = (point, number, digest)
        for _, artifact, digest in task.inputs:
            name, _, text = artifact.partition("[")
            if name not in produced:
                read = parse_point(text.removesuffix("]")) if text else ()
                found.setdefault(name, {})[read] = (read, None, digest)
    order = {point: place for place, point in enumerate(points.values())}
    return {
        name: sorted(outcomes.values(), key=lambda one: order.get(one[0], 0))
        for name, outcomes in found.items()
    }


def _point_of(task: Planned) -> Point:
    if "point" in task:
        return point_of(task["point"])
    _, _, text = task["task"].partition("[")
    return parse_point(text.removesuffix("]")) if text else ()


def _artifact(
    backend: Backend,
    pipeline: str,
    run: str,
    planned: Planned,
    *,
    outcomes: list[Outcome],
    readers: tuple[str, ...],
    source: tuple[str, ...],
    showing: Showing,
) -> Artifact:
    name = planned["artifact"]
    contract = planned.get("contract")
    made = tuple(
        _made(backend, pipeline, run, name, one, contract, showing)
        for one in outcomes[:MOST_POINTS]
    )
    kinds = [one.content.kind for one in made if one.content is not None]
    return Artifact(
        name=name,
        kind=planned["kind"] or (kinds[0] if kinds else ""),
        axes=tuple(planned["axes"]),
        producer=planned.get("producer") or "",
        readers=readers,
        source=source,
        has_contract=any(one.contract is not None for one in made) or _asks(contract),
        rules=tuple(
            Rule(path=rule["path"], minimum=rule["minimum"], maximum=rule["maximum"])
            for rule in (contract or {}).get("require", ())
        ),
        made=made,
        count=len(outcomes),
    )


def _asks(contract: Any) -> bool:
    if not contract:
        return False
    return bool(
        contract["columns"]
        or contract["rows"]
        or contract["key"]
        or contract["require"]
        or contract["additional_columns"] == "refuse"
    )


def _made(
    backend: Backend,
    pipeline: str,
    run: str,
    artifact: str,
    outcome: Outcome,
    contract: Any,
    showing: Showing,
) -> Made:
    point, number, digest = outcome
    try:
        version = _version(backend, pipeline, run, artifact, outcome)
    except (StoreError, NewerFormat):
        version = None
    content = None if version is None else version.content
    nothing = Shown(metrics=None, picture=None, preview=None, lacks="its manifest is gone")
    shown = nothing if content is None else showing.show(content)
    return Made(
        point=point,
        number=number if version is None else version.number,
        digest=digest,
        content=content,
        contract=None if version is None else agreed_report(backend, version, contract),
        reused_from=None if version is None else version.reused_from,
        metrics=shown.metrics,
        picture=shown.picture,
        preview=shown.preview,
        lacks=shown.lacks,
    )


def _version(
    backend: Backend, pipeline: str, run: str, artifact: str, outcome: Outcome
) -> Version | None:
    point, number, digest = outcome
    if number is not None:
        return versions.find(backend, pipeline, artifact, point, number)
    newest = versions.newest(backend, pipeline, artifact, point)
    for _ in range(_DEEPEST_SEARCH):
        if newest is None:
            return None
        if newest.content.digest == digest and newest.run <= run:
            return newest
        newest = versions.find(backend, pipeline, artifact, point, newest.number - 1)
    return None
