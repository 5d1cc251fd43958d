"""`reprocc submit SPEC`: run a pipeline; what is already there is not run again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..executors import ExecutorName, chosen_executor
from ..options import (
    Force,
    From,
    Given,
    Json,
    Only,
    ParametersFile,
    Profile,
    Quiet,
    Spec,
    Store,
    Until,
    Verbose,
)
from ..stop import Stop


def run(
    spec: Spec,
    given: Given = None,
    parameters: ParametersFile = None,
    only: Only = None,
    from_: From = None,
    until: Until = None,
    force: Force = None,
    store: Store = None,
    profile: Profile = None,
    executor: Annotated[
        ExecutorName | None,
        typer.Option(
            "--executor",
            help="`ray`: embedded Ray, the default. `inline`: one by one, here.",
            show_default=False,
        ),
    ] = None,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="After a failure, run what does not depend on it.")
    ] = False,
    in_order: Annotated[
        bool, typer.Option("--in-order", help="Never start a later task before an earlier one.")
    ] = False,
    json: Json = False,
    events: Annotated[
        bool, typer.Option("--events", help="Stream one JSON object a line on stdout.")
    ] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Run a pipeline."""
    from ..problems import refuse
    from ..selecting import wanted_of
    from ..submission import Submission

    try:
        chosen = chosen_executor(executor, spec=Path(spec), profile=profile)
    except Stop as stop:
        return refuse(stop, json=json)
    return Submission(
        spec=spec,
        given=given,
        parameters=parameters,
        wanted=wanted_of(only, from_, until, force),
        store=store,
        profile=profile,
        executor=chosen,
        keep_going=keep_going,
        in_order=in_order,
        json=json,
        events=events,
        quiet=quiet,
        verbose=verbose,
    ).run()
