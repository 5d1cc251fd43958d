"""Reuse records: what a fingerprint gave before; the newest that is whole counts."""

from __future__ import annotations

from collections.abc import Iterator

from ...compiler.fingerprint import Fingerprint
from . import layout
from .append import append, numbers
from .at_once import at_once, each
from .backend import Backend, Damaged, Missing, Stat
from .objects import is_content_whole
from .records import ReuseRecord
from .records_json import decode_reuse, encode_reuse
from .sealed import NewerFormat


def find(backend: Backend, fingerprint: Fingerprint) -> ReuseRecord | None:
    """Return the newest record of a fingerprint all of whose objects are there, or None.

    A record that is damaged, or lacks an object or finds one with the wrong size, is passed over;
    the log may be missing.
    """
    found = _records(backend, fingerprint)
    return next((record for record in found if _is_whole(backend, record)), None)


def latest(backend: Backend, fingerprint: Fingerprint) -> ReuseRecord | None:
    """Return the newest record of a fingerprint that can be read, whether or not it is whole."""
    return next(_records(backend, fingerprint), None)


def add(backend: Backend, record: ReuseRecord) -> None:
    """Append a record, which is the newest from now on; its objects must be stored before."""
    data = encode_reuse(record)
    append(backend, layout.reuse_of(record.fingerprint), lambda _last: data)


def is_empty(backend: Backend) -> bool:
    """Say whether no fingerprint has a record, so that everything is new."""
    return not any(True for _ in backend.list(layout.REUSE))


def _records(backend: Backend, fingerprint: Fingerprint) -> Iterator[ReuseRecord]:
    """Yield the records of a fingerprint that can be read, the newest first."""
    folder = layout.reuse_of(fingerprint)
    if at_once(backend) > 1 and (only := _only(backend, folder, fingerprint)) is not None:
        yield only
        return
    for number in reversed(numbers(backend, folder)):
        record = _read(backend, folder + layout.numbered(number), fingerprint)
        if record is not None:
            yield record


def _only(backend: Backend, folder: str, fingerprint: Fingerprint) -> ReuseRecord | None:
    """Return the first record where there is no second, which is known sooner by asking for both
    than by listing; None where a listing must tell."""

    def ask(number: int) -> ReuseRecord | Stat | None:
        key = folder + layout.numbered(number)
        return _read(backend, key, fingerprint) if number == 1 else backend.stat(key)

    first, second = each(backend, ask, (1, 2))
    return first if isinstance(first, ReuseRecord) and second is None else None


def _read(backend: Backend, key: str, fingerprint: Fingerprint) -> ReuseRecord | None:
    try:
        record = decode_reuse(backend.get(key), f"{backend.url}/{key}")
    except (Missing, Damaged, NewerFormat):
        return None
    return record if record.fingerprint == fingerprint else None


def _is_whole(backend: Backend, record: ReuseRecord) -> bool:
    return all(is_content_whole(backend, content) for _, content in record.outputs)
