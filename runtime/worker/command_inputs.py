"""Lays the inputs of a command out as the files that it names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...compiler.plan import FileForm
from ...compiler.point import Point, point_path
from ..content import Content
from ..executor import BoundInput
from ..store.backend import Backend
from ..store.objects import fetch, hash_path
from .inputs import LaidInput, gather
from .scratch import settle_times
from .watched import Watched, watch

SUFFIXES: dict[FileForm, str] = {
    "parquet": ".parquet",
    "csv": ".csv",
    "jsonl": ".jsonl",
    "arrow": ".arrow",
}


def lay_command_input(backend: Backend, bound: BoundInput, *, folder: Path) -> LaidInput:
    """Lay one input out below an existing folder, read-only, under the name of its parameter.

    A table is one file in its form; so are gathered tables and gathered metrics. Metrics are a
    JSON file. What else is gathered is a folder with an entry for each point, named by it. Raises
    UnfitForm where the form cannot hold a column, Unstorable where gathered points do not go
    together, StoreError, OSError.
    """
    if bound.form is not None:
        watched = _table(backend, bound, folder)
    elif bound.gathered is not None:
        watched = _points(backend, bound, folder / bound.parameter, bound.gathered)
    else:
        path = folder / bound.parameter
        path, digests = _lay(backend, bound, bound.contents[0][1], path)
        settle_times(path)
        watched = watch(bound.parameter, path, digests)
    return LaidInput(
        request={"how": "path", "parameter": bound.parameter, "path": str(watched.path)},
        watched=(watched,),
    )


def _table(backend: Backend, bound: BoundInput, folder: Path) -> Watched:
    from ..codecs.table_file import write_table_file
    from ..codecs.unstorable import UnfitForm, Unstorable

    form = _form(bound)
    path = folder / f"{bound.parameter}{SUFFIXES[form]}"
    parts = bound.contents[0][1].parts
    if form == "parquet" and bound.gathered is None and len(parts) == 1:
        # As stored it is what would be written.
        fetch(backend, parts[0].sha256, path)
    else:
        table = _read(backend, bound)
        try:
            write_table_file(table, path, form=form)
        except Unstorable as error:
            raise UnfitForm(bound.parameter, form, error.message) from error
    settle_times(path)
    return watch(bound.parameter, path, {"": hash_path(path)[0]})


def _form(bound: BoundInput) -> FileForm:
    match bound.form:
        case "csv" | "jsonl" | "arrow" | "parquet":
            return bound.form
        case _:
            raise ValueError(f"`{bound.form}` is no form of a file")


def _read(backend: Backend, bound: BoundInput) -> Any:
    from ..codecs.table import read_table

    if bound.gathered is not None:
        return gather(backend, bound)
    return read_table(backend, bound.contents[0][1])


def _points(backend: Backend, bound: BoundInput, folder: Path, axes: tuple[str, ...]) -> Watched:
    """Lay a folder with an entry for each point."""
    folder.mkdir()
    digests: dict[str, str] = {}
    for point, content in bound.contents:
        name = point_path(_left(point, axes))
        path, found = _lay(backend, bound, content, folder / name)
        for member, sha256 in found.items():
            digests[f"{path.name}/{member}" if member else path.name] = sha256
    settle_times(folder)
    return watch(bound.parameter, folder, digests)


def _left(point: Point, axes: tuple[str, ...]) -> Point:
    return tuple((axis, value) for axis, value in point if axis in axes)


def _lay(
    backend: Backend, bound: BoundInput, content: Content, path: Path
) -> tuple[Path, dict[str, str]]:
    """Lay a file or a folder; return where, with the digests of what is in it."""
    from ..codecs.files import lay_tree

    if content.layout == "file":
        suffix = ".json" if bound.artifact.kind == "metrics" else bound.artifact.suffix
        path = path.with_name(path.name + suffix)
    lay_tree(backend, content, path)
    return path, {part.path: part.sha256 for part in content.parts}
