"""`as` stands where a command reads or writes a file of a table."""

from __future__ import annotations

from collections.abc import Iterator

from ..codes.commands import UNSUITED_FORM
from ..diagnostic import Diagnostic, Label
from ..graph import reads_of
from ..lowering.call import arriving_tables
from ..pipeline import Pipeline
from ..spec import CommandLine, Function, Name, Transformation

_NOT_FILES = {
    True: ("a function gets no file", "remove it; an annotation says in which form a table comes"),
    False: ("a query gets no file", "remove it; a query reads tables by name"),
}


def unsuited_form(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Report `as` on functions and queries, and on what is no table."""
    for transformation in pipeline.spec.transformations:
        reads = reads_of(transformation)
        written = [(item.artifact, item.form) for item in (*reads, *transformation.outputs)]
        if all(form is None for _, form in written):
            continue
        tables = _tables(transformation, pipeline)
        for artifact, form in written:
            if form is None:
                continue
            if not isinstance(transformation.body, CommandLine):
                is_function = isinstance(transformation.body, Function)
                why, mend = _NOT_FILES[is_function]
                message = f"`as: {form.text}` says nothing here: {why}"
                yield _say(form, message, mend)
            elif artifact.text in pipeline.kinds and artifact.span not in tables:
                kind = pipeline.kinds[artifact.text]
                message = f"`as` is for tables, and `{artifact.text}` is of kind `{kind}`"
                yield _say(form, message, "remove it; other kinds are files already")


def _tables(transformation: Transformation, pipeline: Pipeline) -> set[object]:
    """Return the places of artifacts that are read or written as one file of a table."""
    arriving = set(arriving_tables(transformation, pipeline.kinds))
    return {
        *(r.artifact.span for r in reads_of(transformation) if r.parameter.text in arriving),
        *(
            output.artifact.span
            for output in transformation.outputs
            if pipeline.kinds.get(output.artifact.text) == "table"
        ),
    }


def _say(form: Name, message: str, mend: str) -> Diagnostic:
    label = Label(span=form.span)
    return Diagnostic(code=UNSUITED_FORM, message=message, primary=label, help=mend)
