"""What is needed of the objects and records of a store, given which versions go."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, field

from ..contracts.report import ContractReport
from ..store.records import ReuseRecord, Version
from .census import Census, Entry
from .naming import logs_of, objects_of


@dataclass(slots=True)
class Marks:
    """The names of the objects that are needed, and the records that go with what is not."""

    objects: set[str] = field(default_factory=set)
    logs: set[str] = field(default_factory=set)
    reuses: list[Entry] = field(default_factory=list)
    contracts: list[Entry] = field(default_factory=list)

    def spare(self, name: str) -> bool:
        """Say whether nothing needs an object of this name."""
        return name not in self.objects and name not in self.logs


def mark(
    census: Census,
    *,
    going: Set[str],
    before: float,
    logs_before: float,
    under_way: Set[str],
) -> Marks:
    """Return what is needed where the manifests with the keys `going` go.

    A record of reuse stays where all its objects do, where it is not older than `before`, or
    where a run that is under way made it. Times are in seconds since 1970 by the store's clock.
    """
    marks, digests = Marks(), set[str]()
    for entry in census.entries.values():
        if entry.kind in ("version", "run-start") and entry.key not in going:
            marks.objects.update(name for name, _ in objects_of(entry.record))
            if isinstance(entry.record, Version):
                digests.add(entry.record.content.digest)
    reuses = [(entry, entry.record) for entry in census.of("reuse")]
    known = [(entry, record) for entry, record in reuses if isinstance(record, ReuseRecord)]
    for entry, record in known:
        if entry.stat.modified >= before or record.run in under_way:
            marks.objects.update(name for name, _ in objects_of(record))
    for entry, record in known:
        if all(name in marks.objects for name, _ in objects_of(record)):
            marks.logs.update(logs_of(record))
            digests.update(content.digest for _, content in record.outputs)
        else:
            marks.reuses.append(entry)
    marks.logs.update(_young_logs(census.of("tasks"), logs_before))
    marks.contracts.extend(
        entry
        for entry in census.of("contract")
        if isinstance(entry.record, ContractReport)
        and entry.record.content not in digests
        and entry.stat.modified < before
    )
    return marks


def _young_logs(batches: Iterable[Entry], before: float) -> Iterable[str]:
    for entry in batches:
        if entry.stat.modified >= before:
            yield from logs_of(entry.record)
