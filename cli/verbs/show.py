"""`reprocc show RUN`: what a run did, task by task."""

from __future__ import annotations

import json as json_library
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..options import Json, Store
from ..places import open_store
from ..status import DONE
from ..terminal import duration, say, say_json, short, table

if TYPE_CHECKING:
    from ...runtime.store.records import RunEnd, RunStart, TaskRecord


def run(
    run: Annotated[
        str, typer.Argument(metavar="[RUN]", help="A run, or its beginning. Default: the newest.")
    ] = "",
    store: Store = None,
    json: Json = False,
) -> int:
    """Show what a run did."""
    from ...runtime.store.runs import read
    from ..newest import run_named

    backend = open_store(store).backend
    start, tasks, end = read(backend, run_named(backend, run))
    if json:
        say_json(_record(start, tasks, end))
    else:
        _print(start, tasks, end)
    return DONE


def _record(start: RunStart, tasks: tuple[TaskRecord, ...], end: RunEnd | None) -> dict[str, Any]:
    return {
        "run": start.run,
        "pipeline": start.pipeline,
        "plan": start.plan,
        "state": "running" if end is None else end.state,
        "started": start.started,
        "seconds": None if end is None else end.seconds,
        "host": start.host,
        "command": list(start.command),
        "parameters": json_library.loads(start.parameters),
        "environments": json_library.loads(start.environments),
        "tasks": [_task(task) for task in tasks],
    }


def _task(task: TaskRecord) -> dict[str, Any]:
    return {
        "task": task.task,
        "state": task.state,
        "fingerprint": task.fingerprint,
        "attempts": task.attempts,
        "started": task.started,
        "seconds": task.seconds,
        "cpu_seconds": task.cpu_seconds,
        "peak_memory": task.peak_memory,
        "host": task.host,
        "inputs": [
            {"parameter": parameter, "artifact": artifact, "digest": digest}
            for parameter, artifact, digest in task.inputs
        ],
        "outputs": {
            name: {"artifact": artifact, "version": version, "digest": digest}
            for name, artifact, version, digest in task.outputs
        },
        "error": None if task.failure is None else json_library.loads(task.failure),
        "log": task.log,
        "warnings": list(task.warnings),
        "reused_from": task.reused_from,
    }


def _print(start: RunStart, tasks: tuple[TaskRecord, ...], end: RunEnd | None) -> None:
    say(f"run       {start.run}")
    say(f"pipeline  {start.pipeline}")
    say(f"plan      {short(start.plan)}")
    say(f"state     {'running, or killed' if end is None else end.state}")
    say(f"started   {start.started}  on {start.host}")
    if end is not None:
        say(f"took      {duration(end.seconds)}")
    parameters = json_library.loads(start.parameters)
    for name, value in parameters.items():
        say(f"parameter {name} = {json_library.dumps(value, ensure_ascii=False)}")
    rows = [
        (
            task.task,
            task.state,
            duration(task.seconds) if task.state == "succeeded" else "",
            ", ".join(f"{artifact}@{version}" for _, artifact, version, _ in task.outputs),
        )
        for task in tasks
    ]
    say("")
    say(table(rows, head=("TASK", "STATE", "TIME", "OUTPUTS")))
    for task in tasks:
        if task.failure is not None:
            failure = json_library.loads(task.failure)
            say(f"\n{task.task}: {failure['message']}")
            for line in failure["detail"].splitlines():
                say(f"    {line}")
