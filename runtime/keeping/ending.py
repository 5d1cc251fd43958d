"""Give a run that was killed the end that it could not write itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime

from ...compiler.canonical import encode_text
from ..store.backend import Backend
from ..store.records import RunEnd
from ..store.records_json import encode_end
from .census import Census, run_of_key
from .finding import Finding
from .under_way import RunFile, runs_in


def end_killed(backend: Backend, one: Finding, census: Census) -> Finding:
    """Write the last record of a run whose process has surely gone; another's is left alone.

    It says what the records of its tasks say: `succeeded` where it had come to its end before its
    last record was damaged, else `failed`.
    """
    run = runs_in(census).get(run_of_key(one.key))
    was_damaged = one.kind == "damaged-record"
    if run is None or (not was_damaged and run.state(0.0) != "killed"):
        return one
    states = Counter({task.task: task.state for task in run.tasks}.values())
    is_done = was_damaged and states and not states.keys() - {"succeeded", "reused"}
    end = RunEnd(
        run=run.run,
        state="succeeded" if is_done else "failed",
        seconds=_seconds(run),
        counts=encode_text(dict(states)),
    )
    backend.create(one.key, encode_end(end))
    said = "set aside, ended" if was_damaged else "ended"
    return replace(one, act=f"{said} as {end.state}", stays=False)


def _seconds(run: RunFile) -> float:
    """Return how long a run took, as far as its records reach."""
    try:
        began = datetime.fromisoformat(run.start.started)
        ends = [datetime.fromisoformat(t.started).timestamp() + t.seconds for t in run.tasks]
    except ValueError:
        return 0.0
    return round(max(0.0, max(ends, default=0.0) - began.timestamp()), 3)
