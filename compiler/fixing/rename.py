"""Another word in the place of one that is wrong."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostic import Edit, Fix
from ..source import Span
from .slip import slip_of


def rename(
    span: Span, old: str, new: str | None, known: Iterable[str] = (), *, of_language: bool = False
) -> tuple[Fix, ...]:
    """Return the fix that writes `new` where `old` stands in a span; none where that is hidden.

    It is certain where `old` is a slip of the hand for `new` and for nothing else of `known`.
    """
    if new is None:
        return ()
    is_certain = slip_of(old, known, of_language=of_language) == new
    return replace_word(span, old, new, is_certain=is_certain)


def replace_word(span: Span, old: str, new: str, *, is_certain: bool) -> tuple[Fix, ...]:
    """Return the fix that writes `new` for the only `old` in a span; none where that is hidden."""
    if span.text.count(old) != 1:
        return ()
    start = span.start + span.text.index(old)
    edit = Edit(span=Span(span.source, start, start + len(old)), text=new)
    return (Fix(title=f"Write `{new}`", edits=(edit,), is_certain=is_certain),)


def rename_all(
    spans: Iterable[Span], old: str, new: str, known: Iterable[str], *, is_doubtful: bool
) -> tuple[Fix, ...]:
    """Return the fix that renames at several places at once; none where one of them is hidden."""
    fixes = [rename(span, old, new, known) for span in spans]
    if not all(fixes):
        return ()
    edits = tuple(edit for (fix,) in fixes for edit in fix.edits)
    is_certain = all(fix.is_certain for (fix,) in fixes) and not is_doubtful
    return (Fix(title=f"Write `{new}`", edits=edits, is_certain=is_certain),)
