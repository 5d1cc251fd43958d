"""The files of a code, for whoever takes a snapshot of them."""

from __future__ import annotations

from pathlib import Path

from ..plan import Code


def code_files(folder: Path, code: Code) -> tuple[tuple[str, Path], ...]:
    """Return the path of each file relative to the code folder, with `/`, and where it lies."""
    return tuple((file.path, folder.joinpath(*file.path.split("/"))) for file in code.files)
