"""What must hold of a transformation for a finding to be one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from ..document import Scalar
from ..expression.value import written
from ..lowering.call import WRITTEN_KINDS, written_outputs
from ..pipeline import Pipeline
from ..spec import CommandLine, Environment, Transformation
from .finding import Need
from .linted import Linted
from .users import User


def holds(
    pipeline: Pipeline, user: User, files: Mapping[str, Linted], path: str, need: Need | None
) -> bool:
    """Say whether what a finding in a file needs is so of a transformation."""
    if need is None:
        return True
    match need.kind:
        case "variable":
            return not _gives(pipeline, user.transformation, need.name)
        case "file":
            # What a command has not been given is not there, so it fails and is never stale.
            known = any(file.path.endswith(need.name.lstrip("./")) for file in user.code.files)
            return user.entry is not None and not known
        case "unseeded":
            # The global generators are seeded for functions, and not for other programs.
            return user.entry is None and not any(need.name in one.seeds for one in files.values())
        case "program":
            return user.entry is None
        case "output" | "input" if user.entry is None or path != user.entry.path:
            return False
        case "output":
            assert user.entry is not None, "what has none was met above"
            signature = user.entry.signature
            return need.name in written_outputs(user.transformation, signature, pipeline.kinds)
        case "input":
            return any(
                read.parameter.text == need.name
                and pipeline.kinds.get(read.artifact.text) in WRITTEN_KINDS
                for read in user.transformation.inputs
            )
        case _:
            assert_never(need.kind)


def _gives(pipeline: Pipeline, transformation: Transformation, variable: str) -> bool:
    """Say whether a task has an environment variable, of its environment or by its command."""
    body = transformation.body
    if isinstance(body, CommandLine):
        words = [written(word.value) for word in body.words if isinstance(word, Scalar)]
        if variable == "REPROCC_SEED" or any(f"{variable}=" in word for word in words):
            return True
    environment = _environment(pipeline, transformation)
    if environment is None:
        return False
    given = (*(name for name, _ in environment.variables), *environment.passed)
    return variable in {name.text for name in given}


def _environment(pipeline: Pipeline, transformation: Transformation) -> Environment | None:
    named = transformation.environment
    name = "default" if named is None else named.text
    return next((e for e in pipeline.spec.environments if e.name.text == name), None)
