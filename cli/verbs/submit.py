"""`reprocc submit SPEC`: run a pipeline; what is already there is not run again."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from ..options import Given, Json, ParametersFile, Quiet, Spec, Store, Verbose

ExecutorName = Literal["ray", "inline"]


def run(
    spec: Spec,
    given: Given = None,
    parameters: ParametersFile = None,
    store: Store = None,
    executor: Annotated[
        ExecutorName,
        typer.Option("--executor", help="`ray`: embedded Ray. `inline`: one by one, here."),
    ] = "ray",
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
    from ..submission import Submission

    return Submission(
        spec=spec,
        given=given,
        parameters=parameters,
        store=store,
        executor=executor,
        keep_going=keep_going,
        in_order=in_order,
        json=json,
        events=events,
        quiet=quiet,
        verbose=verbose,
    ).run()
