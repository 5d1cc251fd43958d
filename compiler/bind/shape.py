"""Whether an item has the right shape, and what is wrong with it in our own words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from ..codes.shape import NOT_SUPPORTED_YET
from ..diagnostic import Diagnostic
from ..document import Entry, Mapping, Node, PlainValue, Sequence, plain_value
from ..fixing.doubt import doubt
from ..source import Span
from .body import BODIES
from .place import Location, Place
from .read import fields

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from ..model.items import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An item whose shape is judged: words that name it, and the place of its key.

    `misnamed` are names that are declared but cannot be names; a reference to one of them is no
    second mistake.
    """

    item: Item
    words: str
    key_span: Span
    node: Node
    misnamed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with an item, and what remains of it that is right.

    `meant` are the keys of the item that unknown ones were probably meant for.
    `remains` is None where it cannot be bound: a part is missing or wrong without which nothing
    can be said of the item.
    """

    diagnostics: tuple[Diagnostic, ...]
    remains: Node | None
    meant: frozenset[str] = frozenset()


_WHOLE: frozenset[Item] = frozenset({"pipeline", "parameter", "environment"})
"""Items that are bound whole or not at all."""

_NEEDED = frozenset({"kind", "source", "python", "command", "sql", "inputs", "gather", "outputs"})
"""Keys of other items without whose values nothing can be said of the rest."""

_INDIVISIBLE = frozenset({"matrix", "on_out_of_memory"})
"""Keys whose values are left out whole."""


def judge(subject: Subject, value: PlainValue = None) -> Verdict:
    """Validate an item against its model; `value` is validated for the node where it is given."""
    try:
        _validator(subject.item)(plain_value(subject.node) if value is None else value)
    except ValueError as error:
        return _translate(subject, cast("ValidationError", error))
    return Verdict((), subject.node)


@lru_cache(maxsize=16)
def _validator(item: Item) -> Callable[[PlainValue], object]:
    """Return what raises pydantic's ValidationError, a ValueError, where an item is wrong."""
    from ..model.items import adapter

    return adapter(item).validator.validate_python


def _translate(subject: Subject, error: ValidationError) -> Verdict:
    from ..model.items import item_schema
    from .keys import missing_key
    from .mistakes import wrong_value

    details = error.errors(include_url=False)
    start = Place(
        node=subject.node,
        key="",
        key_span=subject.key_span,
        words=subject.words,
        schema=item_schema(subject.item),
    )
    unknown = _unknown_keys(start, details)
    found = list(unknown.diagnostics)
    wrong: list[Location] = []
    for detail in details:
        location = detail["loc"]
        if detail["type"] == "extra_forbidden":
            continue
        if detail["type"] == "missing":
            owner, key = location[:-1], str(location[-1])
            wrong.append(owner)
            if owner not in unknown.later and (owner, key) not in unknown.meant:
                found.append(missing_key(start, owner, key))
        else:
            wrong.append(location)
            found.extend(wrong_value(start, detail, subject.misnamed))
    suggested = frozenset(key for owner, key in unknown.meant if not owner)
    return Verdict(tuple(found), None if unknown.later else _remains(subject, wrong), suggested)


@dataclass(frozen=True, slots=True)
class _Unknown:
    """Unknown keys: what is said, the keys meant, and the mappings with keys of a later version."""

    diagnostics: tuple[Diagnostic, ...]
    meant: frozenset[tuple[Location, str]]
    later: frozenset[Location]


def _unknown_keys(start: Place, details: list[ErrorDetails]) -> _Unknown:
    from .keys import unknown_key

    found: list[tuple[Diagnostic, tuple[Location, str] | None]] = []
    later: set[Location] = set()
    extra = [detail["loc"] for detail in details if detail["type"] == "extra_forbidden"]
    missing = [detail["loc"] for detail in details if detail["type"] == "missing"]
    for location in extra:
        owner = location[:-1]
        absent = [str(key) for *path, key in missing if tuple(path) == owner]
        others = [other for other in extra if other[:-1] == owner and other != location]
        diagnostic, suggestion = unknown_key(start, location, () if others else absent)
        if diagnostic.code is NOT_SUPPORTED_YET and owner in later:
            continue
        if diagnostic.code is NOT_SUPPORTED_YET:
            later.add(owner)
        found.append((diagnostic, None if suggestion is None else (owner, suggestion)))
    meant = Counter(key for _, key in found if key is not None)
    bodies = BODIES & ({key for _, key in meant} | set(fields(start.node)))
    # Where several keys may be meant for one, or do what one must, none of them certainly is.
    said = (
        doubt(diagnostic)
        if key is not None and (meant[key] > 1 or (len(bodies) > 1 and key[1] in BODIES))
        else diagnostic
        for diagnostic, key in found
    )
    return _Unknown(tuple(said), frozenset(meant), frozenset(later))


def _remains(subject: Subject, wrong: list[Location]) -> Node | None:
    """Return an item without what is wrong in it, or None where too little would be left."""
    from ..model.shape import TAGS

    if not wrong:
        return subject.node
    if subject.item in _WHOLE:
        return None
    paths = [tuple(part for part in location if part not in TAGS) for location in wrong]
    paths = [path[:-1] if path[-1:] == ("[key]",) else path for path in paths]
    if any(not path or path[0] in _NEEDED for path in paths):
        return None
    return _without(subject.node, [path[:1] if path[0] in _INDIVISIBLE else path for path in paths])


def _without(node: Node, paths: list[Location], *, keeps_names: bool = False) -> Node:
    """Return a node without what stands at some paths; where names are kept, they get nothing."""
    match node:
        case Mapping():
            kept: list[Entry] = []
            for entry in node.entries:
                below = [path[1:] for path in paths if path[0] == entry.key]
                value = entry.value
                if () in below:
                    if not keeps_names:
                        continue
                    value = Mapping(entries=(), span=value.span)
                elif below:
                    # Of a wrong column it is still known that it is there.
                    value = _without(value, below, keeps_names=entry.key == "columns")
                kept.append(Entry(key=entry.key, key_span=entry.key_span, value=value))
            return Mapping(entries=tuple(kept), span=node.span)
        case Sequence():
            items = [
                (item, [path[1:] for path in paths if path[0] == index])
                for index, item in enumerate(node.items)
            ]
            left = tuple(_without(i, below) for i, below in items if () not in below)
            return Sequence(items=left, span=node.span)
        case _:
            return node
