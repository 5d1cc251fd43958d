"""A parameter's name is no output's name."""

from __future__ import annotations

from collections.abc import Iterator

from ..codes.names import INPUT_IS_OUTPUT
from ..diagnostic import Diagnostic, Label
from ..graph import reads_of
from ..lowering.call import WRITTEN_KINDS
from ..pipeline import Pipeline
from ..spec import Function, Name, Transformation


def input_is_output(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Report names that are both; where it is the same artifact, the cycle has been reported.

    An argument clashes only with an output whose path the function could receive.
    """
    for transformation in pipeline.spec.transformations:
        outputs = {output.name.text: output for output in transformation.outputs}
        made = {output.artifact.text for output in transformation.outputs}
        for read in reads_of(transformation):
            output = outputs.get(read.parameter.text)
            if output is not None and read.artifact.text not in made:
                yield _clash(transformation, "input", read.parameter, output.name)
        if not isinstance(transformation.body, Function):
            continue
        for name, _ in transformation.arguments:
            output = outputs.get(name.text)
            if output is not None and pipeline.kinds.get(output.artifact.text) in WRITTEN_KINDS:
                yield _clash(transformation, "argument", name, output.name)


def _clash(transformation: Transformation, what: str, name: Name, output: Name) -> Diagnostic:
    owner = transformation.name.text
    return Diagnostic(
        code=INPUT_IS_OUTPUT,
        message=f"`{name.text}` is both an {what} and an output of `{owner}`",
        primary=Label(span=name.span),
        related=(Label(span=output.span, message="the output"),),
        help="rename one of them, as in `{other_name: artifact}`",
    )
