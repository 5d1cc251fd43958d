"""The scratch folder of one attempt, and the removal of folders whatever user code did to them."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path


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

    def remove(self) -> None:
        """Remove it with everything in it."""
        remove_tree(self.root)


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
    )
    for each in (scratch.home, scratch.temporary, scratch.folder, scratch.inputs, scratch.outputs):
        each.mkdir()
    return scratch


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


def _make_folders_writable(path: Path) -> None:
    with contextlib.suppress(OSError):
        os.chmod(path, 0o700, follow_symlinks=True)
        with os.scandir(path) as entries:
            folders = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
        for folder in folders:
            _make_folders_writable(Path(folder))
