"""`reprocc why SPEC [TASK]`: what changed since a task last ran, old and new; starts nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..options import Given, Json, ParametersFile, Profile, Quiet, Spec, Store, Verbose
from ..status import DONE
from ..terminal import say, say_json

if TYPE_CHECKING:
    from ...runtime.forecast import Forecast
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
    from ..foresight import foresee

    found = foresee(
        *(spec, given, parameters),
        about=task,
        store=store,
        profile=profile,
        json=json,
        quiet=quiet,
    )
    if isinstance(found, int):
        return found
    _print(*found, task, json=json, verbose=verbose)
    return DONE


def _print(
    found: Forecast, backend: Backend | None, task: str, *, json: bool, verbose: bool
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
