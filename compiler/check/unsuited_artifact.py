"""A query reads tables and makes one."""

from __future__ import annotations

from collections.abc import Iterator

from ..codes.queries import UNSUITED_ARTIFACT
from ..codes.shape import DUPLICATE_PARAMETER
from ..diagnostic import Diagnostic, Label
from ..graph import reads_of
from ..lowering.call import arriving_tables
from ..pipeline import Pipeline
from ..spec import ArtifactKind, Name, Query, Transformation


def unsuited_artifact(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Report inputs of queries that arrive as no table, and outputs that are not one table."""
    for transformation in pipeline.spec.transformations:
        if not isinstance(transformation.body, Query):
            continue
        yield from _same_names(transformation)
        tables = set(arriving_tables(transformation, pipeline.kinds))
        for read in reads_of(transformation):
            kind = pipeline.kinds.get(read.artifact.text)
            if kind is not None and read.parameter.text not in tables:
                yield _unsuited(transformation, read.artifact, kind, "reads")
        first, *others = transformation.outputs
        kind = pipeline.kinds.get(first.artifact.text)
        if kind is not None and kind != "table":
            yield _unsuited(transformation, first.artifact, kind, "makes")
        if others:
            yield Diagnostic(
                code=UNSUITED_ARTIFACT,
                message=f"the query of `{transformation.name.text}` makes more than one table",
                primary=Label(span=others[0].artifact.span),
                related=(Label(span=first.artifact.span, message="what it makes"),),
                help="write a query of its own for each table",
            )


def _same_names(transformation: Transformation) -> Iterator[Diagnostic]:
    """Report inputs whose names differ in case only, which SQL does not tell apart."""
    first: dict[str, Name] = {}
    for read in reads_of(transformation):
        name = read.parameter
        earlier = first.setdefault(name.text.casefold(), name)
        if earlier.text != name.text:
            yield Diagnostic(
                code=DUPLICATE_PARAMETER,
                message=f"`{name.text}` and `{earlier.text}` are one name in a query",
                primary=Label(span=name.span),
                related=(Label(span=earlier.span, message="first given here"),),
                help="rename one of them",
            )


def _unsuited(
    transformation: Transformation, artifact: Name, kind: ArtifactKind, verb: str
) -> Diagnostic:
    hint = None
    if kind == "metrics" and verb == "reads":
        hint = f"gather them: `gather: {{{artifact.text}: {artifact.text}}}`"
    owner = transformation.name.text
    return Diagnostic(
        code=UNSUITED_ARTIFACT,
        message=f"the query of `{owner}` {verb} `{artifact.text}`, of kind `{kind}`, no table",
        primary=Label(span=artifact.span),
        help=hint,
    )
