"""What a function needs, its transformation gives."""

from __future__ import annotations

from collections.abc import Iterator

from ..codes.calls import MISSING_ARGUMENT
from ..diagnostic import Diagnostic, Label
from ..lowering.call import WRITTEN_KINDS, given_names, written_outputs
from ..pipeline import Pipeline
from .unknown_argument import intended, unknown_artifacts, unknown_names


def missing_argument(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Report parameters without a default that nothing gives, at both places.

    A parameter for which an unknown name was probably meant has been reported there, and where an
    artifact that stands for a parameter too is unknown, it may be the one that is missing.
    """
    for transformation in pipeline.spec.transformations:
        entry = pipeline.entries.functions.get(transformation.name.text)
        if transformation.name.text in pipeline.doubtful.transformations:
            continue
        if entry is None or entry.signature.is_decorated:
            continue
        if unknown_artifacts(transformation, pipeline):
            continue
        unknown = unknown_names(transformation, entry.signature)
        meant = {intended(transformation, entry.signature, name) for name in unknown}
        given = given_names(transformation) | {"seed", "rng"} | meant
        given |= set(written_outputs(transformation, entry.signature, pipeline.kinds))
        outputs = {output.name.text: output for output in transformation.outputs}
        # An output that is misspelt may be the one that is written to this path.
        has_unknown_output = any(o.artifact.text not in pipeline.kinds for o in outputs.values())
        for sign in entry.signature.parameters:
            if sign.has_default or sign.name in given:
                continue
            output = outputs.get(sign.name)
            if output is not None and output.artifact.text not in pipeline.kinds:
                continue
            if has_unknown_output and pipeline.kinds.get(sign.name) in WRITTEN_KINDS:
                continue
            hint = f"add `{sign.name}` to `inputs` or `arguments`, or give it a default"
            if output is not None:
                hint = "return this output; only files and folders are written to a path"
            yield Diagnostic(
                code=MISSING_ARGUMENT,
                message=f"`{entry.function}` needs `{sign.name}`, which nothing gives",
                primary=Label(span=transformation.body.span),
                related=(Label(span=sign.span, message="has no default"),),
                help=hint,
            )
