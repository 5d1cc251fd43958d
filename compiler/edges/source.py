"""What is known of a table that is read from outside, and what its contract cannot find there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..codes.edges import MISSING_COLUMN, REFUSED_COLUMN
from ..diagnostic import Diagnostic, Label
from ..pipeline import Pipeline
from ..plan import SourceBinding
from ..spec import Artifact
from ..suggest import closest
from .header import csv_header
from .known import KnownColumn, KnownTable, demanded_columns


def headers(pipeline: Pipeline) -> dict[str, tuple[str, ...]]:
    """Return the columns of every table that is one CSV file, by artifact."""
    bindings: dict[str, list[SourceBinding]] = {}
    for binding in pipeline.sources:
        bindings.setdefault(binding.artifact, []).append(binding)
    found: dict[str, tuple[str, ...]] = {}
    for artifact in pipeline.artifacts:
        if artifact.kind != "table" or artifact.format != "csv":
            continue
        of_artifact = bindings.get(artifact.id, [])
        if len(of_artifact) == 1:
            path = pipeline.folder / of_artifact[0].location
            names = csv_header(pipeline.workspace, path)
            if names is not None:
                found[artifact.id] = names
    return found


def found_table(declared: KnownTable, names: tuple[str, ...]) -> KnownTable:
    """Return what is known of a table by its contract and the names in its file."""
    types = {column.name: column for column in declared.columns}
    return replace(
        declared,
        columns=tuple(
            types.get(name) or KnownColumn(name=name, type=None, span=declared.span)
            for name in names
        ),
        is_closed=True,
    )


def judge_found(artifact: Artifact, names: tuple[str, ...]) -> Iterator[Diagnostic]:
    """Report columns that a contract demands and a file has not, and those that it refuses."""
    assert artifact.source is not None, "what has no source has no file"
    contract, file = artifact.contract, Label(span=artifact.source.location.span)
    declared = {column.name.text for column in contract.columns}
    missing = [name for name in demanded_columns(contract) if name.text not in names]
    others = [name for name in names if name not in declared]
    for name in missing:
        near = closest(name.text, others)
        yield Diagnostic(
            code=MISSING_COLUMN,
            message=f"the source of `{artifact.name.text}` has no column `{name.text}`",
            primary=Label(span=name.span),
            related=(replace(file, message="in this file"),),
            help=None if near is None else f"did you mean `{near}`?",
        )
    if contract.additional_columns == "allow":
        return
    known = declared | {name.text for name in contract.key}
    absent = [name.text for name in missing]
    for other in others:
        # What is misspelt is also missing, which was said.
        if other not in known and closest(other, absent) is None:
            yield Diagnostic(
                code=REFUSED_COLUMN,
                message=f"`{artifact.name.text}` refuses the column `{other}` of its source",
                primary=replace(file, message=f"has a column `{other}`"),
                help="declare it under `columns`, or allow additional columns",
            )
