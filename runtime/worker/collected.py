"""Finds what a command has written, and says what is missing or is something else."""

from __future__ import annotations

import json
import os
from pathlib import Path

from ..child.metrics import NotPlainError, plain_metrics
from ..child.request import Produced
from ..events import Failure
from ..executor import Assignment, BoundOutput
from .command import output_path, relative_path
from .scratch import Scratch

_MOST_NAMES = 20


def collect(assignment: Assignment, scratch: Scratch) -> list[Produced] | Failure:
    """Return every output of a command that succeeded, or what is wrong with the first.

    Tables are only looked for: they are read where they are stored.
    """
    found: list[Produced] = []
    for output in assignment.outputs:
        path = output_path(assignment, output, scratch)
        wrong = _missing(assignment, output, path, scratch) or _misplaced(assignment, output, path)
        if wrong is not None:
            return wrong
        if output.artifact.kind == "table":
            found.append({"name": output.name, "how": "table", "value": str(path)})
        elif output.artifact.kind == "metrics":
            text = _metrics(assignment, output, path)
            if isinstance(text, Failure):
                return text
            found.append({"name": output.name, "how": "metrics", "value": text})
        else:
            found.append({"name": output.name, "how": "path", "value": str(path)})
    return found


def _missing(
    assignment: Assignment, output: BoundOutput, path: Path, scratch: Scratch
) -> Failure | None:
    if path.exists():
        return None
    variable = f"${{outputs.{output.name}}}"
    lines = [f"It was to be written to `{relative_path(path, scratch)}`, which is `{variable}`."]
    beside = _new_names(assignment, scratch)
    lines.append("What it wrote instead: " + beside if beside else "It wrote no other file.")
    return Failure(
        reason="wrong-output",
        message=f"`{assignment.definition.name}` did not write its output `{output.name}`",
        detail="\n".join(lines),
        help=f"let the command write to `{variable}`",
    )


def _new_names(assignment: Assignment, scratch: Scratch) -> str:
    """List the files that lie where outputs go or among the code, and are no part of it."""
    ours = {scratch.folder / part.path for part in assignment.code.parts}
    ours |= {output_path(assignment, output, scratch) for output in assignment.outputs}
    found = sorted(
        relative_path(path, scratch)
        for folder in (scratch.outputs, scratch.folder)
        for path in _files(folder)
        if path not in ours
    )
    names = ", ".join(f"`{name}`" for name in found[:_MOST_NAMES])
    return names + (f" and {len(found) - _MOST_NAMES} more" if len(found) > _MOST_NAMES else "")


def _files(folder: Path) -> list[Path]:
    return [Path(parent, name) for parent, _, names in os.walk(folder) for name in names]


def _misplaced(assignment: Assignment, output: BoundOutput, path: Path) -> Failure | None:
    """Refuse a folder for a file and a file for a folder."""
    kind = output.artifact.kind
    wanted = {"directory": "a folder", "checkpoint": None}.get(kind, "a file")
    came = "a folder" if path.is_dir() else "a file" if path.is_file() else "neither"
    if came != "neither" and wanted in (None, came):
        return None
    there = "what is neither file nor folder" if came == "neither" else came
    return Failure(
        reason="wrong-output",
        message=f"`{assignment.definition.name}` wrote {there} for `{output.name}`",
        detail=f"Output `{output.name}` is of kind {kind}, which is "
        f"{wanted or 'a file or a folder'}.",
        help=None,
    )


def _metrics(assignment: Assignment, output: BoundOutput, path: Path) -> str | Failure:
    name = f"`{assignment.definition.name}`"
    expected = f"Output `{output.name}` is of kind metrics: one JSON object, in UTF-8."
    try:
        value = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        return _wrong(f"{name} wrote a `{output.name}` that is not JSON", f"{expected}\n{error}")
    if not isinstance(value, dict):
        message = f"{name} wrote a `{output.name}` that is no JSON object"
        return _wrong(message, f"{expected} Came: {type(value).__name__}.")
    try:
        return json.dumps(plain_metrics(value, output.name))
    except NotPlainError as error:
        return _wrong(f"{name} wrote {error.what} at `{error.path}`", expected)


def _wrong(message: str, detail: str) -> Failure:
    return Failure(reason="wrong-output", message=message, detail=detail, help=None)
