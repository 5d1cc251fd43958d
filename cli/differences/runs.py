"""What is different between two runs: parameters, code, environments, metrics, artifacts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ..newest import run_named
from ..status import REFUSED
from ..stop import Stop
from ..terminal import say, say_json, short, table

if TYPE_CHECKING:
    from ...runtime.compare.metrics import MetricChange
    from ...runtime.compare.runs import Changed, RunsDifference
    from ...runtime.store.backend import Backend

_NONE = "–"

Metrics = list[tuple[str, "MetricChange"]]
"""Changes of metrics, each with its artifact at its point."""


def say_runs(backend: Backend, old: str, new: str, *, json: bool) -> bool:
    """Compare two runs, or one with the one of its pipeline before; return whether they differ."""
    from ...runtime.compare.runs import compare_runs

    first = run_named(backend, old)
    if new:
        before, after = first, run_named(backend, new)
    else:
        before, after = _previous(backend, first), first
    difference = compare_runs(backend, before, after)
    metrics = _metrics(backend, difference)
    if json:
        say_json(_record(before, after, difference, metrics))
    else:
        say(_text(before, after, difference, metrics))
    return bool(
        difference.parameters or difference.code or difference.environments or difference.artifacts
    )


def _previous(backend: Backend, run: str) -> str:
    from ...runtime.store.runs import run_names, start_of

    pipeline = start_of(backend, run).pipeline
    for name in run_names(backend, ""):
        if name < run and start_of(backend, name).pipeline == pipeline:
            return name
    raise Stop(
        f"no run of `{pipeline}` came before `{run}`",
        status=REFUSED,
        help="name two runs: `reprocc diff RUN RUN`",
    )


def _metrics(backend: Backend, difference: RunsDifference) -> Metrics:
    """Read the metrics that differ, as far as both runs have them."""
    from ...compiler.canonical import Digest
    from ...runtime.compare.metrics import compare_metrics
    from ...runtime.compare.runs import metrics_with

    found: Metrics = []
    for changed in difference.artifacts:
        if changed.old is None or changed.new is None:
            continue
        old = metrics_with(backend, difference.pipelines[0], changed.name, Digest(changed.old))
        new = metrics_with(backend, difference.pipelines[1], changed.name, Digest(changed.new))
        if old is not None and new is not None:
            changes = compare_metrics(old, new).changes
            found += [(changed.name, change) for change in changes]
    return found


def _text(before: str, after: str, difference: RunsDifference, metrics: Metrics) -> str:
    from .text import metrics_table

    blocks = [f"{before} → {after}"]
    if difference.pipelines[0] != difference.pipelines[1]:
        blocks[0] += f"\n{difference.pipelines[0]} → {difference.pipelines[1]}"
    for head, changes, shown in (
        ("PARAMETER", difference.parameters, _as_it_is),
        ("CODE", difference.code, _shortened),
        ("ENVIRONMENT", difference.environments, _shortened),
    ):
        if changes:
            rows = [(one.name, shown(one.old), shown(one.new)) for one in changes]
            blocks.append(table(rows, head=(head, "OLD", "NEW")))
    if metrics:
        blocks.append(metrics_table(metrics, head="ARTIFACT"))
    blocks.append(_artifacts(difference.artifacts, difference.same))
    return "\n\n".join(blocks)


def _artifacts(changes: tuple[Changed, ...], same: int) -> str:
    if not changes:
        return "all artifacts are identical"
    rows = [(one.name, _shortened(one.old), _shortened(one.new)) for one in changes]
    more = f"\n{same} more the same" if same else ""
    return table(rows, head=("ARTIFACT", "OLD", "NEW")) + more


def _as_it_is(text: str | None) -> str:
    return _NONE if text is None else text


def _shortened(digest: str | None) -> str:
    return _NONE if digest is None else short(digest)


def _record(
    before: str, after: str, difference: RunsDifference, metrics: Metrics
) -> dict[str, Any]:
    from .json import metric_record

    return {
        "old": {"run": before, "pipeline": difference.pipelines[0]},
        "new": {"run": after, "pipeline": difference.pipelines[1]},
        "parameters": [_values(one) for one in difference.parameters],
        "code": [asdict(one) for one in difference.code],
        "environments": [asdict(one) for one in difference.environments],
        "metrics": [{"artifact": name, **metric_record(change)} for name, change in metrics],
        "artifacts": [asdict(one) for one in difference.artifacts],
        "same": difference.same,
    }


def _values(changed: Changed) -> dict[str, Any]:
    import json

    return {
        "name": changed.name,
        "old": None if changed.old is None else json.loads(changed.old),
        "new": None if changed.new is None else json.loads(changed.new),
    }
