"""Every record of a store at once, each read one time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ..store import layout
from ..store.at_once import each
from ..store.backend import Backend, Damaged, Missing, Stat
from ..store.records_json import (
    decode_end,
    decode_report,
    decode_reuse,
    decode_start,
    decode_tasks,
    decode_version,
)
from ..store.sealed import NewerFormat
from ..store.tags_json import decode_move
from .naming import Record, logs_of, objects_of

Kind = Literal["version", "tag", "reuse", "contract", "run-start", "tasks", "run-end"]

_NAME = r"[^/]+"
_NUMBER = r"\d{10}\.json"
_RUN_FOLDER = rf"runs/{_NAME}/(?P<run>{_NAME})"
_KEYS: dict[Kind, re.Pattern[str]] = {
    "version": re.compile(rf"pipelines/{_NAME}/artifacts/{_NAME}/(?:{_NAME}/)?{_NUMBER}"),
    "tag": re.compile(rf"pipelines/{_NAME}/tags/{_NAME}/{_NAME}/{_NUMBER}"),
    "reuse": re.compile(rf"reuse/[0-9a-f]+/{_NUMBER}"),
    "contract": re.compile(r"contracts/[0-9a-f]+/[0-9a-f]+\.json"),
    "run-start": re.compile(rf"{_RUN_FOLDER}/start\.json"),
    "tasks": re.compile(rf"{_RUN_FOLDER}/tasks/{_NUMBER}"),
    "run-end": re.compile(rf"{_RUN_FOLDER}/end\.json"),
}
_OBJECT = re.compile(r"[0-9a-f]{64}")
_TOPS = (layout.PIPELINES, layout.REUSE, "contracts/", layout.RUNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A record as it was read; where it could not be, `trouble` says why and `record` is None."""

    stat: Stat
    kind: Kind
    record: Record | None
    trouble: Literal["damaged", "newer"] | None

    @property
    def key(self) -> str:
        """The key of the record."""
        return self.stat.key


class Census:
    """All records of a store; `take` brings it up to date and reads only what is new."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.entries: dict[str, Entry] = {}
        self.aside: tuple[str, ...] = ()
        """The keys of what was put aside, sorted."""
        self.beats: dict[str, float] = {}
        """When runs last said that they are under way, by the store's clock."""

    def take(self) -> None:
        """Read what has come since the last time, forget what has gone. Raises StoreError."""
        known, self.entries = self.entries, {}
        new: list[tuple[Stat, Kind]] = []
        aside: list[str] = []
        for top in _TOPS:
            for stat in self._backend.list(top):
                kind = kind_of(stat.key)
                if kind is None:
                    if stat.key.endswith((layout.GONE, layout.DAMAGED)):
                        aside.append(stat.key)
                    elif stat.key.endswith(f"/{layout.ALIVE}"):
                        self.beats[run_of_key(stat.key)] = stat.modified
                elif stat.key in known and known[stat.key].stat == stat:
                    self.entries[stat.key] = known[stat.key]
                else:
                    new.append((stat, kind))
        self.aside = tuple(sorted(aside))
        for entry in each(self._backend, lambda one: read_entry(self._backend, *one), new):
            if entry is not None:
                self.entries[entry.key] = entry

    def of(self, kind: Kind) -> Iterator[Entry]:
        """Yield the records of a kind, in order of their keys."""
        found = (entry for entry in self.entries.values() if entry.kind == kind)
        return iter(sorted(found, key=lambda entry: entry.key))

    @property
    def troubled(self) -> tuple[Entry, ...]:
        """The records that could not be read, in order of their keys."""
        found = (entry for entry in self.entries.values() if entry.trouble is not None)
        return tuple(sorted(found, key=lambda entry: entry.key))


def kind_of(key: str) -> Kind | None:
    """Return what kind of record has this key; None where none has such a key."""
    return next((kind for kind, keys in _KEYS.items() if keys.fullmatch(key)), None)


def run_of_key(key: str) -> str:
    """Return the run whose record has this key, or nothing where it is no run's."""
    matched = re.match(_RUN_FOLDER, key)
    return matched["run"] if matched else ""


def read_entry(backend: Backend, stat: Stat, kind: Kind) -> Entry | None:
    """Read a record and check that it belongs where it lies; None where it has gone.

    Raises StoreError where the store does not answer.
    """
    try:
        record = _decoded(kind, stat.key, backend.get(stat.key))
    except Missing:
        return None
    except NewerFormat:
        return Entry(stat=stat, kind=kind, record=None, trouble="newer")
    except Damaged:
        return Entry(stat=stat, kind=kind, record=None, trouble="damaged")
    return Entry(stat=stat, kind=kind, record=record, trouble=None)


def _decoded(kind: Kind, key: str, data: bytes) -> Record:
    """Return the record in these bytes. Raises Damaged, NewerFormat."""
    record: Record
    match kind:
        case "version":
            record = decode_version(data, key)
            home = layout.version_key(record.pipeline, record.artifact, record.point, record.number)
        case "tag":
            record = decode_move(data, key)
            folder = layout.tags_of(record.pipeline, record.artifact)
            home = f"{folder}{record.tag}/{layout.numbered(record.number)}"
        case "reuse":
            record = decode_reuse(data, key)
            home = layout.reuse_of(record.fingerprint) + key.rpartition("/")[2]
        case "contract":
            record = decode_report(data, key)
            home = layout.contract_key(record.contract, record.content)
        case "run-start":
            record = decode_start(data, key)
            home = _run_key(record.run, "start.json")
        case "tasks":
            record, home = decode_tasks(data, key), key
        case "run-end":
            record = decode_end(data, key)
            home = _run_key(record.run, "end.json")
    if home != key or not all(_OBJECT.fullmatch(name) for name in _objects(record)):
        raise Damaged("it lies elsewhere", place=key, remedy=None, can_retry=False)
    return record


def _objects(record: Record) -> Iterator[str]:
    """Yield what a record takes for names of objects."""
    yield from (name for name, _ in objects_of(record))
    yield from logs_of(record)


def _run_key(run: str, name: str) -> str:
    try:
        return layout.run_of(run) + name
    except ValueError:
        return ""
