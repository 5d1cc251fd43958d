"""Reuse records: what a fingerprint gave before; the newest that is whole counts."""

from __future__ import annotations

from ...compiler.fingerprint import Fingerprint
from . import layout
from .append import append, numbers
from .backend import Backend, Damaged, Missing
from .objects import is_content_whole
from .records import ReuseRecord
from .records_json import decode_reuse, encode_reuse
from .sealed import NewerFormat


def find(backend: Backend, fingerprint: Fingerprint) -> ReuseRecord | None:
    """Return the newest record of a fingerprint all of whose objects are there, or None.

    A record that is damaged, or lacks an object or finds one with the wrong size, is passed over;
    the log may be missing.
    """
    folder = layout.reuse_of(fingerprint)
    for number in reversed(numbers(backend, folder)):
        record = _read(backend, folder + layout.numbered(number), fingerprint)
        if record is not None and _is_whole(backend, record):
            return record
    return None


def latest(backend: Backend, fingerprint: Fingerprint) -> ReuseRecord | None:
    """Return the newest record of a fingerprint that can be read, whether or not it is whole."""
    folder = layout.reuse_of(fingerprint)
    for number in reversed(numbers(backend, folder)):
        record = _read(backend, folder + layout.numbered(number), fingerprint)
        if record is not None:
            return record
    return None


def add(backend: Backend, record: ReuseRecord) -> None:
    """Append a record, which is the newest from now on; its objects must be stored before."""
    data = encode_reuse(record)
    append(backend, layout.reuse_of(record.fingerprint), lambda _last: data)


def is_empty(backend: Backend) -> bool:
    """Say whether no fingerprint has a record, so that everything is new."""
    return not any(True for _ in backend.list(layout.REUSE))


def _read(backend: Backend, key: str, fingerprint: Fingerprint) -> ReuseRecord | None:
    try:
        record = decode_reuse(backend.get(key), f"{backend.url}/{key}")
    except (Missing, Damaged, NewerFormat):
        return None
    return record if record.fingerprint == fingerprint else None


def _is_whole(backend: Backend, record: ReuseRecord) -> bool:
    return all(is_content_whole(backend, content) for _, content in record.outputs)
