"""The scratch folder of one attempt, and the removal of folders whatever user code did to them."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SETTLED_TIME = 315_532_800
"""The first second of 1980, before which the ZIP format has no words."""


_Look = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scratch:
    """Where one attempt lives.

    `home`, `temporary` and `folder` (the working folder) are empty and the code's own; `inputs`
    holds what arrives, `outputs` what is written; `log` is a file that the child makes.
    """

    root: Path
    home: Path
    temporary: Path
    folder: Path
    inputs: Path
    outputs: Path
    log: Path
    made: dict[Path, _Look]

    def clear(self) -> bool:
        """Make it as new, folder by folder; say whether it is.

        A folder that looks as it did when it was made has had nothing in it: whatever is done to a
        folder shows in its time of change, which cannot be set.
        """
        try:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.log)
            for folder, made in self.made.items():
                if _look(folder) != made or os.listdir(folder):
                    remove_tree(folder)
                    os.mkdir(folder)
                    self.made[folder] = _look(folder)
            is_theirs = stat.S_IMODE(os.lstat(self.root).st_mode) == 0o700
            return is_theirs and len(os.listdir(self.root)) == len(self.made)
        except OSError:
            return False

    def remove(self) -> None:
        """Remove it with everything in it."""
        remove_tree(self.root)


class Scratches:
    """Scratch folders below an existing folder: what one attempt leaves as new, the next gets."""

    def __init__(self, parent: Path) -> None:
        self._parent = parent
        self._spare: list[Scratch] = []

    def lend(self) -> Scratch:
        """Return a scratch folder that nobody else has. Raises OSError where it cannot be made."""
        return self._spare.pop() if self._spare else make_scratch(self._parent)

    def take_back(self, scratch: Scratch) -> None:
        """Take a folder back that was lent, whatever has been done to it."""
        if scratch.clear():
            self._spare.append(scratch)
        else:
            scratch.remove()

    @contextlib.contextmanager
    def one(self) -> Iterator[Scratch]:
        """Lend a scratch folder for a block. Raises OSError where it cannot be made."""
        scratch = self.lend()
        try:
            yield scratch
        except BaseException:
            scratch.remove()
            raise
        self.take_back(scratch)


def make_scratch(parent: Path) -> Scratch:
    """Make a scratch folder below an existing folder. Raises OSError where it cannot be made."""
    # Names are short: sockets that user code makes in TMPDIR have room for 107 bytes of path.
    root = Path(tempfile.mkdtemp(prefix="a-", dir=parent))
    scratch = Scratch(
        root=root,
        home=root / "home",
        temporary=root / "tmp",
        folder=root / "work",
        inputs=root / "in",
        outputs=root / "out",
        log=root / "log",
        made={},
    )
    for each in (scratch.home, scratch.temporary, scratch.folder, scratch.inputs, scratch.outputs):
        os.mkdir(each)
        scratch.made[each] = _look(each)
    return scratch


def _look(folder: Path) -> _Look:
    state = os.lstat(folder)
    return state.st_ino, state.st_mode, state.st_mtime_ns, state.st_ctime_ns


def remove_tree(path: Path) -> None:
    """Remove a folder with everything in it, read-only folders too; links are not followed.

    What cannot be removed even so is left: a result never fails for it.
    """
    _make_folders_writable(path)
    shutil.rmtree(path, ignore_errors=True)


def seal_tree(path: Path) -> None:
    """Make a file read-only (0444), or a folder (0555) and all in it; links are left alone.

    A file that is executable stays so (0555).
    """
    if path.is_symlink():
        return
    if path.is_dir():
        for child in path.iterdir():
            seal_tree(child)
        path.chmod(0o555)
    else:
        path.chmod(0o555 if path.stat().st_mode & stat.S_IXUSR else 0o444)


def settle_times(path: Path) -> None:
    """Give a file, or a folder and all in it, one time, so that archives of it are equal.

    Links are left alone. Raises OSError.
    """
    if path.is_symlink():
        return
    if path.is_dir():
        for child in path.iterdir():
            settle_times(child)
    os.utime(path, (SETTLED_TIME, SETTLED_TIME))


def _make_folders_writable(path: Path) -> None:
    with contextlib.suppress(OSError):
        os.chmod(path, 0o700, follow_symlinks=True)
        with os.scandir(path) as entries:
            folders = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
        for folder in folders:
            _make_folders_writable(Path(folder))
