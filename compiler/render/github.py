"""Diagnostics as the commands that make annotations on GitHub."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostic import Diagnostic
from ..source import position
from .display import shown


def render_github(diagnostics: Sequence[Diagnostic]) -> str:
    """Return a workflow command for each diagnostic, one a line."""
    return "".join(f"{_command(diagnostic)}\n" for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    span = diagnostic.primary.span
    # A block may end with its last line break; the line after it is not meant.
    last = span.start + len(span.text.rstrip())
    start, end = position(span.source, span.start), position(span.source, last)
    properties = {"file": span.source.path, "line": start.line, "endLine": end.line}
    if start.line == end.line:
        # Columns are only taken where an annotation stays within a line.
        properties |= {"col": start.column, "endColumn": max(start.column + 1, end.column)}
    properties["title"] = diagnostic.code.name
    written = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    message = shown(diagnostic.message)
    if diagnostic.help is not None:
        message += f"\nhelp: {shown(diagnostic.help)}"
    return f"::{diagnostic.severity} {written}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
