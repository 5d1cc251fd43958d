"""Where values really begin and end: parsers report it differently, the text tells."""

from __future__ import annotations

import re

_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*(?:\s+(?:#[^\n\r]*\s+)*|(?=[,\]}])|\Z))+")
_TAG = re.compile(r"(?:&\S+\s+)?(!<[^>]*>|![^\s,\[\]{}]*)")
_PLAIN_NAME = re.compile(r"[&*][0-9A-Za-z_-]+(?=[\s,\]}]|\Z)")
_NAME = re.compile(r"[^\s,\[\]{}]*")
_TO_VALUE = re.compile(r"(?:\s|#[^\n\r]*)*:")
_TO_ENTRY = re.compile(r"(?:\s|#[^\n\r]*)*-(?=\s|\Z)")

Extent = tuple[int, int]
"""Half-open, in code points."""


def line_start(text: str, at: int) -> int:
    """Return where the line of an offset begins."""
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def after_properties(text: str, start: int, end: int) -> int:
    """Return where a value begins behind its anchor and tag; `end` at most."""
    found = _PROPERTIES.match(text, start)
    return min(found.end(), end) if found is not None else start


def tag_extent(text: str, start: int) -> Extent:
    """Return where the tag of a value stands that begins at `start` with it or with an anchor."""
    found = _TAG.match(text, start)
    if found is None:  # some parsers call the anchor behind a tag the beginning
        at = text.rfind("!", 0, start)
        while at > 0 and not text[at - 1].isspace() and text[at - 1] not in "[{,":
            at -= 1
        found = _TAG.match(text, max(at, 0))
    return found.span(1) if found is not None else (start, min(start + 1, len(text)))


def odd_name(text: str, start: int) -> Extent | None:
    """Return an anchor or alias whose end parsers see in different places; None for any other."""
    if _PLAIN_NAME.match(text, start):
        return None
    return whole_name(text, start)


def whole_name(text: str, start: int) -> Extent:
    """Return where an anchor or alias stands, up to white space, a comma or a bracket."""
    found = _NAME.match(text, start)
    assert found is not None, "the pattern matches the empty text"
    return found.span()


def empty_value(text: str, after: int, *, in_list: bool) -> int:
    """Return where an empty value stands: behind the `:` or, in a list, `-` that asks for it.

    `after` is the end of what stands before it: its key, the entry before, the list's beginning.
    """
    found = (_TO_ENTRY if in_list else _TO_VALUE).match(text, after)
    return after if found is None else found.end()
