"""Numbers without gaps, and tags that name what is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ..store import layout
from ..store.backend import Backend
from ..store.records import TagMove
from .census import Census, Entry
from .finding import Finding


def gaps(backend: Backend, census: Census) -> Iterator[Finding]:
    """Yield the numbers that are missing among the versions of a point, or the moves of a tag."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for kind in ("version", "tag"):
        for entry in census.of(kind):
            folder, name = _split(entry.key)
            found[folder].add(layout.number_of(name) or 0)
    for key in census.aside:
        folder, name = _split(key)
        if folder in found:
            found[folder].add(layout.number_aside(name) or 0)
    for folder, numbers in found.items():
        for number in range(1, max(numbers)):
            # A listing may show a later one of two that were created while it was made.
            is_gap = (
                number not in numbers and backend.stat(folder + layout.numbered(number)) is None
            )
            if is_gap:
                yield Finding(
                    kind="gap",
                    severity="damage",
                    key=folder + layout.numbered(number),
                    message=f"there is no number {number}, but there are later ones",
                )


def last_moves(census: Census) -> dict[str, Entry]:
    """Return the last move of each tag, by the folder of its moves."""
    return {_split(entry.key)[0]: entry for entry in census.of("tag")}


def lost_targets(backend: Backend, census: Census) -> Iterator[Finding]:
    """Yield what tags name and is not there."""
    for entry in last_moves(census).values():
        move = entry.record
        if not isinstance(move, TagMove):
            continue
        for target in move.targets:
            key = layout.version_key(move.pipeline, move.artifact, target.point, target.number)
            if key not in census.entries and backend.stat(key) is None:
                yield Finding(
                    kind="lost-target",
                    severity="damage",
                    key=key,
                    message=f"the tag `{move.tag}` names this version, which is not there",
                    named_by=(f"{move.pipeline}/{move.artifact}@{move.tag}",),
                )


def _split(key: str) -> tuple[str, str]:
    folder, slash, name = key.rpartition("/")
    return folder + slash, name
