"""Diagnostics as JSON, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..canonical import CanonicalValue
from ..diagnostic import Diagnostic, Fix, Label
from ..source import Span, position


def render_json(diagnostics: Sequence[Diagnostic]) -> str:
    """Return a JSON list of diagnostics; fields are only ever added."""
    return json.dumps([diagnostic_record(d) for d in diagnostics], indent=2) + "\n"


def diagnostic_record(diagnostic: Diagnostic) -> dict[str, CanonicalValue]:
    """Return a diagnostic as a JSON value.

    `file`, `start` and `end` are the primary place; `labels` the places that say something:
    the primary one where it has words, then the related ones.
    """
    primary = diagnostic.primary
    labels = [*([primary] if primary.message else []), *diagnostic.related]
    return {
        "code": diagnostic.code.name,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        **_place(primary.span),
        "labels": [_label(label) for label in labels],
        "help": diagnostic.help,
        "fixes": [fix_record(fix) for fix in diagnostic.fixes],
    }


def _label(label: Label) -> dict[str, CanonicalValue]:
    return {**_place(label.span), "message": label.message}


def fix_record(fix: Fix) -> dict[str, CanonicalValue]:
    """Return a fix as a JSON value."""
    edits = [{**_place(edit.span), "text": edit.text} for edit in fix.edits]
    return {"title": fix.title, "certain": fix.is_certain, "edits": edits}


def _place(span: Span) -> dict[str, CanonicalValue]:
    return {
        "file": span.source.path,
        "start": _position(span, span.start),
        "end": _position(span, span.end),
    }


def _position(span: Span, offset: int) -> dict[str, CanonicalValue]:
    where = position(span.source, offset)
    return {"line": where.line, "column": where.column, "offset": where.offset}
