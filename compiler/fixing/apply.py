"""A text with the certain mends of its mistakes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..diagnostic import Diagnostic, Edit, Fix
from ..source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A mistake and the fix that was applied for it; places are those before."""

    diagnostic: Diagnostic
    fix: Fix


def certain_fix(diagnostic: Diagnostic, path: str) -> Fix | None:
    """Return the fix of a mistake that is certain and changes nothing but the file at a path."""
    for fix in diagnostic.fixes:
        if fix.is_certain and all(edit.span.source.path == path for edit in fix.edits):
            return fix
    return None


def apply_fixes(
    source: Source, diagnostics: Iterable[Diagnostic]
) -> tuple[str, tuple[Applied, ...]]:
    """Return a text with all certain fixes, and which they are; every other character stays.

    Of fixes that overlap, the first in order of the diagnostics is applied and the others are not.
    """
    applied: list[Applied] = []
    edits: list[Edit] = []
    for diagnostic in diagnostics:
        fix = certain_fix(diagnostic, source.path)
        if fix is None or any(_overlap(one, other) for one in fix.edits for other in edits):
            continue
        applied.append(Applied(diagnostic=diagnostic, fix=fix))
        edits.extend(fix.edits)
    text = source.text
    for edit in sorted(edits, key=lambda edit: edit.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text, tuple(applied)


def _overlap(one: Edit, other: Edit) -> bool:
    """Whether two edits touch the same characters, or insert at the same place."""
    if one.span.start == other.span.start:
        return True
    return one.span.start < other.span.end and other.span.start < one.span.end
