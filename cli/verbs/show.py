"""`reprocc show RUN`: what a run did, task by task, or as a page to send."""

from __future__ import annotations

import json as json_library
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..options import Json, Profile, Store
from ..places import open_store
from ..status import DONE, USAGE
from ..stop import Stop
from ..terminal import duration, moment, say, say_json, say_text, short, size, table, tell

if TYPE_CHECKING:
    from ...runtime.store.backend import Backend
    from ...runtime.store.records import RunEnd, RunStart, TaskRecord

STDOUT = "-"


def run(
    run: Annotated[
        str, typer.Argument(metavar="[RUN]", help="A run, or its beginning. Default: the newest.")
    ] = "",
    html: Annotated[
        bool, typer.Option("--html", help="Write a report: one file that needs no network.")
    ] = False,
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            metavar="PATH",
            help="With --html: where to write it; `-` is stdout. Default: RUN.html, here.",
        ),
    ] = None,
    store: Store = None,
    profile: Profile = None,
    json: Json = False,
) -> int:
    """Show what a run did."""
    from ...runtime.description.planned import in_plan_order, read_plan
    from ...runtime.store.runs import read
    from ..newest import run_named

    if output is not None and not html:
        raise Stop("`-o` goes with `--html`", status=USAGE, help="write `show RUN --html -o PATH`")
    if json and output == STDOUT:
        raise Stop("`--json` and `-o -` both want stdout", status=USAGE, help="name a file")
    backend = open_store(store, profile=profile).backend
    name = run_named(backend, run)
    if html:
        return _write(backend, name, output, json)
    start, tasks, end = read(backend, name)
    tasks = in_plan_order(read_plan(backend, start, tasks)[0], tasks)
    if json:
        say_json(_record(start, tasks, end))
    else:
        _print(start, tasks, end)
    return DONE


def _write(backend: Backend, run: str, output: str | None, json: bool) -> int:
    """Write the report; a file of that name is replaced, as after `-o` anywhere."""
    from ... import __version__
    from ...runtime.description.describe import describe
    from ..output import write_output
    from ..report.page import render

    page = render(describe(backend, run), version=__version__)
    if output == STDOUT:
        say_text(page)
        return DONE
    path = output or f"{run}.html"
    data = page.encode()
    write_output(path, data)
    if json:
        say_json({"run": run, "path": path, "bytes": len(data)})
    else:
        tell(f"{path}: report of run {run}, {size(len(data))}")
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


def _state(end: RunEnd | None) -> str:
    return "running, or killed" if end is None else f"{end.state} in {duration(end.seconds)}"


def _print(start: RunStart, tasks: tuple[TaskRecord, ...], end: RunEnd | None) -> None:
    facts = [
        ("run", f"{start.run} of {start.pipeline}, plan {short(start.plan)}"),
        ("state", _state(end)),
        ("started", f"{moment(start.started)} on {start.host}"),
    ]
    parameters = json_library.loads(start.parameters)
    for name, value in parameters.items():
        head = "parameters" if name == next(iter(parameters)) else ""
        facts.append((head, f"{name} = {json_library.dumps(value, ensure_ascii=False)}"))
    for head, fact in facts:
        say(f"{head:<{max(len(head) for head, _ in facts)}}  {fact}")
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
