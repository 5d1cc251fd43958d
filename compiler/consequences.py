"""What is said only because of another mistake, left out once everything is known."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace

from .codes import edges, expressions
from .codes.contracts import IMPOSSIBLE_KEY
from .codes.graph import NO_ORIGIN
from .codes.queries import UNDEFINED_ORDER
from .diagnostic import Code, Diagnostic, Fix, Label
from .document import Document, Entry, Mapping
from .source import Span

_OF_CONTRACTS = frozenset(
    {
        *(code for code in vars(edges).values() if isinstance(code, Code)),
        IMPOSSIBLE_KEY,
        NO_ORIGIN,
        UNDEFINED_ORDER,
    }
)
"""Codes that judge what an artifact declares; a key of it that is wrong may be what they miss."""

_TELLING = frozenset({"kind", "source", "key", "additional_columns"})
"""Keys of an artifact whose values say which columns it has; names under `columns` are kept."""

_OF_NAMES = frozenset({expressions.UNKNOWN_PARAMETER, expressions.UNKNOWN_AXIS})
"""Codes of a name that is not declared, which is one mistake wherever the name is used."""


def without_consequences(
    found: Iterable[Diagnostic],
    document: Document,
    unread: tuple[Diagnostic, ...],
    unbound: tuple[Diagnostic, ...],
) -> list[Diagnostic]:
    """Leave out of what was found what follows from mistakes in the text and in its shape.

    `unread` and `unbound` are those mistakes, and part of `found`. A name that is not declared is
    said once, with the other places where it stands.
    """
    found = list(found)
    if not found:
        return found
    shape = {id(one) for one in (*unread, *unbound)}
    places = {one.primary.span for one in unread}
    marred = _marred(document, [one.primary.span.start for one in unbound])
    keys = {one.primary.span for one in found if one.code is IMPOSSIBLE_KEY}
    kept = [
        one
        for one in found
        if (one.primary.span not in places or one in unread)
        and not (id(one) not in shape and one.code in _OF_CONTRACTS and _touches(one, marred))
        and not (one.code is edges.MISSING_COLUMN and one.primary.span in keys)
    ]
    return list(_said_once(kept))


def _marred(document: Document, places: list[int]) -> list[Span]:
    """Return where the artifacts stand of which a key is wrong, or what tells their columns."""
    node = document.root.get("artifacts") if isinstance(document.root, Mapping) else None
    entries = node.entries if isinstance(node, Mapping) and places else ()
    places = sorted(places)
    found = ((entry, _whole(entry)) for entry in entries)
    return [
        whole
        for entry, whole in found
        if _is_marred(
            entry, places[bisect_left(places, whole.start) : bisect_left(places, whole.end)]
        )
    ]


def _is_marred(artifact: Entry, places: list[int]) -> bool:
    keys = artifact.value.entries if isinstance(artifact.value, Mapping) else ()
    return any(
        entry.key_span.start == place or (entry.key in _TELLING and place in _range(entry))
        for entry in keys
        for place in places
    )


def _range(entry: Entry) -> range:
    whole = _whole(entry)
    return range(whole.start, whole.end)


def _whole(entry: Entry) -> Span:
    end = max(entry.value.span.end, entry.key_span.end)
    return Span(entry.key_span.source, entry.key_span.start, end)


def _touches(diagnostic: Diagnostic, spans: list[Span]) -> bool:
    """Whether a place of a diagnostic lies in one of some spans, which are in order."""
    for label in (diagnostic.primary, *diagnostic.related):
        start = label.span.start
        at = bisect_right(spans, start, key=lambda span: span.start)
        if at and start < spans[at - 1].end and label.span.source is spans[at - 1].source:
            return True
    return False


def _said_once(found: list[Diagnostic]) -> Iterator[Diagnostic]:
    """Gather what is said of one undeclared name; what is given for one is no second mistake."""
    first: dict[tuple[Code, str], list[Diagnostic]] = {}
    for one in found:
        if one.code in _OF_NAMES:
            first.setdefault((one.code, one.message), []).append(one)
    for one in found:
        if one.code not in _OF_NAMES:
            yield one
            continue
        same = first.pop((one.code, one.message), None)
        if same is not None:
            yield _gathered(same)


def _gathered(same: list[Diagnostic]) -> Diagnostic:
    first, *others = sorted(dict.fromkeys(same), key=lambda one: one.primary.span.start)
    if not others:
        return first
    related = tuple(Label(span=one.primary.span, message="also named here") for one in others)
    fixes: tuple[Fix, ...] = ()
    if all(one.fixes for one in (first, *others)):
        edits = tuple(edit for one in (first, *others) for edit in one.fixes[0].edits)
        is_certain = all(one.fixes[0].is_certain for one in (first, *others))
        fixes = (replace(first.fixes[0], edits=edits, is_certain=is_certain),)
    return replace(first, related=(*first.related, *related), fixes=fixes)
