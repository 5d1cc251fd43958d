"""Quotes around a text that YAML reads as something else."""

from __future__ import annotations

import re

from ..diagnostic import Edit, Fix
from ..source import Span

_COVERED = re.compile(r"\$\{[^{}\n]*\}|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\n]|'')*'")
_BEGINNING = re.compile(r"(?:.*(?:[\[{,]|:[ \t]|\?[ \t])|\A)[ \t]*")
_END = re.compile(r"[ \t]*(?:[,\]}\r\n]|[ \t]#|\Z)")
_PATTERN = re.compile(r"\*+[./*]|\*.*[/*?]|\*\w+[./]")
_NOT_PLAIN = frozenset("\"'&*!|>%@`#")


def quote(span: Span, *, is_certain: bool = True) -> tuple[Fix, ...]:
    """Return the fix that writes a span in double quotes; none where they would change it."""
    if not span.text or '"' in span.text or "\\" in span.text:
        return ()
    edits = (Edit(span=span, text=f'"{span.text}"'),)
    return (Fix(title="Quote it", edits=edits, is_certain=is_certain),)


def quote_expression(span: Span) -> tuple[Fix, ...]:
    """Return the fix that quotes the whole text in `[…]` or `{…}` in which an expression stands."""
    text = span.source.text
    start = max(text.rfind("\n", 0, span.start), text.rfind("\r", 0, span.start)) + 1
    # What stands in quotes and in braces of expressions ends no entry.
    bare = _COVERED.sub(lambda found: "x" * len(found[0]), text[start:])
    beginning = _BEGINNING.match(bare, 0, span.start - start)
    first = start + (beginning.end() if beginning is not None else 0)
    ending = _END.search(bare, span.end - start)
    last = start + (ending.start() if ending is not None else len(bare))
    whole = Span(span.source, first, last)
    if not span.text.endswith("}") or text[first : first + 1] in _NOT_PLAIN:
        return ()
    return () if re.search(r":(?:\s|\Z)", bare[first - start : last - start]) else quote(whole)


def quote_pattern(span: Span) -> tuple[Fix, ...]:
    """Return the fix that quotes what is read as an alias; certain where it is a pattern."""
    text = span.source.text
    before = text[text.rfind("\n", 0, span.start) + 1 : span.start]
    opened = sum(before.count(sign) for sign in "[{") - sum(before.count(sign) for sign in "]}")
    ending = _END.match(text, span.end)
    ends = ending is not None and (opened > 0 or ending[0].strip(" \t") in ("", "\r", "\n", "#"))
    return quote(span, is_certain=ends and _PATTERN.match(span.text) is not None)


def unwrap(span: Span, scalar: Span, quotes: str) -> tuple[Fix, ...]:
    """Return the fix that takes away one of `quotes` right before and behind a part of a scalar.

    None where there is none of them, or YAML's own quotes are of that kind.
    """
    text = span.source.text
    before, behind = text[span.start - 1 : span.start], text[span.end : span.end + 1]
    is_within = scalar.start < span.start and span.end < scalar.end
    if not is_within or before != behind or before not in quotes or scalar.text[0] == before:
        return ()
    edits = tuple(
        Edit(span=Span(span.source, at, at + 1), text="") for at in (span.start - 1, span.end)
    )
    return (Fix(title="Take the quotes away", edits=edits, is_certain=True),)
