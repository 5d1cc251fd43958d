"""From the location of a mistake in a model to its place in the document and in the schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..document import Mapping, Node, Sequence
from ..source import Span

Location = tuple[int | str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A value in a document: its key, words that name it, and the schema of what may stand there.

    `key_span` is the place of the key, or of the value where it stands in a list.
    """

    node: Node
    key: str
    key_span: Span
    words: str
    schema: dict[str, Any]


def locate(start: Place, location: Location) -> Place:
    """Follow a location from a place; tags of shapes and what is not there are passed over."""
    place = start
    for part in location:
        if isinstance(part, int) and isinstance(place.node, Sequence):
            place = _entry_of_list(place, part)
        elif isinstance(part, str) and isinstance(place.node, Mapping):
            place = _entry_of_mapping(place, part)
    return place


def _entry_of_list(place: Place, index: int) -> Place:
    assert isinstance(place.node, Sequence), "the caller has seen a list"
    item = place.node.items[index]
    schema = place.schema.get("items")
    return Place(
        node=item,
        key=place.key,
        key_span=item.span,
        words=f"an entry of `{place.key}`",
        schema=schema if isinstance(schema, dict) else {},
    )


def _entry_of_mapping(place: Place, key: str) -> Place:
    assert isinstance(place.node, Mapping), "the caller has seen a mapping"
    entry = place.node.entry(key)
    if entry is None:
        return place
    schema = place.schema.get("properties", {}).get(key, place.schema.get("additionalProperties"))
    return Place(
        node=entry.value,
        key=key,
        key_span=entry.key_span,
        words=f"`{key}`",
        schema=schema if isinstance(schema, dict) else {},
    )
