"""The members of a folder on disk, and the digest of a tree, `tree1:`.

The digest is `digest_of("tree1", members)` (`compiler/canonical.py`) over a list of mappings, one
for each file and each empty folder, sorted by path, compared by code point:

    {"executable": true or false, "path": "a/b", "sha256": hex, "size": bytes, "type": "file"}
    {"path": "a/empty", "type": "folder"}

A path is relative, in UTF-8, its names joined by `/`. A folder with members is not listed, as its
members say that it is there. A file is executable where its owner may execute it. Nothing else of
a file counts: no times, owners, other permissions, or extended attributes. A link to a file or a
folder of the same tree counts as a copy of it.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...compiler.canonical import CanonicalValue, Digest, digest_of
from ..content import Part
from .unstorable import Unstorable


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file or an empty folder of a tree; `file` is where its bytes lie, or None."""

    path: str
    file: Path | None
    executable: bool


def tree_members(root: Path) -> tuple[Member, ...]:
    """Return the members of a folder on disk, sorted by path.

    Raises Unstorable for a link that leaves the folder, breaks or turns in a circle, for what is
    neither file nor folder, and for names that other systems would take for something else;
    OSError where something cannot be read.
    """
    resolved = Path(os.path.realpath(root))
    members = _walk(resolved, resolved, "", (str(resolved),))
    found = sorted(members, key=lambda member: member.path)
    refuse_hostile([member.path for member in found])
    return tuple(found)


def tree_digest(parts: Sequence[Part]) -> Digest:
    """Return the digest of a tree with these parts, sorted by path."""
    return digest_of("tree1", [_entry(part) for part in parts])


def refuse_hostile(paths: Iterable[str]) -> None:
    """Raise Unstorable for paths that a tree must not have: hostile, doubled, or in the way."""
    folders: dict[str, str] = {}
    leaves: dict[str, str] = {}
    for path in paths:
        names = path.split("/")
        for name in names:
            _refuse_name(name, path)
        for end in range(1, len(names)):
            prefix = "/".join(names[:end])
            _refuse_twin(folders.setdefault(_folded(prefix), prefix), prefix)
        if _folded(path) in leaves:
            _refuse_twin(leaves[_folded(path)], path)
            raise Unstorable(f"`{path}` is in the tree twice")
        leaves[_folded(path)] = path
    for folded in sorted(folders.keys() & leaves.keys()):
        _refuse_twin(folders[folded], leaves[folded])
        raise Unstorable(f"`{leaves[folded]}` is both a file and a folder")


def _refuse_twin(known: str, path: str) -> None:
    if known != path:
        raise Unstorable(f"`{known}` and `{path}` are one name on some systems")


def _refuse_name(name: str, path: str) -> None:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        shown = path.encode("utf-8", "backslashreplace").decode()
        raise Unstorable(f"the name `{shown}` is not UTF-8") from None
    if name in ("", ".", ".."):
        raise Unstorable(f"`{path}` is not a path within a folder")
    if "\\" in name:
        raise Unstorable(f"`{path}` has a backslash, which some systems take for `/`")
    if any(unicodedata.category(letter) == "Cc" for letter in name):
        raise Unstorable(f"the name {path!r} has control characters")


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _walk(root: Path, folder: Path, prefix: str, above: tuple[str, ...]) -> list[Member]:
    members: list[Member] = []
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries)
    for name in names:
        members.extend(_visit(root, folder / name, f"{prefix}{name}", above))
    if not names and prefix:
        return [Member(path=prefix.removesuffix("/"), file=None, executable=False)]
    return members


def _visit(root: Path, path: Path, shown: str, above: tuple[str, ...]) -> list[Member]:
    target = _target(root, path, shown) if path.is_symlink() else path
    mode = target.stat().st_mode
    if stat.S_ISDIR(mode):
        if str(target) in above:
            raise Unstorable(f"the link `{shown}` leads back to a folder that it lies in")
        return _walk(root, target, f"{shown}/", (*above, str(target)))
    if not stat.S_ISREG(mode):
        raise Unstorable(f"`{shown}` is neither a file nor a folder")
    return [Member(path=shown, file=target, executable=bool(mode & stat.S_IXUSR))]


def _target(root: Path, link: Path, shown: str) -> Path:
    try:
        target = link.resolve(strict=True)
    except FileNotFoundError:
        raise Unstorable(f"the link `{shown}` leads nowhere") from None
    except (RuntimeError, OSError) as error:
        raise Unstorable(f"the link `{shown}` cannot be followed") from error
    if target != root and root not in target.parents:
        raise Unstorable(f"the link `{shown}` leads out of its folder")
    return target


def _entry(part: Part) -> CanonicalValue:
    if not part.sha256:
        return {"path": part.path, "type": "folder"}
    return {
        "path": part.path,
        "type": "file",
        "size": part.size,
        "sha256": part.sha256,
        "executable": part.executable,
    }
