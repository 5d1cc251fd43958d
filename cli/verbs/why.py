"""`reprocc why SPEC [TASK]`: what changed since a task last ran, old and new; starts nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..options import Given, Json, ParametersFile, Profile, Quiet, Spec, Store, Verbose
from ..status import DONE
from ..stop import Stop
from ..terminal import say, say_json

if TYPE_CHECKING:
    from ...compiler.driver import Compiled
    from ...runtime.forecast import Forecast
    from ...runtime.prepare import Problem
    from ...runtime.store.backend import Backend


def run(
    spec: Spec,
    task: Annotated[
        str,
        typer.Argument(
            metavar="[TASK]",
            help="`fit`, or `fit[depth=4]`. Default: whatever would not be reused.",
        ),
    ] = "",
    given: Given = None,
    parameters: ParametersFile = None,
    store: Store = None,
    profile: Profile = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Say why a task would run: what changed, old and new."""
    from ...compiler.workspace import Workspace
    from ..compiling import compile_spec, plan_or_stop
    from ..places import existing_store
    from ..problems import refuse, report_problems, say_invalid

    workspace = Workspace()
    compiled = compile_spec(spec, given, parameters, workspace=workspace)
    if compiled.plan is None and json:
        return say_invalid(compiled.diagnostics)
    plan_or_stop(compiled, quiet=quiet)
    try:
        opened = existing_store(store, spec=Path(spec), profile=profile)
    except Stop as stop:
        return refuse(stop, json=json)
    backend = None if opened is None else opened.backend
    found = _forecast(compiled, task, Path(spec).resolve().parent, workspace, backend)
    if isinstance(found, tuple):
        return report_problems(compiled, found, json=json)
    _print(found, task, backend, json=json, verbose=verbose)
    return DONE


def _forecast(
    compiled: Compiled,
    task: str,
    folder: Path,
    workspace: object,
    backend: Backend | None,
) -> Forecast | tuple[Problem, ...]:
    """Find out what would happen to a task and to what it needs; the rest is not looked at."""
    from ...compiler.workspace import Workspace
    from ...runtime.forecast import forecast
    from ...runtime.prepare import Problem
    from ...runtime.selection import Wanted, matching

    assert compiled.plan is not None, "only what compiled is explained"
    assert isinstance(workspace, Workspace)
    meant = matching(compiled.plan, task) if task else ()
    if isinstance(meant, Problem):
        return (meant,)
    wanted = Wanted(until=(task,)) if task else Wanted()
    return forecast(compiled, folder=folder, workspace=workspace, backend=backend, wanted=wanted)


def _print(
    found: Forecast, task: str, backend: Backend | None, *, json: bool, verbose: bool
) -> None:
    from ...runtime.selection import matching
    from ..reasons.explanation import explanations, why_record, why_text

    plan = found.ready.bound.plan
    meant = matching(plan, task) if task else None
    chosen = (
        set(meant)
        if isinstance(meant, tuple)
        else {one.task for one in found.decisions if one.reason != "reused"}
    )
    told = explanations(found, backend, chosen)
    if json:
        say_json({"tasks": [why_record(one) for one in told]})
    elif not told:
        say("every task is reused")
    else:
        say(why_text(found, told, verbose=verbose))
