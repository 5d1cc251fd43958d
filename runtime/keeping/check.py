"""Look a whole store through; nothing is written, and nobody who writes meanwhile is disturbed."""

from __future__ import annotations

import time
from collections.abc import Iterator

from ..store import layout
from ..store.backend import Backend, Damaged, Missing, Stat
from ..store.leftovers import leftovers
from ..store.records_json import check_store
from .census import Census, Entry, read_entry
from .finding import Checked, Finding
from .numbering import gaps, lost_targets
from .object_check import check_objects
from .under_way import RunFile, runs_in

_OLD = 24 * 3600.0
"""Seconds from which on a file in `tmp/` is taken for what a killed process left."""


def check(backend: Backend, *, deep: bool) -> Checked:
    """Check every record and object of a store; `deep` reads all objects and hashes them again.

    Raises StoreError where the store does not answer, NewerFormat where its mark is newer.
    """
    marks = tuple(_mark(backend))
    census = Census(backend)
    census.take()
    # Objects after records: what a record names was there before it.
    objects = check_objects(backend, census, deep=deep)
    now = time.time()
    findings = (
        *marks,
        *_troubled(backend, census),
        *gaps(backend, census),
        *lost_targets(backend, census),
        *objects.findings,
        *(_killed(run, now) for run in runs_in(census).values() if _is_over(run, now)),
        *(_left(one) for one in leftovers(backend) if one.size and now - one.modified > _OLD),
    )
    return Checked(
        findings=findings,
        records=len(census.entries) + 1 - len(marks),
        objects=objects.count,
        bytes=objects.bytes,
        orphans=objects.orphans,
        orphan_bytes=objects.orphan_bytes,
    )


def _mark(backend: Backend) -> Iterator[Finding]:
    try:
        check_store(backend.get(layout.STORE), layout.STORE)
    except (Missing, Damaged):
        yield Finding(
            kind="store-mark",
            severity="damage",
            key=layout.STORE,
            message="the mark of the store is damaged",
            found=backend.stat(layout.STORE),
        )


def _troubled(backend: Backend, census: Census) -> Iterator[Finding]:
    for entry in census.troubled:
        # A report of a contract may have been replaced, and everything may have been collected.
        again = read_entry(backend, entry.stat, entry.kind)
        if again is None or again.trouble is None:
            continue
        is_newer = again.trouble == "newer"
        yield Finding(
            kind="newer-record" if is_newer else "damaged-record",
            severity="note" if is_newer else "damage",
            key=entry.key,
            message="a newer reprocc wrote it" if is_newer else _torn(entry),
            size=entry.stat.size,
            found=entry.stat,
            entries=(entry,),
        )


def _torn(entry: Entry) -> str:
    what = {
        "version": "the manifest of a version",
        "tag": "a move of a tag",
        "reuse": "a reuse record",
        "contract": "a contract report",
        "run-start": "the first record of a run",
        "tasks": "a record of a run's tasks",
        "run-end": "the last record of a run",
    }
    return f"{what[entry.kind]} is damaged"


def _is_over(run: RunFile, now: float) -> bool:
    return run.state(now) in ("killed", "silent")


def _killed(run: RunFile, now: float) -> Finding:
    is_sure = run.state(now) == "killed"
    return Finding(
        kind="killed-run",
        severity="note",
        key=layout.run_of(run.run) + "end.json",
        message="its process is gone" if is_sure else "it has given no sign of life for a day",
        named_by=(f"run {run.run}",),
    )


def _left(found: Stat) -> Finding:
    return Finding(
        kind="leftover",
        severity="note",
        key=f"tmp/{found.key}",
        message="a process was killed while it wrote",
        size=found.size,
    )
