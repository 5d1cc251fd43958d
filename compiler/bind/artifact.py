"""Artifacts of the spec, from nodes of the right shape."""

from __future__ import annotations

from ..codes.shape import MISPLACED_KEY
from ..diagnostic import Diagnostic, Label
from ..document import Mapping, Node
from ..spec import Artifact, ArtifactKind, ArtifactSource, Axis, Matrix, Name
from . import read
from .contract import build_contract, build_tolerance


def build_artifact(
    name: Name, kind: ArtifactKind, node: Node, *, has_source: bool
) -> tuple[Artifact, list[Diagnostic]]:
    """Build an artifact, and say which of its keys contradict each other.

    `has_source` also where that key is misspelt.
    """
    values = read.fields(node)
    contract, found = build_contract(values)
    if not has_source:
        found.extend(_pointless(kind, node))
    artifact = Artifact(
        name=name,
        kind=kind,
        format=read.maybe_name(values.get("format")),
        source=_source(values.get("source")),
        matrix=build_matrix(values.get("matrix")),
        contract=contract,
        tolerance=build_tolerance(values.get("tolerance")),
        description=read.text(values.get("description")),
    )
    return artifact, found


def build_matrix(node: Node | None) -> Matrix | None:
    """Build a matrix, or None where there is none."""
    if node is None:
        return None
    entries = read.pairs(node)
    values = read.fields(node)
    axes = (
        Axis(name=axis, values=value)
        for axis, value in entries
        if axis.text not in ("include", "exclude")
    )
    return Matrix(axes=tuple(axes), include=values.get("include"), exclude=values.get("exclude"))


def _source(node: Node | None) -> ArtifactSource | None:
    if node is None:
        return None
    if isinstance(node, Mapping):
        values = read.fields(node)
        sha256 = read.maybe_name(values.get("sha256"))
        return ArtifactSource(location=values["path"], sha256=sha256, span=node.span)
    return ArtifactSource(location=node, sha256=None, span=node.span)


def _pointless(kind: ArtifactKind, node: Node) -> list[Diagnostic]:
    """Say which keys need a `source` and stand without one."""
    assert isinstance(node, Mapping), "an artifact is a mapping"
    needing = ("matrix", "format") if kind == "table" else ("matrix",)
    return [
        Diagnostic(
            code=MISPLACED_KEY,
            message=f"`{entry.key}` is for an artifact with a `source`, and this one has none",
            primary=Label(span=entry.key_span),
        )
        for entry in node.entries
        if entry.key in needing
    ]
