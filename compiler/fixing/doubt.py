"""A mistake of which no mend is certain."""

from __future__ import annotations

from dataclasses import replace

from ..diagnostic import Diagnostic


def doubt(diagnostic: Diagnostic) -> Diagnostic:
    """Return a diagnostic whose fixes are offers only."""
    fixes = tuple(replace(fix, is_certain=False) for fix in diagnostic.fixes)
    return replace(diagnostic, fixes=fixes)
