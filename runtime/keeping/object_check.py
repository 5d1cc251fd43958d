"""Every object is there, with its size, and on request with its sha256."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from ..parallel import in_threads
from ..store import layout
from ..store.at_once import at_once
from ..store.backend import Backend, Stat, StoreError
from ..store.objects import hash_path
from .census import Census, Entry
from .finding import Finding, Kind
from .naming import logs_of, objects_of, title_of

_PIECE = 16 << 20


@dataclass(slots=True, kw_only=True)
class ObjectsChecked:
    """What came of it; sizes are in bytes."""

    findings: list[Finding] = field(default_factory=list)
    count: int = 0
    bytes: int = 0
    orphans: int = 0
    orphan_bytes: int = 0


@dataclass(slots=True)
class _Wanted:
    sizes: set[int] = field(default_factory=set)
    by: list[Entry] = field(default_factory=list)


def check_objects(backend: Backend, census: Census, *, deep: bool) -> ObjectsChecked:
    """Compare the objects of a store with what its records name. Raises StoreError."""
    wanted: defaultdict[str, _Wanted] = defaultdict(_Wanted)
    for entry in census.entries.values():
        for sha256, size in objects_of(entry.record):
            one = wanted[layout.object_key(sha256)]
            one.by.append(entry)
            if size is not None:
                one.sizes.add(size)
    logs = {layout.object_key(log) for e in census.entries.values() for log in logs_of(e.record)}
    result, doubted = ObjectsChecked(), list[Stat]()
    missing = dict(wanted)
    for stat in listed_objects(backend):
        result.count += 1
        result.bytes += stat.size
        named = missing.pop(stat.key, None)
        if named is None and stat.key not in wanted and stat.key not in logs:
            result.orphans += 1
            result.orphan_bytes += stat.size
        if named is not None and named.sizes - {stat.size}:
            message = f"it has {stat.size:,} bytes, not {next(iter(named.sizes - {stat.size})):,}"
            result.findings.append(_finding("wrong-size", stat.key, message, named, stat))
        else:
            doubted.append(stat)
    for key, named in missing.items():
        if backend.stat(key) is None and _is_still_named(backend, named):
            result.findings.append(_finding("missing-object", key, "it is not there", named, None))
    if deep:
        result.findings += _damaged(backend, doubted, wanted)
    result.findings.sort(key=lambda finding: finding.key)
    return result


def listed_objects(backend: Backend) -> Iterator[Stat]:
    """Yield all objects of a store, in order; what is no object is passed over."""
    for stat in backend.list("objects/"):
        name = stat.key.rpartition("/")[2]
        if len(name) == 64 and stat.key == layout.object_key(name):
            yield stat


def is_sound(backend: Backend, stat: Stat) -> bool | None:
    """Read an object through and say whether its name is its sha256; None where it has gone.

    Raises StoreError where it cannot be read.
    """
    path = backend.path(stat.key)
    try:
        if path is not None:
            sha256 = hash_path(path)[0]
        else:
            digest = hashlib.sha256()
            for start in range(0, max(stat.size, 1), _PIECE):
                digest.update(backend.range(stat.key, start, _PIECE))
            sha256 = digest.hexdigest()
    except StoreError:
        if backend.stat(stat.key) is None:
            return None
        raise
    return sha256 == stat.key.rpartition("/")[2]


def _damaged(backend: Backend, stats: list[Stat], wanted: dict[str, _Wanted]) -> Iterator[Finding]:
    threads = max(at_once(backend), 4)
    verdicts = in_threads(partial(is_sound, backend), stats, threads=threads)
    for stat, verdict in zip(stats, verdicts, strict=True):
        if verdict is False:
            named = wanted.get(stat.key) or _Wanted()
            yield _finding("damaged-object", stat.key, "its bytes are others", named, stat)


def _finding(kind: Kind, key: str, message: str, named: _Wanted, found: Stat | None) -> Finding:
    is_history = kind == "missing-object" and all(entry.kind == "run-start" for entry in named.by)
    known = next(iter(named.sizes), None)
    return Finding(
        kind=kind,
        severity="note" if is_history else "damage",
        key=key,
        message=message,
        size=known if found is None else found.size,
        named_by=_titles(named.by),
        found=found,
        entries=tuple(named.by),
    )


def _titles(entries: list[Entry]) -> tuple[str, ...]:
    """Return what names an object: versions where there are any, else the rest."""
    for kind in ("version", "reuse", "run-start"):
        found = dict.fromkeys(
            title_of(entry.record)
            for entry in entries
            if entry.kind == kind and entry.record is not None
        )
        if found:
            return tuple(found)
    return ()


def _is_still_named(backend: Backend, named: _Wanted) -> bool:
    return any(backend.stat(entry.key) is not None for entry in named.by)
