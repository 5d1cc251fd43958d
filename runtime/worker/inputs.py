"""Lays the inputs of an attempt out as files, in the forms in which its code gets them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast

from ...compiler.plan import ArtifactId
from ...compiler.point import Point
from ..child.request import AxisKey, Form, InputRequest
from ..content import Content
from ..executor import BoundInput
from ..store.backend import Backend, Damaged, Missing
from .laid_tables import LaidTables
from .watched import Watched, watch


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidInput:
    """One parameter's value as the child finds it, and the files that must not change."""

    request: InputRequest
    watched: tuple[Watched, ...]


def lay_input(
    backend: Backend,
    bound: BoundInput,
    *,
    kind: Literal["python", "sql"],
    folder: Path,
    tables: LaidTables,
) -> LaidInput:
    """Lay one input out below an existing folder, read-only, for a transformation of that kind.

    Raises Unstorable where gathered points do not go together, StoreError, OSError.
    """
    if kind == "sql":
        bound = _as_table(bound)
    if bound.form is not None:
        return _table(backend, bound, folder, tables)
    if bound.gathered is not None:
        return _paths(backend, bound, folder)
    (_, content) = bound.contents[0]
    if bound.artifact.kind == "metrics":
        return _metrics(backend, bound, content)
    watched = _lay_path(backend, bound, content, folder / bound.parameter)
    request: InputRequest = {
        "how": "path",
        "parameter": bound.parameter,
        "path": str(watched.path),
    }
    return LaidInput(request=request, watched=(watched,))


def lost_points(backend: Backend, bound: BoundInput) -> tuple[tuple[ArtifactId, Point], ...]:
    """Return the points of an input of which the store holds an object no longer, or damaged."""
    from ..store.objects import verify

    def is_lost(content: Content) -> bool:
        try:
            for part in content.parts:
                if part.sha256:
                    verify(backend, part.sha256)
        except (Missing, Damaged):
            return True
        return False

    return tuple((bound.artifact.id, point) for point, each in bound.contents if is_lost(each))


def _metrics(backend: Backend, bound: BoundInput, content: Content) -> LaidInput:
    from ..codecs.metrics import read_metrics

    text = json.dumps(read_metrics(backend, content))
    return LaidInput(
        request={"how": "metrics", "parameter": bound.parameter, "text": text}, watched=()
    )


def _paths(backend: Backend, bound: BoundInput, folder: Path) -> LaidInput:
    """Lay a file or folder per point, numbered in the order of the points."""
    parent = folder / bound.parameter
    parent.mkdir()
    watched = tuple(
        _lay_path(backend, bound, content, parent / str(number))
        for number, (_, content) in enumerate(bound.contents)
    )
    points = [
        (_gathered_values(bound, point), str(laid.path))
        for (point, _), laid in zip(bound.contents, watched, strict=True)
    ]
    request: InputRequest = {"how": "paths", "parameter": bound.parameter, "points": points}
    return LaidInput(request=request, watched=watched)


def _gathered_values(bound: BoundInput, point: Point) -> list[AxisKey]:
    return [value for axis, value in point if axis in (bound.gathered or ())]


def _lay_path(backend: Backend, bound: BoundInput, content: Content, path: Path) -> Watched:
    from ..codecs.files import lay_tree

    if content.layout == "file":
        path = path.with_name(path.name + bound.artifact.suffix)
    lay_tree(backend, content, path)
    digests = {part.path: part.sha256 for part in content.parts}
    return watch(bound.parameter, path, digests)


def _table(backend: Backend, bound: BoundInput, folder: Path, tables: LaidTables) -> LaidInput:
    if bound.form == "path":
        watched = _parquet(backend, bound, folder / bound.parameter)
    elif bound.gathered is not None:
        watched = _gathered_table(backend, bound, folder / f"{bound.parameter}.arrow")
    else:
        laid = tables.lay(backend, bound.contents[0][1])
        watched = Watched(
            parameter=bound.parameter,
            path=laid.path,
            digests={"": laid.sha256},
            signature=laid.signature,
        )
    request: InputRequest = {
        "how": "table",
        "parameter": bound.parameter,
        "form": cast(Form, bound.form),
        "path": str(watched.path),
    }
    return LaidInput(request=request, watched=(watched,))


def _gathered_table(backend: Backend, bound: BoundInput, path: Path) -> Watched:
    from ..codecs.ipc import write_ipc_file

    table = gather(backend, bound)
    sha256, _ = write_ipc_file([table], path, schema=table.schema)
    return watch(bound.parameter, path, {"": sha256})


def _parquet(backend: Backend, bound: BoundInput, folder: Path) -> Watched:
    """Lay a table as a folder of Parquet files."""
    from ..codecs.parquet import parquet_bytes
    from ..codecs.table import lay_parts
    from ..store.objects import hash_path

    if bound.gathered is None:
        lay_parts(backend, bound.contents[0][1], folder)
    else:
        folder.mkdir()
        table = gather(backend, bound).combine_chunks()
        (folder / "part-00000.parquet").write_bytes(parquet_bytes(table))
    digests = {file.name: hash_path(file)[0] for file in folder.iterdir()}
    return watch(bound.parameter, folder, digests)


def _as_table(bound: BoundInput) -> BoundInput:
    """Let an input of a query arrive as a table; plain metrics are one of one row."""
    is_plain_metrics = bound.artifact.kind == "metrics" and bound.gathered is None
    return replace(bound, form="arrow", gathered=() if is_plain_metrics else bound.gathered)


def gather(backend: Backend, bound: BoundInput) -> Any:
    """Return all points of an input as one Arrow table. Raises Unstorable, StoreError."""
    from ..codecs.gather import gather_metrics, gather_tables

    found = gather_metrics if bound.artifact.kind == "metrics" else gather_tables
    return found(backend, bound.contents, axes=bound.gathered or ())
