"""Which versions stay, and why: pure functions over a census."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from ..store import layout
from ..store.records import TagMove, Version
from .census import Census, Entry
from .numbering import last_moves
from .under_way import RunFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is kept: the newest `keep` versions of an artifact at each point (1 or more), whatever
    is younger than `grace` seconds, logs of what is not kept for `logs` seconds."""

    keep: int
    grace: float
    logs: float


class Wanted:
    """The versions that stay whatever their age: what tags name, and what the runs that are under
    way have read or made."""

    def __init__(self, census: Census, under_way: Iterable[RunFile]) -> None:
        self._keys = {
            layout.version_key(move.pipeline, move.artifact, one.point, one.number)
            for move in (entry.record for entry in last_moves(census).values())
            if isinstance(move, TagMove)
            for one in move.targets
        }
        self._digests = {
            digest
            for run in under_way
            for task in run.tasks
            for digest in chain((one[2] for one in task.inputs), (one[3] for one in task.outputs))
        }

    def has(self, entry: Entry) -> bool:
        """Say whether a version is wanted, by its manifest."""
        version = entry.record
        is_used = isinstance(version, Version) and version.content.digest in self._digests
        return is_used or entry.key in self._keys


def going_versions(
    census: Census, wanted: Wanted, *, keep: int, before: float
) -> tuple[Entry, ...]:
    """Return the manifests that may go, in order of their keys.

    A version stays where it is wanted, and where it is among the newest `keep` of its point or was
    until `before` (seconds since 1970 by the store's clock): whoever began after that may have
    chosen it as the newest.
    """
    series: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in census.of("version"):
        series[entry.key.rpartition("/")[0]].append(entry)
    return tuple(
        entry
        for entries in series.values()
        # Keys of one folder are in the order of their numbers.
        for entry, newer in zip(entries, entries[keep:], strict=False)
        if newer.stat.modified < before and not wanted.has(entry)
    )
