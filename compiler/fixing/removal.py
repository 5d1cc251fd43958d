"""What stands twice, taken away once."""

from __future__ import annotations

import re

from ..diagnostic import Edit, Fix
from ..document import Node, Scalar, Sequence, plain_value
from ..source import Span

_DASH = re.compile(r"[ \t]*-[ \t]+\Z")
_BLANKS = re.compile(r"[ \t]*\Z")
_REST = re.compile(r"[ \t]*(?:\r\n|\r|\n|\Z)")


def remove_item(items: Sequence, index: int) -> tuple[Fix, ...]:
    """Return the fix that removes a scalar, not the first, from a list; certain.

    None where more than the entry would go, such as a comment.
    """
    item = items.items[index]
    is_flow = items.span.text.startswith("[")
    return _remove(item.span, before=_DASH, is_flow=is_flow) if isinstance(item, Scalar) else ()


def remove_repeated(first: Node, key: Span, again: Node, *, is_flow: bool) -> tuple[Fix, ...]:
    """Return the fix that removes a key written again with the value that it has; certain.

    None where the values differ, or more than the key and its value would go.
    """
    if repr(plain_value(first)) != repr(plain_value(again)) or again.span.start < key.end:
        return ()
    return _remove(Span(key.source, key.start, again.span.end), before=_BLANKS, is_flow=is_flow)


def _remove(span: Span, *, before: re.Pattern[str], is_flow: bool) -> tuple[Fix, ...]:
    """Remove a span with its comma, or with its lines where only `before` precedes it there."""
    text = span.source.text
    if "#" in span.text:
        return ()
    if is_flow:
        start, end = len(text[: span.start].rstrip()) - 1, span.end
        if text[start : start + 1] != ",":
            return ()
    else:
        start = max(text.rfind("\n", 0, span.start), text.rfind("\r", 0, span.start)) + 1
        rest = _REST.match(text, span.end)
        if rest is None or not before.match(text[start : span.start]):
            return ()
        end = rest.end()
    edits = (Edit(span=Span(span.source, start, end), text=""),)
    return (Fix(title="Remove it", edits=edits, is_certain=True),)
