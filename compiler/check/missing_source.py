"""Sources exist."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..codes.sources import MISSING_SOURCE
from ..diagnostic import Diagnostic, Label
from ..lowering.artifacts import is_glob
from ..pipeline import Pipeline
from ..plan import SourceBinding
from ..point import with_point
from ..source import Span
from ..suggest import closest


def missing_source(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Report, for each artifact, the first source that is not there, or matches nothing."""
    kinds = {artifact.id: artifact.kind for artifact in pipeline.artifacts}
    reported: set[str] = set()
    for binding in pipeline.sources:
        if binding.artifact in reported:
            continue
        fault = _fault(pipeline, binding, wants_files=kinds[binding.artifact] == "table")
        if fault is not None:
            reported.add(binding.artifact)
            yield fault


def _fault(pipeline: Pipeline, binding: SourceBinding, *, wants_files: bool) -> Diagnostic | None:
    workspace, location = pipeline.workspace, binding.location
    path = pipeline.folder / location
    if is_glob(location) and not workspace.is_file(path):
        try:
            found = workspace.glob(pipeline.folder, location)
        except ValueError:
            return _missing(pipeline, binding, f"`{location}` is not a glob", None)
        if not found:
            return _missing(pipeline, binding, f"no file matches source `{location}`", None)
        return None
    if workspace.is_file(path):
        return None
    if workspace.is_folder(path):
        if wants_files and not workspace.glob(path, "**/*"):
            return _missing(pipeline, binding, f"source folder `{location}` is empty", None)
        return None
    near = closest(path.name, workspace.names(path.parent))
    hint = None if near is None else f"did you mean `{_beside(location, near)}`?"
    return _missing(pipeline, binding, f"source `{location}` does not exist", hint)


def _beside(location: str, name: str) -> str:
    return Path(location).with_name(name).as_posix()


def _missing(
    pipeline: Pipeline, binding: SourceBinding, message: str, hint: str | None
) -> Diagnostic:
    assert binding.span is not None, "every source is written somewhere"
    if binding.point:
        message = f"{message}, for `{with_point(binding.artifact, binding.point)}`"
    span = Span(pipeline.spec.span.source, *binding.span)
    return Diagnostic(code=MISSING_SOURCE, message=message, primary=Label(span=span), help=hint)
