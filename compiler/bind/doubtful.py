"""Items whose shape is wrong, though enough is left to bind them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..diagnostic import Diagnostic
from ..document import Document, Entry, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """Names of artifacts and transformations in which an error of shape lies.

    A key that is misspelt there is missing, so what such an item lacks is no second mistake: its
    axes are not known, and its call is not judged. An error in a contract or a setting does not
    make the rest doubtful; `resources` names the transformations whose resources hold one.
    """

    artifacts: frozenset[str]
    transformations: frozenset[str]
    resources: frozenset[str]


_APART = frozenset(
    {"columns", "additional_columns", "rows", "require", "key", "tolerance", "description"}
    | {"resources", "threads", "seed", "timeout", "retries", "on_out_of_memory", "preload"}
    | {"numerics", "isolation", "deterministic", "environment", "code"}
)
"""Keys in whose values an error says nothing about the rest of an item."""


def doubtful_items(document: Document, diagnostics: Iterable[Diagnostic]) -> Doubtful:
    """Find the items of a document in which errors lie."""
    places = sorted(d.primary.span.start for d in diagnostics if d.severity == "error")
    return Doubtful(
        artifacts=_names(document, "artifacts", places, _is_doubtful),
        transformations=_names(document, "transformations", places, _is_doubtful),
        resources=_names(document, "transformations", places, _has_wrong_resources),
    )


def _names(
    document: Document, section: str, places: list[int], judge: Callable[[Entry, list[int]], bool]
) -> frozenset[str]:
    node = document.root.get(section) if isinstance(document.root, Mapping) else None
    if not places or not isinstance(node, Mapping):
        return frozenset()
    return frozenset(entry.key for entry in node.entries if judge(entry, _inside(entry, places)))


def _inside(entry: Entry, places: list[int]) -> list[int]:
    """Return those of the sorted places that lie in an entry."""
    end = max(entry.value.span.end, entry.key_span.end)
    return places[bisect_left(places, entry.key_span.start) : bisect_left(places, end)]


def _is_doubtful(item: Entry, places: list[int]) -> bool:
    apart = [] if not isinstance(item.value, Mapping) else item.value.entries
    return any(
        not any(_inside(entry, [place]) for entry in apart if entry.key in _APART)
        for place in places
    )


def _has_wrong_resources(item: Entry, places: list[int]) -> bool:
    resources = item.value.entry("resources") if isinstance(item.value, Mapping) else None
    return resources is not None and bool(_inside(resources, places))
