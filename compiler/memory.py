"""What was worked out of files, kept between compilations: a hint, not trusted past a change.

A file is taken to be what it was while its size, its times of change, its number and its device are
what they were; not where it changed shortly before that was written down, since a clock's tick is
coarse. Then, and where they differ, its bytes decide. The folder may vanish at any time, cannot be
written or hold garbage: then all is worked out again.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from collections.abc import Callable
from pathlib import Path

Signature = tuple[int, int, int, int, int]
"""Size in bytes, times of modification and of change in nanoseconds, number, device."""

_Entry = tuple[Signature, str, dict[str, bytes]]

_TICK = 2_000_000_000
"""Nanoseconds: the coarsest tick of a file system's clock."""

_WORTH_KEEPING = 100_000
"""Bytes of files that were read anew; less is worked out again as quickly as it is read."""

_MOST_FILES = 5_000
_MOST_BYTES = 64 << 20
_MOST_FOLDERS = 16
_DIGEST = 32


class Memory:
    """What was worked out of the files of one folder; `folder` is where all memories are kept."""

    def __init__(self, folder: Path, of: Path) -> None:
        name = f"{os.path.abspath(of)}\0{sys.version_info[:2]}\0{_own_signature()}"
        self._file = folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.memory"
        self._old, self._written = _load(self._file)
        self._new: dict[str, tuple[Signature, str, dict[str, Callable[[], bytes]]]] = {}
        self._known: dict[str, _Entry] = {}
        self._anew = 0

    def recall(self, key: str, signature: Signature) -> str | None:
        """Return the sha256 of the bytes that a file surely has; None if they are to be read."""
        entry = self._old.get(key)
        if entry is None or entry[0] != signature:
            return None
        if max(signature[1], signature[2]) > self._written - _TICK:
            return None
        self._known[key] = entry
        return entry[1]

    def recall_by(self, key: str, signature: Signature, sha256: str) -> bool:
        """Say whether a file, which was read, has the bytes that it had."""
        entry = self._old.get(key)
        if entry is None or entry[1] != sha256:
            return False
        self._known[key] = (signature, sha256, entry[2])
        self._anew += signature[0]
        return True

    def result(self, key: str, what: str) -> bytes | None:
        """Return what was worked out of a file that was recalled."""
        entry = self._known.get(key)
        return None if entry is None else entry[2].get(what)

    def keep(
        self, key: str, signature: Signature, sha256: str, what: str, pack: Callable[[], bytes]
    ) -> None:
        """Keep what was worked out of a file; it is packed if all is worth being kept."""
        if key not in self._new:
            self._new[key] = signature, sha256, {}
            self._anew += signature[0]
        self._new[key][2][what] = pack

    def save(self) -> None:
        """Write down what is new, where that is worth it. Never raises."""
        if self._anew < _WORTH_KEEPING:
            return
        entries = {**self._old, **self._known}
        for key, (signature, sha256, packs) in self._new.items():
            packed = {what: pack() for what, pack in packs.items()}
            before = entries.get(key)
            same = before[2] if before is not None and before[1] == sha256 else {}
            entries[key] = (signature, sha256, {**same, **packed})
        if len(entries) > _MOST_FILES:
            entries = {key: entries[key] for key in (*self._known, *self._new)}
        data = marshal.dumps(entries)
        if len(data) <= _MOST_BYTES:
            _write(self._file, hashlib.sha256(data).digest() + data)


def signature_of(path: str) -> Signature | None:
    """Return what tells a file from what it was; None where it is not there."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev


def _load(file: Path) -> tuple[dict[str, _Entry], int]:
    """Return what was written down, and when; nothing where it is not whole."""
    try:
        with file.open("rb") as opened:
            written = os.fstat(opened.fileno()).st_mtime_ns
            data = opened.read(_MOST_BYTES + _DIGEST)
        if hashlib.sha256(memoryview(data)[_DIGEST:]).digest() != data[:_DIGEST]:
            return {}, 0
        return marshal.loads(memoryview(data)[_DIGEST:]), written
    except (OSError, ValueError, EOFError, TypeError):
        return {}, 0


def _write(file: Path, data: bytes) -> None:
    partial = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial.write_bytes(data)
        partial.replace(file)
        kept = sorted(file.parent.glob("*.memory"), key=lambda one: one.stat().st_mtime_ns)
        for old in kept[:-_MOST_FOLDERS]:
            old.unlink(missing_ok=True)
    except OSError:
        try:
            partial.unlink(missing_ok=True)
        except OSError:
            return


def _own_signature() -> str:
    """Return what tells this version of the compiler from another."""
    folder = os.path.dirname(__file__)
    found: list[tuple[str, int, int]] = []
    for part in ("code", "code/reaching", "lint", "codes"):
        with os.scandir(os.path.join(folder, part)) as entries:
            stats = ((entry.name, entry.stat()) for entry in entries if entry.name.endswith(".py"))
            found += [(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats]
    return hashlib.sha256(repr(sorted(found)).encode()).hexdigest()
