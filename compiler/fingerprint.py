"""A task's identity: what its result may depend on, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NewType, assert_never

from .canonical import CanonicalValue, Digest, digest_of
from .plan import (
    Artifact,
    ArtifactId,
    Command,
    CommandCall,
    FunctionCall,
    QueryCall,
    Task,
    TaskOutput,
    Transformation,
)
from .point import point_text

Fingerprint = NewType("Fingerprint", str)
"""`task1:hex`."""


def components(
    *,
    language: int,
    task: Task,
    definition: Transformation,
    artifacts: Mapping[ArtifactId, Artifact],
    environment: Digest,
    inputs: Mapping[str, Sequence[Digest]],
) -> dict[str, CanonicalValue]:
    """Return the parts of a task's identity by name.

    `artifacts` holds every artifact of the task; `environment` is the digest of what it runs in;
    `inputs` gives, for each parameter, the digests of the content that arrives, in the order of
    the points of that input.
    """
    found: dict[str, CanonicalValue] = {
        "language": language,
        "kind": definition.kind,
        "code": definition.code.digest,
        "environment": environment,
        "arguments": task.arguments,
        "seed": [task.seed, task.entropy],
        "threads": task.threads,
        "point": point_text(task.point),
        "isolation": definition.isolation,
        "numerics": definition.numerics,
        **_call(definition, task),
        "outputs": [_output(output, artifacts[output.artifact]) for output in task.outputs],
    }
    for bound in task.inputs:
        artifact = artifacts[bound.artifact]
        found[f"input.{bound.parameter}"] = {
            "kind": artifact.kind,
            "suffix": artifact.suffix,
            "points": [point_text(point) for point in bound.points],
            "gathered": None if bound.gathered is None else list(bound.gathered),
            "digests": list(inputs[bound.parameter]),
        }
    return found


def fingerprint(parts: Mapping[str, CanonicalValue]) -> Fingerprint:
    """Return the fingerprint over the components of a task."""
    return Fingerprint(digest_of("task1", parts))


def _output(output: TaskOutput, artifact: Artifact) -> CanonicalValue:
    return {
        "name": output.name,
        "kind": artifact.kind,
        "suffix": artifact.suffix,
        "columns": [[column.name, column.type] for column in artifact.contract.columns],
        "key": list(artifact.contract.key),
    }


def _call(definition: Transformation, task: Task) -> dict[str, CanonicalValue]:
    """Return what is called, and how."""
    call = definition.call
    match call:
        case FunctionCall():
            return {"entry_point": call.entry_point, "returns": call.returns}
        case CommandCall():
            return {
                "command": _command(task.command),
                "forms": {"inputs": dict(call.inputs), "outputs": dict(call.outputs)},
            }
        case QueryCall():
            return {"query": task.query}
        case _:
            assert_never(call)


def _command(command: Command | None) -> CanonicalValue:
    assert command is not None, "a command's task has its words"
    words: list[CanonicalValue] = [
        [part if isinstance(part, str) else {part.of: part.name} for part in word]
        for word in command.words
    ]
    return {"words": words, "shell": command.shell}
