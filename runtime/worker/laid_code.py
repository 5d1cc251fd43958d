"""Snapshots of user code on this machine's disk, one for each digest, kept between attempts."""

from __future__ import annotations

import compileall
import py_compile
import warnings
from pathlib import Path

from ..content import Content
from ..store.backend import Backend
from .scratch import remove_tree, seal_tree
from .watched import Signature, signature_of


class LaidCode:
    """Lays snapshots below an existing folder, compiled to bytecode and read-only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._laid: dict[str, tuple[Path, Signature]] = {}
        self._count = 0

    def lay(self, backend: Backend, content: Content) -> Path:
        """Return the folder of a snapshot, anew where user code has changed the one that was there.

        Raises StoreError, OSError.
        """
        known = self._laid.get(content.digest)
        if known is not None and signature_of(known[0]) == known[1]:
            return known[0]
        if known is not None:
            remove_tree(known[0])
        path = self._lay(backend, content)
        self._laid[content.digest] = path, signature_of(path)
        return path

    def _lay(self, backend: Backend, content: Content) -> Path:
        from ..codecs.files import lay_tree

        self._count += 1
        path = self._folder / str(self._count)
        lay_tree(backend, content, path)
        _compile(path)
        seal_tree(path)
        return path


def _compile(folder: Path) -> None:
    """Write bytecode beside the modules, which attempts never do; what does not compile is left."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compileall.compile_dir(
            folder,
            quiet=2,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
