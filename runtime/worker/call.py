"""From an assignment to the request that the child answers."""

from __future__ import annotations

from collections.abc import Sequence, Set
from pathlib import Path

from ...compiler.plan import FunctionCall, Transformation
from ..child.request import AnyCall, Call, InputRequest, OutputRequest, QueryCall
from ..executor import Assignment
from .command import command_call
from .scratch import Scratch


def attempt_call(
    assignment: Assignment, *, code: Path, scratch: Scratch, inputs: Sequence[InputRequest]
) -> AnyCall:
    """Return the request for an attempt, of whatever kind; a command's code is laid out for it.

    `code` is the folder in which the snapshot of the code lies, `inputs` what has been laid out.
    Raises OSError.
    """
    match assignment.definition.kind:
        case "python":
            return child_call(assignment, code=str(code), scratch=scratch, inputs=inputs)
        case "command":
            return command_call(assignment, code=code, scratch=scratch, inputs=inputs)
        case "sql":
            return query_call(assignment, scratch=scratch, inputs=inputs)


def child_call(
    assignment: Assignment, *, code: str, scratch: Scratch, inputs: Sequence[InputRequest]
) -> Call:
    """Return the request for a call of a function.

    `code` is the folder in which the snapshot of the code lies, `inputs` what has been laid out.
    """
    definition = assignment.definition
    function_call = definition.call
    assert isinstance(function_call, FunctionCall)
    module, _, function = function_call.entry_point.partition(":")
    return {
        "how": "function",
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


def query_call(
    assignment: Assignment, *, scratch: Scratch, inputs: Sequence[InputRequest]
) -> QueryCall:
    """Return the request for a query; `inputs` is what has been laid out."""
    (output,) = assignment.outputs
    assert assignment.query is not None, "a query's assignment has its text"
    return {
        "how": "query",
        "transformation": assignment.definition.name,
        "home": str(scratch.home),
        "temporary": str(scratch.temporary),
        "folder": str(scratch.folder),
        "log": str(scratch.log),
        "variables": dict(assignment.environment.variables),
        "query": assignment.query,
        "inputs": [bound for bound in inputs if bound["how"] == "table"],
        "output": output.name,
        "result": str(scratch.outputs / f"{output.name}.arrow"),
        "seed": assignment.seed,
        "threads": assignment.threads,
        "memory": assignment.resources.memory,
    }


def preloaded_modules(assignment: Assignment) -> tuple[str, ...]:
    """Return what a server imports before it forks: as declared, and what passing values needs.

    The interpreter of a command is its own, which nothing can be imported for: what counts there
    is what starts it.
    """
    return modules_before(
        assignment.definition,
        forms={bound.form for bound in assignment.inputs},
        makes_tables=any(output.artifact.kind == "table" for output in assignment.outputs),
    )


def modules_before(
    definition: Transformation, *, forms: Set[str | None], makes_tables: bool
) -> tuple[str, ...]:
    """Do what `preloaded_modules` does, given the forms in which inputs arrive."""
    if definition.kind == "command":
        return ("subprocess",)
    if definition.kind == "sql":
        return ("duckdb", "pyarrow")
    found = set(definition.preload)
    if makes_tables or forms - {None, "path"}:
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
