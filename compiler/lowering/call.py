"""How a transformation is called: which parameters get what, and what comes of it."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Literal

from ..code import Signature
from ..graph import reads_of
from ..plan import CommandCall, FileForm, FunctionCall, QueryCall, TableForm
from ..spec import ArtifactKind, Name, Query, Transformation
from .tasks import lower_outputs

WRITTEN_KINDS: frozenset[ArtifactKind] = frozenset({"checkpoint", "file", "directory", "figure"})
"""Kinds of outputs that a function may write to a path which it receives."""


def lower_call(
    transformation: Transformation,
    entry_point: str,
    signature: Signature,
    kinds: Mapping[str, ArtifactKind],
) -> FunctionCall:
    """Return how the function is called; `kinds` says the kind of each artifact."""
    given = given_names(transformation)
    declared = {sign.name: sign for sign in signature.parameters}
    written = written_outputs(transformation, signature, kinds)
    returned = tuple(
        output.name for output in lower_outputs(transformation) if output.name not in written
    )
    tables: dict[str, TableForm] = {}
    for parameter in arriving_tables(transformation, kinds):
        sign = declared.get(parameter)
        form = None if sign is None else sign.form
        tables[parameter] = "arrow" if form is None or form == "ray" else form
    return FunctionCall(
        entry_point=entry_point,
        tables=tuple(sorted(tables.items())),
        written=written,
        returned=returned,
        returns=_returns(transformation, returned),
        receives_seed="seed" in declared and "seed" not in given,
        receives_rng="rng" in declared and "rng" not in given,
    )


def lower_command_call(
    transformation: Transformation, kinds: Mapping[str, ArtifactKind]
) -> CommandCall:
    """Return how the files of a command are laid out; a table is Parquet where nothing is said."""
    tables = set(arriving_tables(transformation, kinds))
    reads = {read.parameter.text: read.form for read in reads_of(transformation)}
    inputs: list[tuple[str, FileForm]] = [
        (name, file_form(form)) for name, form in reads.items() if name in tables
    ]
    outputs: list[tuple[str, FileForm]] = [
        (output.name.text, file_form(output.form))
        for output in transformation.outputs
        if kinds.get(output.artifact.text) == "table"
    ]
    gathered = (read.parameter.text for read in transformation.gather)
    return CommandCall(
        inputs=tuple(sorted(inputs)),
        outputs=tuple(sorted(outputs)),
        gathered_paths=tuple(sorted(name for name in gathered if name not in tables)),
    )


def lower_query_call(transformation: Transformation, query: Query) -> QueryCall:
    """Return how a query is called."""
    file = None if query.file is None else posixpath.normpath(query.file.text)
    return QueryCall(output=transformation.outputs[0].name.text, file=file)


def file_form(form: Name | None) -> FileForm:
    """Return the format of a table's file that `as` says; Parquet where nothing is said."""
    match "parquet" if form is None else form.text:
        case "csv":
            return "csv"
        case "jsonl":
            return "jsonl"
        case "arrow":
            return "arrow"
        case _:
            return "parquet"


def given_names(transformation: Transformation) -> frozenset[str]:
    """Return the parameters that inputs, gathers and arguments give."""
    return frozenset(
        (
            *(read.parameter.text for read in transformation.inputs),
            *(read.parameter.text for read in transformation.gather),
            *(name.text for name, _ in transformation.arguments),
        )
    )


def written_outputs(
    transformation: Transformation, signature: Signature, kinds: Mapping[str, ArtifactKind]
) -> tuple[str, ...]:
    """Return the outputs whose path the function receives as a parameter of that name, sorted."""
    declared = {sign.name for sign in signature.parameters}
    return tuple(
        sorted(
            output.name.text
            for output in transformation.outputs
            if output.name.text in declared and kinds.get(output.artifact.text) in WRITTEN_KINDS
        )
    )


def arriving_tables(
    transformation: Transformation, kinds: Mapping[str, ArtifactKind]
) -> tuple[str, ...]:
    """Return the parameters at which a table arrives: tables, and gathered tables and metrics."""
    plain = [
        read.parameter.text
        for read in transformation.inputs
        if kinds.get(read.artifact.text) == "table"
    ]
    gathered = [
        read.parameter.text
        for read in transformation.gather
        if kinds.get(read.artifact.text) in ("table", "metrics")
    ]
    return (*plain, *gathered)


def _returns(
    transformation: Transformation, returned: tuple[str, ...]
) -> Literal["nothing", "one", "tuple", "mapping"]:
    if not returned:
        return "nothing"
    if transformation.outputs_by_name:
        return "mapping"
    return "one" if len(returned) == 1 else "tuple"
