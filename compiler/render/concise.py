"""Diagnostics one a line, as compilers and editors have always read them."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostic import Diagnostic
from ..source import position
from .display import shown


def render_concise(diagnostics: Sequence[Diagnostic]) -> str:
    """Return a line `path:line:column: error[code]: message` for each diagnostic."""
    return "".join(f"{_line(diagnostic)}\n" for diagnostic in diagnostics)


def _line(diagnostic: Diagnostic) -> str:
    span = diagnostic.primary.span
    where = position(span.source, span.start)
    place = f"{shown(span.source.path)}:{where.line}:{where.column}"
    name = f"{diagnostic.severity}[{diagnostic.code.name}]"
    return f"{place}: {name}: {shown(diagnostic.message)}"
