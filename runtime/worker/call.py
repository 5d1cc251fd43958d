"""From an assignment to the request that the child answers; pure."""

from __future__ import annotations

from collections.abc import Sequence

from ...compiler.plan import FunctionCall
from ..child.request import Call, InputRequest, OutputRequest
from ..executor import Assignment
from .scratch import Scratch


def child_call(
    assignment: Assignment, *, code: str, scratch: Scratch, inputs: Sequence[InputRequest]
) -> Call:
    """Return the request for an attempt.

    `code` is the folder in which the snapshot of the code lies, `inputs` what has been laid out.
    """
    definition = assignment.definition
    function_call = definition.call
    assert isinstance(function_call, FunctionCall)
    module, _, function = function_call.entry_point.partition(":")
    return {
        "transformation": definition.name,
        "code": code,
        "module": module,
        "function": function,
        "home": str(scratch.home),
        "temporary": str(scratch.temporary),
        "folder": str(scratch.folder),
        "log": str(scratch.log),
        "arguments": assignment.arguments,
        "inputs": list(inputs),
        "outputs": _outputs(assignment, scratch),
        "written": list(function_call.written),
        "returned": list(function_call.returned),
        "returns": function_call.returns,
        "seed": assignment.seed,
        "entropy": assignment.entropy,
        "receives_seed": function_call.receives_seed,
        "receives_rng": function_call.receives_rng,
        "deterministic": definition.numerics == "deterministic",
        "threads": assignment.threads,
        "variables": dict(assignment.environment.variables),
    }


def preloaded_modules(assignment: Assignment) -> tuple[str, ...]:
    """Return what a server imports before it forks: as declared, and what passing values needs."""
    definition = assignment.definition
    found = set(definition.preload)
    forms = {bound.form for bound in assignment.inputs if bound.form not in (None, "path")}
    if forms or any(output.artifact.kind == "table" for output in assignment.outputs):
        found.add("pyarrow")
    if "pandas" in forms:
        found.add("pandas")
    if forms & {"polars", "polars-lazy"}:
        found.add("polars")
    if isinstance(definition.call, FunctionCall) and definition.call.receives_rng:
        found.add("numpy")
    return tuple(sorted(found))


def _outputs(assignment: Assignment, scratch: Scratch) -> list[OutputRequest]:
    return [
        {
            "name": output.name,
            "kind": output.artifact.kind,
            "path": str(scratch.outputs / f"{output.name}{output.artifact.suffix}"),
        }
        for output in assignment.outputs
    ]
