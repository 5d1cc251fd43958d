"""Files that user code must not change, and whether it has."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..store.objects import hash_path
from .scratch import seal_tree

Signature = tuple[tuple[str, int, int, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A file or folder as it was laid out, read-only.

    `digests` gives the sha256 of each file by its path below `path` (empty for a single file), and
    an empty text for each empty folder. `parameter` is the input that it belongs to.
    """

    parameter: str
    path: Path
    digests: Mapping[str, str]
    signature: Signature

    def is_changed(self) -> bool:
        """Whether its bytes are other ones now; they are read only where something hints at it."""
        try:
            if signature_of(self.path) == self.signature:
                return False
            return _digests(self.path) != dict(self.digests)
        except OSError:
            return True


def watch(parameter: str, path: Path, digests: Mapping[str, str]) -> Watched:
    """Make a file or folder read-only and remember how it looks. Raises OSError."""
    seal_tree(path)
    return Watched(parameter=parameter, path=path, digests=digests, signature=signature_of(path))


def signature_of(path: Path) -> Signature:
    """Return what the file system says of a file, or of a folder and all in it. Raises OSError.

    A change of content or a replacement always shows in it: the time of change cannot be set.
    """
    found: list[tuple[str, int, int, int, int]] = []
    for name, entry in _entries(path, ""):
        state = entry.lstat()
        found.append((name, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns))
    return tuple(found)


def _digests(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, entry in _entries(path, ""):
        mode = entry.lstat().st_mode
        if stat.S_ISREG(mode):
            found[name] = hash_path(entry)[0]
        elif not stat.S_ISDIR(mode):
            found[name] = "neither a file nor a folder"
        elif name and not os.listdir(entry):
            found[name] = ""
    return found


def _entries(path: Path, name: str) -> Iterator[tuple[str, Path]]:
    yield name, path
    if path.is_dir() and not path.is_symlink():
        for child in sorted(os.listdir(path)):
            yield from _entries(path / child, f"{name}/{child}" if name else child)
