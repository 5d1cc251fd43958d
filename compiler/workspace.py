"""The one door through which the compiler reads files, so that unsaved text can be laid over them.

A file is read once: whatever asks again, in this compilation and in the run that follows, gets the
same bytes. What was worked out of a file that is what it was need not be worked out again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .canonical import sha256_hex
from .memory import Memory, Signature, signature_of


class ChangedFile(OSError):
    """A file is not any more what it was when it was looked at first."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Files as the compiler sees them: `overlay` (absolute path → bytes) before the disk.

    `kept_in` is a folder in which what was worked out of files is kept; None keeps nothing.
    """

    overlay: Mapping[str, bytes] = field(default_factory=dict)
    kept_in: Path | None = None
    _read: dict[str, bytes] = field(default_factory=dict, repr=False)
    _signatures: dict[str, Signature | None] = field(default_factory=dict, repr=False)
    _vouched: dict[str, str] = field(default_factory=dict, repr=False)
    _memories: dict[str, Memory] = field(default_factory=dict, repr=False)

    def read(self, path: Path) -> bytes:
        """Return a file's bytes. Raises OSError where it cannot be read, or has just changed."""
        key = os.path.abspath(path)
        if key in self.overlay:
            return self.overlay[key]
        if key not in self._read:
            if self.kept_in is not None:
                self._signatures[key] = signature_of(key)  # before it is read
            data = path.read_bytes()
            if key in self._vouched and sha256_hex(data) != self._vouched[key]:
                raise ChangedFile(f"`{path.name}` changed while it was compiled")
            self._read[key] = data
        return self._read[key]

    def recall(self, path: Path, folder: Path, what: str) -> bytes | None:
        """Return what was worked out of a file below a folder, if it is what it was then."""
        key = os.path.abspath(path)
        if self.kept_in is None or key in self.overlay:
            return None
        memory = self._memory(folder)
        if key not in self._read:
            signature = signature_of(key)
            sha256 = None if signature is None else memory.recall(key, signature)
            if sha256 is not None:
                self._vouched[key] = sha256
                return memory.result(key, what)
            try:
                self.read(path)
            except OSError:
                return None
        read_with = self._signatures[key]
        if read_with is None or not memory.recall_by(key, read_with, sha256_hex(self._read[key])):
            return None
        return memory.result(key, what)

    def remember(self, path: Path, folder: Path, what: str, pack: Callable[[], bytes]) -> None:
        """Keep what was worked out of a file that has been read; `pack` turns it into bytes."""
        key = os.path.abspath(path)
        signature = self._signatures.get(key)
        if signature is not None and key in self._read:
            sha256 = sha256_hex(self._read[key])
            self._memory(folder).keep(key, signature, sha256, what, pack)

    def save(self) -> None:
        """Write down what is to be remembered."""
        for memory in self._memories.values():
            memory.save()

    def _memory(self, folder: Path) -> Memory:
        assert self.kept_in is not None, "only then is anything remembered"
        key = os.path.abspath(folder)
        if key not in self._memories:
            self._memories[key] = Memory(self.kept_in, folder)
        return self._memories[key]

    def beginning(self, path: Path, size: int) -> bytes:
        """Return the first `size` bytes of a file, or all. Raises OSError where it has none."""
        key = os.path.abspath(path)
        known = self.overlay.get(key, self._read.get(key))
        if known is not None:
            return known[:size]
        with open(path, "rb") as file:
            return file.read(size)

    def is_file(self, path: Path) -> bool:
        return os.path.abspath(path) in self.overlay or path.is_file()

    def is_folder(self, path: Path) -> bool:
        return path.is_dir()

    def names(self, folder: Path) -> tuple[str, ...]:
        """Return the names in a folder, sorted; none where it cannot be listed."""
        try:
            return tuple(sorted(os.listdir(folder)))
        except OSError:
            return ()

    def glob(self, folder: Path, pattern: str) -> tuple[Path, ...]:
        """Return the files below a folder that match a pattern, sorted by their parts.

        `*` and `?` stay within a name, `**` crosses folders; names that begin with a dot are
        matched only by a pattern that says so. Raises ValueError for a pattern that is none.
        """
        found = (path for path in folder.glob(pattern) if path.is_file())
        hidden = "/." in f"/{pattern}"
        return tuple(
            sorted(
                path
                for path in found
                if hidden or not any(p.startswith(".") for p in path.relative_to(folder).parts)
            )
        )
