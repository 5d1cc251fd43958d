"""Files and folders in the store: one object a file, a tree manifest for a folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ...compiler.canonical import Digest
from ...compiler.spec import ArtifactKind
from ..content import Content, Layout, Part
from ..parallel import in_threads
from ..store.backend import Backend, Damaged
from ..store.objects import fetch, hash_path, put_path
from .tree import Member, refuse_hostile, tree_digest, tree_members
from .unstorable import Unstorable

_FOLDERS: frozenset[ArtifactKind] = frozenset({"checkpoint", "directory"})
_FILES: frozenset[ArtifactKind] = frozenset({"checkpoint", "file", "figure", "metrics"})
_AT_ONCE = 16
"""Files that are taken or given at once: a disk flushes many at the price of a few."""


def put_tree(backend: Backend, path: Path, *, kind: ArtifactKind, suffix: str) -> Content:
    """Store a file or a folder and return its content.

    `kind` says which of the two it may be; `suffix` is what a single file's name ends in when it
    is laid out again. Raises Unstorable for what a tree must not hold (`codecs/tree.py`) and for
    the wrong one of the two, StoreError for the world, OSError for a folder that cannot be read.
    """

    def put(file: Path) -> tuple[str, int]:
        return put_path(backend, file)

    return _content(path, kind, suffix, put)


def local_digest(path: Path) -> Digest:
    """Return the digest that `put_tree` would give, without storing anything. Raises as it does."""
    return _content(path, "checkpoint", "", hash_path).digest


def lay_tree(backend: Backend, content: Content, path: Path) -> None:
    """Restore a file or folder at a path where nothing is; the copies are the caller's own.

    It appears under its name when it is whole. Raises Missing and Damaged, also for a manifest
    whose paths no tree may have or that is not the one its digest names, FileExistsError.
    """
    if os.path.lexists(path):
        raise FileExistsError(f"{path} exists")
    if content.layout == "file":
        fetch(backend, content.parts[0].sha256, path)
        return
    _refuse_damaged(content)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        unfinished.mkdir()
        lay = partial(_lay_part, backend, unfinished)
        for _ in in_threads(lay, content.parts, threads=_AT_ONCE):
            pass
        unfinished.rename(path)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _content(
    path: Path, kind: ArtifactKind, suffix: str, put: Callable[[Path], tuple[str, int]]
) -> Content:
    if path.is_dir():
        if kind not in _FOLDERS:
            raise Unstorable(f"this is a folder, but a {kind} is one file")
        put_member = partial(_put_member, put)
        parts = tuple(in_threads(put_member, tree_members(path), threads=_AT_ONCE))
        return _tree(kind, "folder", tree_digest(parts), parts, "")
    if not path.exists():
        raise Unstorable("there is no file or folder of this name")
    if not path.is_file():
        raise Unstorable("this is neither a file nor a folder")
    if kind not in _FILES:
        raise Unstorable(f"this is a file, but a {kind} is a folder")
    sha256, size = put(path)
    part = Part(sha256=sha256, size=size, rows=None, path="", executable=False)
    return _tree(kind, "file", Digest(f"sha256:{sha256}"), (part,), suffix)


def _tree(
    kind: ArtifactKind, layout: Layout, digest: Digest, parts: tuple[Part, ...], suffix: str
) -> Content:
    return Content(
        kind=kind,
        layout=layout,
        digest=digest,
        parts=parts,
        rows=None,
        schema=None,
        suffix=suffix,
    )


def _put_member(put: Callable[[Path], tuple[str, int]], member: Member) -> Part:
    if member.file is None:
        return Part(sha256="", size=0, rows=None, path=member.path, executable=False)
    sha256, size = put(member.file)
    return Part(sha256=sha256, size=size, rows=None, path=member.path, executable=member.executable)


def _lay_part(backend: Backend, folder: Path, part: Part) -> None:
    path = folder / part.path
    if not part.sha256:
        path.mkdir(parents=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fetch(backend, part.sha256, path)
    path.chmod(0o755 if part.executable else 0o644)


def _refuse_damaged(content: Content) -> None:
    problem = "is not the one that its digest names"
    try:
        refuse_hostile(part.path for part in content.parts)
        if tree_digest(content.parts) == content.digest:
            return
    except Unstorable as error:
        problem = f"is refused: {error.message}"
    raise Damaged(
        f"the manifest of a folder {problem}",
        place=content.digest,
        remedy=None,
        can_retry=False,
    )
