"""The folder on this machine's disk in which a worker works, gone when the worker is."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .scratch import remove_tree

_PREFIX = "reprocc-"
_LOCK = ".reprocc-workplace"


class Workplace:
    """A new folder, locked while this process lives; what dead processes left is swept.

    `parent` is an existing folder, by default the temporary one; the name begins with `reprocc-`
    and `kind`. Raises OSError.
    """

    def __init__(self, parent: Path | None = None, *, kind: str = "") -> None:
        parent = Path(tempfile.gettempdir()) if parent is None else parent
        sweep(parent)
        with _gate(parent):
            made = Path(tempfile.mkdtemp(prefix=f".{_PREFIX}{kind}", dir=parent))
            self._lock = os.open(made / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Only a locked folder bears the name that a sweep looks for.
            self.path = made.rename(made.with_name(made.name[1:]))
        self._is_open = True

    def folder(self, name: str) -> Path:
        """Return a folder of that name, making it where it is not there."""
        path = self.path / name
        path.mkdir(exist_ok=True)
        return path

    def close(self) -> None:
        """Remove the folder with everything in it; safe to call twice."""
        if self._is_open:
            self._is_open = False
            remove_tree(self.path)
            os.close(self._lock)


def sweep(parent: Path | None = None) -> None:
    """Remove what killed processes left: the folders that nobody holds a lock on.

    `parent` is by default the temporary folder. What cannot be removed is left.
    """
    parent = Path(tempfile.gettempdir()) if parent is None else parent
    for lock in parent.glob(f"{_PREFIX}*/{_LOCK}"):
        if not is_held(lock.parent):
            remove_tree(lock.parent)
    # Whoever was killed while it made a folder left one that has no name yet.
    if any(parent.glob(f".{_PREFIX}*/")):
        with contextlib.suppress(OSError), _gate(parent):
            for path in parent.glob(f".{_PREFIX}*/"):
                with contextlib.suppress(OSError):
                    (path / _LOCK).unlink(missing_ok=True)
                    path.rmdir()


def is_held(path: Path) -> bool:
    """Whether the process that made a workplace lives; so is what is not ours to look at."""
    try:
        with (path / _LOCK).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    return False


@contextlib.contextmanager
def _gate(parent: Path) -> Iterator[None]:
    """Keep sweeps out while there is a folder without a name."""
    with contextlib.ExitStack() as stack:
        # The folder itself is the lock. Some network file systems lock no folders: there, a sweep
        # in the same instant may take away what was about to be named, and making it fails.
        with contextlib.suppress(OSError):
            folder = os.open(parent, os.O_RDONLY | os.O_DIRECTORY)
            stack.callback(os.close, folder)
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
