"""`reprocc compile SPEC [-o PLAN]`: the plan as canonical JSON, its digest on stderr."""

from __future__ import annotations

from typing import Annotated

import typer

from ..compiling import compile_spec, plan_or_stop
from ..options import Given, ParametersFile, Quiet, Spec
from ..output import output_file
from ..problems import say_invalid
from ..status import DONE
from ..terminal import say_bytes, tell


def run(
    spec: Spec,
    output: Annotated[
        str | None, typer.Option("-o", metavar="PLAN", help="Write the plan to a file.")
    ] = None,
    given: Given = None,
    parameters: ParametersFile = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print what is wrong as JSON too; a plan is JSON anyway.")
    ] = False,
    quiet: Quiet = False,
) -> int:
    """Compile a pipeline file to its canonical plan."""
    from ...compiler.render_plan import write_plan

    compiled = compile_spec(spec, given, parameters)
    if compiled.plan is None and json:
        return say_invalid(compiled.diagnostics)
    plan = plan_or_stop(compiled, quiet=quiet)
    if output is None:
        digest = write_plan(plan, say_bytes)
    else:
        with output_file(output) as file:
            digest = write_plan(plan, file.write)
    if not quiet:
        tasks = f"{len(plan.tasks)} task{'' if len(plan.tasks) == 1 else 's'}"
        tell(f"{plan.pipeline}: {tasks}, plan {digest}")
    return DONE
