"""What a transformation gives, its function takes."""

from __future__ import annotations

from collections.abc import Iterator

from ..code import Signature
from ..codes.calls import UNKNOWN_ARGUMENT
from ..diagnostic import Diagnostic, Fix, Label
from ..fixing.rename import rename
from ..graph import reads_of
from ..lowering.call import given_names
from ..pipeline import Pipeline
from ..source import Span
from ..spec import Name, Transformation
from ..suggest import closest


def unknown_argument(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Report names that the function has no parameter for, at both places."""
    for transformation in pipeline.spec.transformations:
        entry = pipeline.entries.functions.get(transformation.name.text)
        if entry is None:
            continue
        unknown = unknown_artifacts(transformation, pipeline)
        for name in unknown_names(transformation, entry.signature):
            if name.span in unknown:
                continue
            near = intended(transformation, entry.signature, name)
            hint = f"its parameters are {_listed(entry.signature)}"
            yield Diagnostic(
                code=UNKNOWN_ARGUMENT,
                message=f"`{entry.function}` has no parameter `{name.text}`",
                primary=Label(span=name.span),
                related=(Label(span=entry.signature.span, message="declared here"),),
                help=hint if near is None else f"did you mean `{near}`?",
                fixes=_fix(transformation, entry.signature, name, near),
            )


def unknown_artifacts(transformation: Transformation, pipeline: Pipeline) -> set[Span]:
    """Return where one name stands for parameter and artifact, and there is no such artifact.

    That has been said of the artifact; which parameter was meant is not known.
    """
    return {
        read.artifact.span
        for read in reads_of(transformation)
        if read.parameter.span == read.artifact.span and read.artifact.text not in pipeline.kinds
    }


def unknown_names(transformation: Transformation, signature: Signature) -> tuple[Name, ...]:
    """Return the names given that the function does not take; a decorator may take anything."""
    if signature.accepts_any or signature.is_decorated:
        return ()
    declared = {sign.name for sign in signature.parameters}
    names = [read.parameter for read in reads_of(transformation)]
    names += [name for name, _ in transformation.arguments]
    return tuple(name for name in names if name.text not in declared)


def intended(transformation: Transformation, signature: Signature, name: Name) -> str | None:
    """Return the parameter that an unknown name probably means, one that nothing gives.

    Where it is like none, that is the only one that is needed, if no other name is unknown.
    """
    given = given_names(transformation)
    free = [sign for sign in signature.parameters if sign.name not in given]
    near = closest(name.text, [sign.name for sign in free])
    if near is not None or len(unknown_names(transformation, signature)) > 1:
        return near
    needed = [one.name for one in free if not one.has_default and one.name not in ("seed", "rng")]
    outputs = {output.name.text for output in transformation.outputs}
    needed = [one for one in needed if one not in outputs]
    return needed[0] if len(needed) == 1 else None


def _fix(
    transformation: Transformation, signature: Signature, name: Name, near: str | None
) -> tuple[Fix, ...]:
    """Offer the edit where the name is a key alone, not also an artifact's name."""
    is_artifact = any(read.artifact.span == name.span for read in reads_of(transformation))
    known = {sign.name: sign for sign in signature.parameters}
    # A parameter that must be given, and is not, leaves less doubt than a name among many.
    is_needed = near is not None and not known[near].has_default
    fixes = rename(name.span, name.text, near, known, of_language=is_needed)
    return () if is_artifact else fixes


def _listed(signature: Signature) -> str:
    names = [f"`{sign.name}`" for sign in signature.parameters]
    return ", ".join(names[:8]) + (", …" if len(names) > 8 else "") if names else "none"
