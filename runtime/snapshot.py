"""The code of a run, kept whole in the store so that it can be run again."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from ..compiler.code import code_files
from ..compiler.plan import Transformation
from ..compiler.workspace import Workspace
from .codecs.tree import tree_digest
from .content import Content, Part
from .store.at_once import each
from .store.backend import Backend
from .store.objects import put_bytes


def snapshots(
    backend: Backend,
    workspace: Workspace,
    folder: Path,
    definitions: Iterable[Transformation],
) -> dict[str, Content]:
    """Store every transformation's code and return the snapshots by name.

    Files are read through the compiler's own door, so what is stored is what was compiled.
    """
    definitions = tuple(definitions)
    trees = {tuple(file.path for file in one.code.files): one for one in definitions}
    files = {
        path: (file, workspace.read(file))
        for one in trees.values()
        for path, file in code_files(folder, one.code)
    }
    stored = each(backend, lambda path: _put(backend, path, *files[path]), files)
    parts = dict(zip(files, stored, strict=True))
    contents = {paths: _tree(tuple(parts[path] for path in paths)) for paths in trees}
    return {one.name: contents[tuple(file.path for file in one.code.files)] for one in definitions}


def _put(backend: Backend, path: str, file: Path, data: bytes) -> Part:
    sha256 = put_bytes(backend, data)
    # Only a command is ever run as a file; what an editor has not saved yet is not.
    executable = os.access(file, os.X_OK)
    return Part(sha256=sha256, size=len(data), rows=None, path=path, executable=executable)


def _tree(parts: tuple[Part, ...]) -> Content:
    return Content(
        kind="directory",
        layout="folder",
        digest=tree_digest(parts),
        parts=parts,
        rows=None,
        schema=None,
        suffix="",
    )
