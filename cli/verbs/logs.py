"""`reprocc logs [RUN] [TASK]`: what the code printed, exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..options import Json, Profile, Store
from ..places import open_store
from ..status import DONE, REFUSED
from ..stop import Stop
from ..terminal import say, say_bytes, say_json, tell

if TYPE_CHECKING:
    from ...runtime.store.records import TaskRecord


def run(
    run: Annotated[
        str, typer.Argument(metavar="[RUN]", help="A run, or its beginning. Default: the newest.")
    ] = "",
    task: Annotated[
        str, typer.Argument(metavar="[TASK]", help="`fit`, or `fit[depth=4]`. Default: all.")
    ] = "",
    store: Store = None,
    profile: Profile = None,
    json: Json = False,
) -> int:
    """Print what tasks printed."""
    from ...runtime.store.objects import get_bytes
    from ...runtime.store.runs import read
    from ..newest import run_named

    backend = open_store(store, profile=profile).backend
    if run and not task and not run[0].isdigit():  # as no name of a run begins
        run, task = "", run
    name = run_named(backend, run)
    _, tasks, _ = read(backend, name)
    chosen = _choose(tasks, task)
    logs = [(one.task, get_bytes(backend, one.log)) for one in chosen if one.log is not None]
    if json:
        say_json([{"task": title, "log": data.decode(errors="replace")} for title, data in logs])
        return DONE
    if not any(data for _, data in logs):
        tell(f"run {name}: nothing was printed")
    for title, data in logs:
        if data and (not task or len(logs) > 1):
            say(f"== {title}")
        say_bytes(data)
        if data and not data.endswith(b"\n"):
            say_bytes(b"\n")
    return DONE


def _choose(tasks: tuple[TaskRecord, ...], wanted: str) -> list[TaskRecord]:
    if not wanted:
        return list(tasks)
    found = [one for one in tasks if wanted in (one.task, one.task.partition("[")[0])]
    if not found:
        from ...compiler.suggest import closest

        near = closest(wanted, [one.task for one in tasks])
        raise Stop(
            f"the run has no task `{wanted}`",
            status=REFUSED,
            help=f"did you mean `{near}`?" if near else "`reprocc show` lists its tasks",
        )
    return found
