"""A version's content as plain files, for whoever wants to read it without reprocc."""

from __future__ import annotations

from pathlib import Path

from .content import Content
from .store.backend import Backend
from .store.layout import object_key
from .store.objects import fetch


def local_paths(backend: Backend, content: Content) -> tuple[Path, ...] | None:
    """Return where the parts lie on this machine's own disk, or None where they do not."""
    found = [backend.path(object_key(part.sha256)) for part in content.parts if part.sha256]
    paths = tuple(path for path in found if path is not None)
    return paths if len(paths) == len(found) else None


def export(backend: Backend, content: Content, path: Path) -> None:
    """Write a content to a path where nothing is yet; the copies are verified and writable.

    A table becomes one Parquet file where the path ends in `.parquet`, else a folder of Parquet
    parts; anything else becomes the file or folder that it is. Raises Missing, Damaged, OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if content.layout != "table":
        from .codecs.files import lay_tree

        lay_tree(backend, content, path)
    elif path.suffix != ".parquet":
        from .codecs.table import lay_parts

        lay_parts(backend, content, path)
    elif len(content.parts) == 1:
        fetch(backend, content.parts[0].sha256, path)
        path.chmod(0o644)
    else:
        from .codecs.table import lay_parquet

        lay_parquet(backend, content, path)
