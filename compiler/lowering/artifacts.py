"""Artifacts as planned: contracts and sources evaluated, formats and suffixes told."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from ..axes.grid import POINT, Grid
from ..axes.labels import MatrixValues
from ..axes.layout import Grids
from ..codes import sources as codes
from ..codes.shape import NOT_SUPPORTED_YET, WRONG_VALUE
from ..diagnostic import Diagnostic, Label
from ..expression.evaluation import Evaluation
from ..expression.expected import WrongValue, expect_text
from ..expression.scope import Names, Scope
from ..expression.template import Failed, Template, evaluate, prepare
from ..graph import Graph
from ..parameters import Values
from ..plan import Artifact, ArtifactId, SourceBinding
from ..point import Point
from ..spec import Artifact as DeclaredArtifact
from ..spec import ArtifactSource
from .contracts import lower_contract, lower_tolerance

TABLE_FORMATS: Mapping[str, str] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
}
"""Suffixes of table files."""

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_GLOB = re.compile(r"[*?\[]")


def lower_artifacts(
    graph: Graph, grids: Grids, values: Values
) -> tuple[tuple[Artifact, ...], tuple[SourceBinding, ...], tuple[Diagnostic, ...]]:
    """Return all artifacts and sources, sorted, and what is wrong with them."""
    producers = dict(graph.producers)
    found: list[Diagnostic] = []
    artifacts: list[Artifact] = []
    bindings: list[SourceBinding] = []
    for declared in sorted(graph.spec.artifacts, key=lambda artifact: artifact.name.text):
        name = declared.name.text
        evaluation = Evaluation(f"the contract of `{name}`", values)
        located: tuple[SourceBinding, ...] = ()
        if declared.source is not None:
            grid = grids.artifacts.get(name)
            located, faults = _bind_source(declared, declared.source, grid, values)
            found.extend(faults)
            bindings.extend(located)
        artifacts.append(
            Artifact(
                id=ArtifactId(name),
                kind=declared.kind,
                format=_format(declared, located),
                suffix=_suffix(declared, located),
                axes=grids.artifacts.get(name, POINT).axes,
                producer=producers.get(name),
                contract=lower_contract(declared, evaluation),
                tolerance=lower_tolerance(declared, evaluation),
            )
        )
        found.extend(evaluation.found)
    return tuple(artifacts), tuple(bindings), tuple(found)


def is_glob(location: str) -> bool:
    """Whether a location names files by a pattern."""
    return _GLOB.search(location) is not None


def _bind_source(
    declared: DeclaredArtifact, source: ArtifactSource, grid: Grid | None, values: Values
) -> tuple[tuple[SourceBinding, ...], tuple[Diagnostic, ...]]:
    names = Names(
        place=f"the source of `{declared.name.text}`",
        parameters=values.values,
        axes=frozenset(() if grid is None else grid.axes),
        axes_are_known=grid is not None,
        seed=False,
        broken=values.broken,
    )
    template, diagnostics = prepare(source.location, names)
    if template is None or grid is None:
        return (), diagnostics
    matrix = MatrixValues(grid)
    bindings: list[SourceBinding] = []
    for point in grid.points:
        scope = Scope(parameters=values.values, matrix=matrix.at(point))
        location = _location(template, scope, source)
        if isinstance(location, Diagnostic):
            return (), (location,)
        bindings.append(_binding(declared, source, point, location))
    return tuple(bindings), ()


def _binding(
    declared: DeclaredArtifact, source: ArtifactSource, point: Point, location: str
) -> SourceBinding:
    span = source.location.span
    return SourceBinding(
        artifact=ArtifactId(declared.name.text),
        point=point,
        location=location,
        sha256=None if source.sha256 is None else source.sha256.text,
        span=(span.start, span.end),
    )


def _location(template: Template, scope: Scope, source: ArtifactSource) -> str | Diagnostic:
    value = evaluate(template, scope)
    if isinstance(value, Failed):
        return value.diagnostics[0]
    span = Label(span=source.location.span)
    try:
        text = expect_text(value, "`source`")
    except WrongValue as wrong:
        return wrong.at(source.location.span)
    shown = text if len(text) <= 40 else f"{text[:37]}..."
    if _URL.match(text):
        message = "a source behind a URL is not supported yet"
        return Diagnostic(code=NOT_SUPPORTED_YET, message=message, primary=span)
    if posixpath.isabs(text):
        message = f"source `{shown}` is an absolute path"
        hint = "write it relative to the pipeline file"
        return Diagnostic(code=codes.ABSOLUTE_SOURCE, message=message, primary=span, help=hint)
    if not text:
        return Diagnostic(code=WRONG_VALUE, message="a source is empty", primary=span)
    return posixpath.normpath(text)


def _format(declared: DeclaredArtifact, located: tuple[SourceBinding, ...]) -> str | None:
    if declared.format is not None:
        return declared.format.text.removeprefix(".")
    if declared.kind != "table":
        return None
    told = {table_format(binding.location) for binding in located}
    return told.pop() if len(told) == 1 else None


def _suffix(declared: DeclaredArtifact, located: tuple[SourceBinding, ...]) -> str:
    if declared.kind in ("table", "metrics", "directory"):
        return ""
    kept = {_suffix_of(binding.location) for binding in located}
    if declared.source is not None and len(kept) == 1:
        return kept.pop()
    if declared.format is not None:
        return f".{declared.format.text.removeprefix('.')}"
    return ""


def table_format(location: str) -> str | None:
    """Return the format that a file name tells, compressed or not, or None."""
    suffixes = PurePosixPath(location).suffixes[-2:]
    told = [TABLE_FORMATS[s.lower()] for s in reversed(suffixes) if s.lower() in TABLE_FORMATS]
    return told[0] if told else None


def _suffix_of(location: str) -> str:
    """Return what a location ends in, dot included, or nothing where a pattern leaves it open."""
    suffix = PurePosixPath(location).suffix
    return "" if _GLOB.search(suffix) else suffix
