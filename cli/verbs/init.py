"""`reprocc init [DIR]`: a small pipeline that works, to begin with."""

from __future__ import annotations

import os
import shlex
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from ..options import Json, Quiet
from ..output import cannot_write
from ..status import DONE, REFUSED
from ..stop import Stop
from ..terminal import say_json, tell

_MOST_NAMED = 3


def run(
    folder: Annotated[
        str,
        typer.Argument(
            metavar="[DIR]",
            help="Where to write. Default: the current folder.",
            show_default=False,
        ),
    ] = ".",
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Write a small pipeline that works, with its code and data."""
    from ..starter import pipeline_name, starter_files

    root = Path(folder)
    if os.path.lexists(root) and not root.is_dir():
        raise Stop(f"`{folder}` is no folder", status=REFUSED, help="name a new or empty folder")
    name = pipeline_name(root.resolve())
    files = starter_files(name)
    _insist_on_room(root, files)
    _write(root, files)
    if json:
        say_json({"folder": str(root), "pipeline": name, "files": list(files)})
    elif not quiet:
        _tell(folder, name, list(files))
    return DONE


def _insist_on_room(root: Path, files: dict[str, bytes]) -> None:
    """Stop where something stands in the way of a file; nothing is ever overwritten."""
    taken = {
        str(path)
        for target in files
        for path in (Path(target), *Path(target).parents[:-1])
        if os.path.lexists(root / path) and (str(path) in files or not (root / path).is_dir())
    }
    if not taken:
        return
    some = ", ".join(f"`{one}`" for one in sorted(taken))
    what = f"{some} exists" if len(taken) == 1 else f"{len(taken)} of the files exist"
    away = f"move {some} away, or " if len(taken) <= _MOST_NAMED else ""
    raise Stop(
        f"{what} already; nothing was written",
        status=REFUSED,
        help=f"{away}name a new folder: `reprocc init FOLDER`",
    )


def _write(root: Path, files: dict[str, bytes]) -> None:
    """Write all files, or none: what was begun is taken back where one cannot be written."""
    made: list[Path] = []
    try:
        for target, data in files.items():
            path = root / target
            for parent in reversed(path.parents):
                if not parent.is_dir():
                    parent.mkdir()
                    made.append(parent)
            with path.open("xb") as file:
                made.append(path)
                file.write(data)
    except OSError as error:
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        raise cannot_write(str(error.filename or root), error) from error


def _tell(folder: str, name: str, files: list[str]) -> None:
    here = Path(folder).resolve() == Path.cwd()
    tell(f"wrote the pipeline `{name}` into {'this folder' if here else folder}:")
    for file in files:
        tell(f"  {file}")
    tell("")
    tell("next:")
    if not here:
        tell(f"  cd {shlex.quote(folder)}")
    tell("  reprocc submit pipeline.yaml")
