"""The lines that end a run, as a person would paste them into a message."""

from __future__ import annotations

import contextlib
import shlex
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..compiler.plan import ArtifactId
from ..runtime.events import RunEnded, TaskEnded, TaskState
from .alike import alike, other_points
from .failures import told
from .places import FOLDER
from .terminal import duration, short, size

if TYPE_CHECKING:
    from ..runtime.binding import BoundRun
    from ..runtime.store.backend import Backend
    from ..runtime.store.store import Store

_WORDS: tuple[tuple[TaskState, str], ...] = (
    ("succeeded", "ran"),
    ("reused", "reused"),
    ("failed", "failed"),
    ("skipped", "skipped"),
    ("cancelled", "cancelled"),
)
_MOST_SLOW = 3
_SLOW = 1.0
"""Seconds from which on it is worth a word how long a transformation took."""

_MOST_FAILED = 5
_MOST_METRICS = 3
_MOST_NUMBERS = 5
_MOST_FINAL = 10


def summary(
    bound: BoundRun,
    ended: Sequence[TaskEnded],
    end: RunEnded,
    *,
    store: Store,
    spec: str,
) -> str:
    """Return what became of a run: a headline and, where something ran, what a person asks next.

    `ended` has each task's last end.
    """
    counts: Counter[TaskState] = Counter(one.state for one in ended)
    lines = [_headline(counts, end, len(ended))]
    if counts.keys() != {"reused"}:
        rows = [*_whereabouts(bound, end, spec), *_costs(ended), *_failures(ended, end.run)]
        if end.state == "succeeded":
            rows += _metrics(bound, ended, store.backend)
            rows += _final(bound)
        else:
            rows.append(("again", _command()))
            if counts["succeeded"] + counts["reused"]:
                rows.append(("", "what succeeded is reused"))
        width = max(len("slowest"), *(len(name) for name, _ in rows))
        lines += [f"  {name.ljust(width)}  {said}" for name, said in rows]
    return "".join(f"{line}\n" for line in lines)


def _headline(counts: Counter[TaskState], end: RunEnded, total: int) -> str:
    said = ", ".join(f"{counts[state]} {word}" for state, word in _WORDS if state in counts)
    if counts.keys() == {"reused"}:
        said = f"nothing to do, all {total} reused" if total > 1 else "nothing to do, 1 reused"
    return f"{end.state} in {duration(end.seconds)}: {said}"


def _whereabouts(bound: BoundRun, end: RunEnded, spec: str) -> list[tuple[str, str]]:
    rows = [("run", f"{end.run} of {bound.plan.pipeline}, plan {short(bound.plan_digest)}")]
    if bound.store != (Path(spec).resolve().parent / FOLDER).as_uri():
        rows.append(("store", bound.store.removeprefix("file://")))
    return rows


def _costs(ended: Sequence[TaskEnded]) -> list[tuple[str, str]]:
    ran = [one for one in ended if one.state in ("succeeded", "failed")]
    work: defaultdict[str, float] = defaultdict(float)
    tasks: Counter[str] = Counter()
    for one in ran:
        name = one.task.partition("[")[0]
        work[name] += one.seconds
        tasks[name] += 1
    slowest = [
        f"{name} {duration(seconds)}" + (f" in {tasks[name]} tasks" if tasks[name] > 1 else "")
        for name, seconds in sorted(work.items(), key=lambda pair: -pair[1])[:_MOST_SLOW]
        if seconds >= _SLOW
    ]
    rows = [("slowest", ", ".join(slowest))] if slowest else []
    cpu = sum(one.cpu_seconds for one in ran)
    memory = max((one.peak_memory for one in ran), default=0)
    if slowest and cpu:
        most = f", {size(memory)} of memory at most" if memory else ""
        rows.append(("used", f"{duration(cpu)} of CPU{most}"))
    return rows


def _failures(ended: Sequence[TaskEnded], run: str) -> list[tuple[str, str]]:
    failed = alike(ended)
    rows = []
    for group in failed[:_MOST_FAILED]:
        one = group[0]
        rows.append(("failed", told(one)))
        if len(group) > 1:
            rows.append(("", f"and the same at {other_points(group)}"))
        if one.log is not None:
            rows.append(("", f"reprocc logs {run} {shlex.quote(one.task)}"))
    if len(failed) > _MOST_FAILED:
        rows.append(("", f"and {len(failed) - _MOST_FAILED} more: reprocc show {run}"))
    return rows


def _metrics(
    bound: BoundRun, ended: Sequence[TaskEnded], backend: Backend
) -> list[tuple[str, str]]:
    """Return the numbers at the top of the metrics that the pipeline was for."""
    from ..runtime.codecs.metrics import read_metrics
    from ..runtime.store import versions
    from ..runtime.store.backend import StoreError

    wanted = {
        name
        for name in _unread(bound)
        if bound.artifacts[name].kind == "metrics" and not bound.artifacts[name].axes
    }
    made = [output for one in ended for output in one.outputs if output.artifact in wanted]
    rows = []
    for output in made:
        name = ArtifactId(output.artifact)
        # That they cannot be read back is for whoever reads them to hear.
        with contextlib.suppress(StoreError):
            version = versions.find(backend, bound.plan.pipeline, name, (), output.version)
            values = {} if version is None else read_metrics(backend, version.content)
            numbers = [
                f"{key} {value:.4g}" if isinstance(value, float) else f"{key} {value}"
                for key, value in values.items()
                if isinstance(value, int | float) and not isinstance(value, bool)
            ]
            if numbers:
                rows.append(("metrics", f"{name}: {', '.join(numbers[:_MOST_NUMBERS])}"))
    return rows[:_MOST_METRICS]


def _final(bound: BoundRun) -> list[tuple[str, str]]:
    """Name what the pipeline was for: the artifacts that nothing reads further."""
    names = _unread(bound)
    rows: list[tuple[str, str]] = [
        (name, f"reprocc get {bound.plan.pipeline}/{name} -o {name}{_suffix(bound, name)}")
        for name in names[:_MOST_FINAL]
    ]
    if len(names) > _MOST_FINAL:
        rows.append(("", f"and {len(names) - _MOST_FINAL} more: reprocc artifacts"))
    return rows


def _unread(bound: BoundRun) -> list[ArtifactId]:
    read = {wanted.artifact for task in bound.plan.tasks for wanted in task.inputs}
    return [name for name in bound.artifacts if name not in read]


def _suffix(bound: BoundRun, name: ArtifactId) -> str:
    """Return what a copy's name should end in; that of many points is a folder."""
    artifact = bound.artifacts[name]
    if artifact.axes:
        return ""
    return {"table": ".parquet", "metrics": ".json"}.get(artifact.kind, artifact.suffix)


def _command() -> str:
    return shlex.join(["reprocc", *sys.argv[1:]])
