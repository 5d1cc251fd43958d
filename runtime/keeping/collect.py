"""Remove what nobody needs: old versions, what only they consist of, and what kills left behind.

The order makes it safe beside any number of writers (`docs/store-format.md`, Collection):
objects are listed before records are read; manifests and records of reuse go before objects; then
everything that came meanwhile is read too; and an object goes only if it is still as old as it
was when it was listed, since whoever wants to name one that is there touches it first.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field

from ..store import layout
from ..store.at_once import at_once, each
from ..store.backend import TOUCHED_WITHIN, Backend, Missing, Stat
from ..store.leftovers import discard_left, leftovers
from ..store.records import Version
from .census import Census, Entry
from .marking import Marks, mark
from .naming import logs_of, objects_of, parts_of
from .object_check import listed_objects
from .remaking import Remaking
from .retention import Policy, Wanted, going_versions
from .under_way import RunFile, runs_in

KINDS = ("objects", "orphans", "logs", "manifests", "reuse", "contracts", "leftovers")
"""What goes: objects of records that go, objects that nothing names, logs, manifests of versions,
records of reuse, reports of contracts, files of writers that were killed."""


@dataclass(slots=True)
class Tally:
    """How many there are of a kind, and their bytes."""

    count: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """A version that goes. `bytes` are those of its objects that nothing needs that stays;
    `obstacle` is what keeps it from being made again, empty where nothing does."""

    version: Version
    bytes: int
    obstacle: str


@dataclass(slots=True, kw_only=True)
class Collected:
    """What went, or would go: versions in order of their names, and the `freed` by kind.

    `kept` counts the versions that stay; `under_way` are runs, sorted. `unreadable` are records
    that cannot be read: nothing goes then, since nobody knows what they name.
    """

    versions: list[Going] = field(default_factory=list)
    freed: dict[str, Tally] = field(default_factory=lambda: {kind: Tally() for kind in KINDS})
    kept: int = 0
    under_way: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()

    @property
    def bytes(self) -> int:
        """Bytes of everything that went, or would go."""
        return sum(tally.bytes for tally in self.freed.values())


def collect(backend: Backend, policy: Policy, *, deletes: bool) -> Collected:
    """Find what nobody needs, and remove it if `deletes`. Raises StoreError."""
    return _Collection(backend, policy, deletes=deletes).run()


class _Collection:
    """One pass over a store; `_before` is the time before which something must have been left
    alone to go, by the store's clock."""

    def __init__(self, backend: Backend, policy: Policy, *, deletes: bool) -> None:
        self._backend = backend
        self._policy = policy
        self._deletes = deletes
        self._result = Collected()
        touched = backend.touch(layout.STORE) if deletes else None
        self._now = time.time() if touched is None else touched.modified
        self._before = self._now - policy.grace

    def run(self) -> Collected:
        objects = {stat.key.rpartition("/")[2]: stat for stat in listed_objects(self._backend)}
        census = Census(self._backend)
        census.take()
        self._result.unreadable = tuple(entry.key for entry in census.troubled)
        if self._result.unreadable:
            return self._result
        under_way = self._under_way(census)
        self._before = min([self._before, *(one.began for one in under_way)]) - self._slack
        going = self._going(census, under_way)
        marks = self._marks(census, under_way, going.keys())
        kinds = _kinds(census, objects)
        self._describe(census, going, marks, objects)
        if self._deletes:
            retired = self._retire(going.values(), marks.reuses)
            marks = self._marked_again(census, retired)
        else:
            self._count("manifests", (entry.stat for entry in going.values()))
            self._count("reuse", (entry.stat for entry in marks.reuses))
        unneeded = [(name, stat) for name, stat in objects.items() if marks.spare(name)]
        old = [(name, stat) for name, stat in unneeded if stat.modified < self._before]
        for kind in ("objects", "orphans", "logs"):
            self._remove(kind, (stat for name, stat in old if kinds[name] == kind))
        self._remove("contracts", (entry.stat for entry in marks.contracts))
        self._remove(
            "leftovers",
            (one for one in leftovers(self._backend) if one.modified < self._before),
            lambda one: discard_left(self._backend, one),
        )
        return self._result

    @property
    def _slack(self) -> float:
        """Seconds by which something may be older than it should be, as it was left as it is."""
        return 2 * TOUCHED_WITHIN if at_once(self._backend) > 1 else 0.0

    def _under_way(self, census: Census) -> list[RunFile]:
        runs = runs_in(census).values()
        found = [run for run in runs if run.state(self._now) == "under way"]
        self._result.under_way = tuple(sorted(run.run for run in found))
        return found

    def _going(self, census: Census, under_way: list[RunFile]) -> dict[str, Entry]:
        wanted = Wanted(census, under_way)
        found = going_versions(census, wanted, keep=self._policy.keep, before=self._before)
        return {entry.key: entry for entry in found}

    def _marks(self, census: Census, under_way: list[RunFile], going: Set[str]) -> Marks:
        return mark(
            census,
            going=going,
            before=self._before,
            logs_before=min(self._before, self._now - self._policy.logs),
            under_way={run.run for run in under_way},
        )

    def _describe(
        self, census: Census, going: dict[str, Entry], marks: Marks, objects: dict[str, Stat]
    ) -> None:
        versions = [
            (e.key, e.record) for e in census.of("version") if isinstance(e.record, Version)
        ]
        kept = [version for key, version in versions if key not in going]
        lost = [version for key, version in versions if key in going]
        self._result.kept = len(kept)
        remaking = Remaking(
            kept=kept,
            going=lost,
            objects={name for name in objects if not marks.spare(name)},
            runs=runs_in(census),
        )
        for version in lost:
            names = {name for name, _ in parts_of(version.content) if marks.spare(name)}
            self._result.versions.append(
                Going(
                    version=version,
                    bytes=sum(objects[name].size for name in names if name in objects),
                    obstacle=remaking.obstacle(version),
                )
            )

    def _retire(self, going: Iterable[Entry], reuses: Iterable[Entry]) -> list[Entry]:
        """Put manifests and records of reuse out of use; return the manifests that were there."""
        retired = [entry for entry in going if self._put_aside(entry.key)]
        self._count("manifests", (entry.stat for entry in retired))
        self._remove("reuse", (entry.stat for entry in reuses))
        return retired

    def _marked_again(self, census: Census, retired: list[Entry]) -> Marks:
        """Return what is needed now; what was wanted before it was put out of use comes back."""
        census.take()
        wanted = Wanted(census, self._under_way(census))
        missed = [entry for entry in retired if wanted.has(entry)]
        for entry in missed:
            self._backend.create(entry.key, self._backend.get(_gone(entry.key)))
            self._backend.delete(_gone(entry.key))
        if missed:
            keys = {entry.key for entry in missed}
            self._result.versions = [
                one for one in self._result.versions if _key(one.version) not in keys
            ]
            self._result.kept += len(missed)
            census.take()
        return self._marks(census, self._under_way(census), frozenset())

    def _put_aside(self, key: str) -> bool:
        try:
            self._backend.create(_gone(key), self._backend.get(key))
        except Missing:
            return False
        self._backend.delete(key)
        return True

    def _remove(
        self, kind: str, found: Iterable[Stat], act: Callable[[Stat], bool] | None = None
    ) -> None:
        """Remove what is still as it was found, and count it."""
        stats = list(found)
        if self._deletes:
            done = each(self._backend, act or self._backend.discard, stats)
            stats = [stat for stat, did in zip(stats, done, strict=True) if did]
        self._count(kind, stats)

    def _count(self, kind: str, stats: Iterable[Stat]) -> None:
        tally = self._result.freed[kind]
        for stat in stats:
            tally.count += 1
            tally.bytes += stat.size


def _kinds(census: Census, objects: Iterable[str]) -> dict[str, str]:
    """Return of which kind each object is, should it go."""
    logs = {log for entry in census.entries.values() for log in logs_of(entry.record)}
    named = {name for e in census.entries.values() for name, _ in objects_of(e.record)}
    return {
        name: "objects" if name in named else "logs" if name in logs else "orphans"
        for name in objects
    }


def _gone(key: str) -> str:
    return key.removesuffix(".json") + layout.GONE


def _key(version: Version) -> str:
    return layout.version_key(version.pipeline, version.artifact, version.point, version.number)
