"""Which files of a content are not what they were."""

from __future__ import annotations

from dataclasses import dataclass

from ..content import Content, Part
from .change import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """One file, by its path in the folder; empty for a content that is one file.

    Sizes are in bytes, None where there is no such file, or it is an empty folder.
    """

    path: str
    change: Change
    old_size: int | None
    new_size: int | None


def compare_files(old: Content, new: Content) -> tuple[FileChange, ...]:
    """Return the files that were added, removed or changed, by path; no bytes are read."""
    before = {part.path: part for part in old.parts}
    after = {part.path: part for part in new.parts}
    return tuple(
        FileChange(
            path=path,
            change="added" if one is None else "removed" if other is None else "changed",
            old_size=_size(one),
            new_size=_size(other),
        )
        for path in sorted({*before, *after})
        if _says(one := before.get(path)) != _says(other := after.get(path))
    )


def _says(part: Part | None) -> tuple[str, bool] | None:
    return None if part is None else (part.sha256, part.executable)


def _size(part: Part | None) -> int | None:
    return None if part is None or not part.sha256 else part.size
