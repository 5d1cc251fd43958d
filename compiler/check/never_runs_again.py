"""A transformation without inputs depends on something that changes."""

from __future__ import annotations

from collections.abc import Iterator

from ..codes.contracts import NEVER_RUNS_AGAIN
from ..diagnostic import Diagnostic, Label
from ..expression.template import referenced_parameters
from ..graph import reads_of
from ..pipeline import Pipeline
from ..spec import CommandLine, Function, Query

_MENDS: dict[type, str] = {
    Function: "give it what it depends on as an argument, the date for one",
    CommandLine: "give it what it depends on as a parameter, the date for one",
    Query: "give it what it depends on as a parameter, the date for one",
}


def never_runs_again(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Warn of transformations that read nothing and whose arguments no parameter changes."""
    for transformation in pipeline.spec.transformations:
        name = transformation.name.text
        if reads_of(transformation) or name in pipeline.doubtful.transformations:
            continue
        nodes = [node for _, node in transformation.arguments]
        match transformation.body:
            case CommandLine(words=words):
                nodes.extend(words)
            case Query(text=text) if text is not None:
                nodes.append(text)
            case _:
                pass
        if any(map(referenced_parameters, nodes)):
            continue
        yield Diagnostic(
            code=NEVER_RUNS_AGAIN,
            message=f"`{name}` has no inputs: it runs once, then is reused",
            primary=Label(span=transformation.name.span),
            help=_MENDS[type(transformation.body)],
        )
