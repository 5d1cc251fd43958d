"""What is different between two runs: what they were given, and what came out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ...compiler.canonical import Digest
from ...compiler.point import parse_point
from ..content import Part
from ..store import versions
from ..store.backend import Backend, Damaged, Missing
from ..store.records import RunStart, TaskRecord
from ..store.runs import read

if TYPE_CHECKING:
    from ..codecs.metrics import MetricsValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One named thing that differs; None on the side that has none of it."""

    name: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsDifference:
    """`parameters` are JSON, `code`, `environments` and `artifacts` digests, by name.

    Artifacts are named with their points, sources among them.
    """

    pipelines: tuple[str, str]
    parameters: tuple[Changed, ...]
    code: tuple[Changed, ...]
    environments: tuple[Changed, ...]
    artifacts: tuple[Changed, ...]
    same: int


def compare_runs(backend: Backend, old: str, new: str) -> RunsDifference:
    """Compare the records of two runs; nothing that they made is read. Raises StoreError."""
    (one, before, _), (other, after, _) = read(backend, old), read(backend, new)
    found, made = _artifacts(before), _artifacts(after)
    artifacts = _changes(found, made)
    return RunsDifference(
        pipelines=(one.pipeline, other.pipeline),
        parameters=_changes(_parameters(one), _parameters(other)),
        code=_changes(_code(one), _code(other)),
        environments=_changes(_environments(one), _environments(other)),
        artifacts=artifacts,
        same=len({*found, *made}) - len(artifacts),
    )


def metrics_with(
    backend: Backend, pipeline: str, name: str, digest: Digest
) -> dict[str, MetricsValue] | None:
    """Return the metrics with a digest, of an artifact named with its point.

    None where the artifact is no metrics, or they are gone. Raises StoreError for the world.
    """
    artifact, bracket, point = name.partition("[")
    place = parse_point(point.removesuffix("]")) if bracket else ()
    newest = versions.newest(backend, pipeline, artifact, place)
    if newest is None or newest.content.kind != "metrics":
        return None
    # Metrics are one object, whose name is the digest.
    sha256 = digest.removeprefix("sha256:")
    part = Part(sha256=sha256, size=0, rows=None, path="", executable=False)
    from ..codecs.metrics import read_metrics

    try:
        return read_metrics(backend, replace(newest.content, digest=digest, parts=(part,)))
    except (Missing, Damaged):
        return None


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Changed, ...]:
    names = [*old, *(name for name in new if name not in old)]
    return tuple(
        Changed(name=name, old=old.get(name), new=new.get(name))
        for name in names
        if old.get(name) != new.get(name)
    )


def _artifacts(tasks: tuple[TaskRecord, ...]) -> dict[str, str]:
    """Return the digests of what was read and made, by artifact with its point."""
    found = {artifact: digest for task in tasks for _, artifact, digest in task.inputs}
    for task in tasks:
        _, bracket, point = task.task.partition("[")
        for _, artifact, _, digest in task.outputs:
            found[f"{artifact}{bracket}{point}"] = digest
    return dict(sorted(found.items()))


def _parameters(start: RunStart) -> dict[str, str]:
    values: dict[str, Any] = json.loads(start.parameters)
    return {name: json.dumps(value, ensure_ascii=False) for name, value in values.items()}


def _code(start: RunStart) -> dict[str, str]:
    return {name: content.digest for name, content in start.code}


def _environments(start: RunStart) -> dict[str, str]:
    values: dict[str, Any] = json.loads(start.environments)
    return {name: str(value["digest"]) for name, value in values.items()}
