"""How a table's source is stored can be told."""

from __future__ import annotations

from collections.abc import Iterator

from ..codes.sources import UNKNOWN_TABLE_FORMAT
from ..diagnostic import Diagnostic, Label
from ..lowering.artifacts import table_format
from ..pipeline import Pipeline
from ..source import Span


def unknown_table_format(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Report tables read from a file whose extension says nothing, without a `format`.

    Of a folder, or a pattern without an extension, the extension of each file decides.
    """
    undecided = {
        artifact.id
        for artifact in pipeline.artifacts
        if artifact.kind == "table" and artifact.format is None
    }
    for binding in pipeline.sources:
        if binding.artifact not in undecided or table_format(binding.location) is not None:
            continue
        if pipeline.workspace.is_file(pipeline.folder / binding.location):
            undecided.discard(binding.artifact)
            assert binding.span is not None, "every source is written somewhere"
            yield Diagnostic(
                code=UNKNOWN_TABLE_FORMAT,
                message=f"the format of table `{binding.artifact}` cannot be told from its name",
                primary=Label(span=Span(pipeline.spec.span.source, *binding.span)),
                help="add `format:` with `csv`, `parquet`, `jsonl` or `arrow`",
            )
