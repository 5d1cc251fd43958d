"""Take what is damaged out of use, so that the next submit makes it again.

Every act leaves the store in order, so a repair that is killed is finished by the next one; and
each looks again right before, so that what a running submit has mended meanwhile is left alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from ..store import layout
from ..store.backend import Backend, Missing
from ..store.records_json import encode_store
from .census import Census, read_entry
from .ending import end_killed
from .finding import Checked, Finding
from .numbering import last_moves
from .object_check import is_sound


def repair(backend: Backend, checked: Checked) -> Checked:
    """Mend what was found, and return the same findings with what was done. Raises StoreError."""
    census = Census(backend)
    census.take()
    lasts = {entry.key for entry in last_moves(census).values()}
    return replace(
        checked, findings=tuple(_mended(backend, one, census, lasts) for one in checked.findings)
    )


def _mended(backend: Backend, one: Finding, census: Census, lasts: set[str]) -> Finding:
    match one.kind:
        case "store-mark":
            backend.put(layout.STORE, encode_store())
            return replace(one, act="written anew", stays=False)
        case "damaged-record":
            return _damaged_record(backend, one, census, lasts)
        case "gap":
            backend.create(one.key.removesuffix(".json") + layout.GONE, b"")
            return replace(one, act="noted as gone", stays=False)
        case "missing-object":
            return _missing_object(backend, one)
        case "wrong-size" | "damaged-object":
            return _damaged_object(backend, one)
        case "killed-run":
            return end_killed(backend, one, census)
        case "newer-record" | "lost-target" | "leftover":
            return one
        case _:
            assert_never(one.kind)


def _damaged_record(backend: Backend, one: Finding, census: Census, lasts: set[str]) -> Finding:
    """Set a record aside; a copy of it may still be of use to somebody."""
    (entry,) = one.entries
    if entry.key in lasts:
        # Without it the tag would mean what it meant before, and nobody would notice.
        return replace(one, message="the last move of a tag is damaged: move the tag again")
    again = read_entry(backend, entry.stat, entry.kind)
    if again is None or again.trouble is None:
        return replace(one, act="mended meanwhile", stays=False)
    try:
        backend.create(one.key.removesuffix(".json") + layout.DAMAGED, backend.get(one.key))
    except Missing:
        return replace(one, act="gone meanwhile", stays=False)
    backend.discard(entry.stat)
    if entry.kind == "run-end":
        return end_killed(backend, replace(one, act="set aside", stays=False), census)
    return replace(one, act="set aside", stays=False)


def _damaged_object(backend: Backend, one: Finding) -> Finding:
    found = one.found
    assert found is not None, "what is damaged is there"
    if backend.stat(found.key) == found and is_sound(backend, found) is not True:
        backend.discard(found)
    now = backend.stat(found.key)
    if now is not None and is_sound(backend, now):
        return replace(one, act="mended meanwhile", stays=False)
    return replace(_missing_object(backend, one), act="removed")


def _missing_object(backend: Backend, one: Finding) -> Finding:
    """Take the records of reuse that want an object out of reuse, where no version shares it."""
    kinds = {entry.kind for entry in one.entries}
    if "version" in kinds:
        return one
    reuses = [entry for entry in one.entries if entry.kind == "reuse"]
    for entry in reuses:
        backend.discard(entry.stat)
    act = "taken out of reuse" if reuses else ""
    return replace(
        one,
        act=act,
        severity="note" if "run-start" in kinds else one.severity,
        stays="run-start" in kinds,
    )
