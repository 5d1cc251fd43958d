"""`reprocc get NAME[@V] [-o PATH]`: where a version lies, or a copy of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...compiler.point import point_path, point_text
from ..options import Json, Profile, Quiet, Store
from ..output import cannot_write
from ..places import open_store
from ..status import DONE, REFUSED
from ..stop import Stop
from ..terminal import say, say_json, size, tell

if TYPE_CHECKING:
    from ...runtime.store.backend import Backend
    from ...runtime.store.records import Version

NO_PARQUET = frozenset(
    {".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".arrow", ".feather", ".xlsx"}
)
"""Suffixes that promise another format than a copy has."""


def run(
    name: Annotated[
        str, typer.Argument(metavar="NAME[@V]", help="`pipeline/artifact[axis=value]@version`.")
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            metavar="PATH",
            help="Copy to a path that does not exist yet. A table becomes one file if PATH ends "
            "in .parquet, else a folder of Parquet files.",
        ),
    ] = None,
    store: Store = None,
    profile: Profile = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Print where a version's files lie, or copy them."""
    from ..reference import find_versions, parse_reference, with_pipeline

    backend = open_store(store, profile=profile).backend
    reference = with_pipeline(backend, parse_reference(name))
    found = find_versions(backend, reference)
    paths = _copy(backend, found, Path(output)) if output is not None else _places(backend, found)
    if json:
        say_json([_record(one, files) for one, files in zip(found, paths, strict=True)])
    elif output is None:
        for files in paths:
            for file in files:
                say(str(file))
    elif not quiet:
        tell(f"{output}: {_said(found)}")
    return DONE


def _said(found: list[Version]) -> str:
    """Name versions of one artifact, and say how large they are."""
    from ..fold import fold_versions

    name = f"{found[0].pipeline}/{found[0].artifact}"
    versions = [(one.point, one.number) for one in found]
    return f"{fold_versions(name, versions)}, {size(sum(one.content.size for one in found))}"


def _places(backend: Backend, found: list[Version]) -> list[tuple[Path, ...]]:
    from ...runtime.export import local_paths

    places = [local_paths(backend, one.content) for one in found]
    if any(place is None for place in places):
        raise Stop(
            "the store is not on this machine's disk", status=REFUSED, help="copy with -o PATH"
        )
    return [place for place in places if place is not None]


def _copy(backend: Backend, found: list[Version], output: Path) -> list[tuple[Path, ...]]:
    from ...runtime.export import export

    if os.path.lexists(output):
        raise Stop(f"`{output}` exists; nothing was copied", status=REFUSED, help="name a new path")
    if found[0].content.layout == "table" and output.suffix.lower() in NO_PARQUET:
        raise Stop(
            f"tables are copied as Parquet, not as `{output.suffix}`; nothing was copied",
            status=REFUSED,
            help=f"write `-o {output.with_suffix('.parquet')}`",
        )
    targets = [_target(one, output, len(found)) for one in found]
    try:
        for one, target in zip(found, targets, strict=True):
            export(backend, one.content, target)
    except OSError as error:
        raise cannot_write(str(output), error) from error
    return [(target,) for target in targets]


def _target(version: Version, output: Path, count: int) -> Path:
    if count == 1:
        return output
    suffix = ".parquet" if version.content.layout == "table" else version.content.suffix
    return output / f"{point_path(version.point)}{suffix}"


def _record(version: Version, files: tuple[Path, ...]) -> dict[str, object]:
    return {
        "pipeline": version.pipeline,
        "artifact": version.artifact,
        "point": point_text(version.point),
        "version": version.number,
        "digest": version.content.digest,
        "kind": version.content.kind,
        "paths": [str(file) for file in files],
    }
