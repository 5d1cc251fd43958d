"""The one door through which the compiler reads files, so that unsaved text can be laid over them.

A file is read once: whatever asks again, in this compilation and in the run that follows, gets the
same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Workspace:
    """Files as the compiler sees them: `overlay` (absolute path → bytes) before the disk."""

    overlay: Mapping[str, bytes] = field(default_factory=dict)
    _read: dict[str, bytes] = field(default_factory=dict, repr=False)

    def read(self, path: Path) -> bytes:
        """Return a file's bytes. Raises OSError where it cannot be read."""
        key = os.path.abspath(path)
        if key in self.overlay:
            return self.overlay[key]
        if key not in self._read:
            self._read[key] = path.read_bytes()
        return self._read[key]

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
