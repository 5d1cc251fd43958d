"""Columns of types that a file, or a query, cannot hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..codes.edges import UNSUITED_COLUMN_TYPE
from ..diagnostic import Diagnostic, Label
from ..plan import FileForm
from ..source import Span
from ..spec import Artifact, Name
from .forms import is_queried, is_read, is_written
from .known import KnownColumn, KnownTable

_FORMATS = {"csv": "CSV", "jsonl": "JSON lines"}
_MOST = 5
"""How many columns are shown, where several are wrong at one place."""


def judge_read_file(
    artifact: Name, known: KnownTable, form: FileForm, at: Span
) -> Iterator[Diagnostic]:
    """Report columns of an input that a command's file of it cannot hold."""
    bad = [column for column, kind in known.typed() if not is_written(kind, form)]
    mend = "leave out `as`: the command then reads Parquet"
    yield from _said(bad, artifact, f"{_FORMATS.get(form)} cannot hold", at, mend)


def judge_written_file(
    artifact: Name, known: KnownTable, form: FileForm, at: Span
) -> Iterator[Diagnostic]:
    """Report columns of an output that can never be read from the file that a command writes."""
    bad = [column for column, kind in known.typed() if not is_read(kind, form)]
    mend = "leave out `as`, and write Parquet"
    yield from _said(bad, artifact, f"{_FORMATS.get(form)} cannot hold", at, mend)


def judge_source(artifact: Artifact, known: KnownTable, form: str) -> Iterator[Diagnostic]:
    """Report columns that can never be read from the files of a source."""
    assert artifact.source is not None, "what has no source has no file"
    bad = [column for column, kind in known.typed() if not is_read(kind, form)]
    mend = "use a source in Parquet, or read the column as `string`"
    at = artifact.source.location.span
    yield from _said(bad, artifact.name, f"{_FORMATS.get(form)} cannot hold", at, mend)


def judge_queried(artifact: Name, known: KnownTable, at: Span) -> Iterator[Diagnostic]:
    """Report columns for which a query cannot read its input."""
    bad = [column for column, kind in known.typed() if not is_queried(kind)]
    mend = "give the column another type where the table is made"
    yield from _said(bad, artifact, "a query cannot read", at, mend)


def _said(
    columns: Sequence[KnownColumn], artifact: Name, what: str, at: Span, mend: str
) -> Iterator[Diagnostic]:
    """Say it once, for as many columns as there are."""
    if not columns:
        return
    first, more = columns[0], len(columns) - 1
    which = f"`{first.name}` of `{artifact.text}`, a `{first.type}`"
    if more:
        which = f"`{first.name}` and {more} more column{'s' * (more > 1)} of `{artifact.text}`"
    yield Diagnostic(
        code=UNSUITED_COLUMN_TYPE,
        message=f"{what} {which}",
        primary=Label(span=at),
        related=tuple(
            Label(span=column.span, message=f"`{column.type}`") for column in columns[:_MOST]
        ),
        help=mend,
    )
