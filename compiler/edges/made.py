"""What a query makes, held against the contract of the artifact that it becomes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from ..codes.edges import DUPLICATE_COLUMN, MISSING_COLUMN, OTHER_TYPE, REFUSED_COLUMN
from ..diagnostic import Diagnostic, Label
from ..queries.types import read_as
from ..spec import Artifact, Name, Transformation
from ..suggest import closest
from .known import demanded_columns
from .query import MadeColumn


def judge_made(
    transformation: Transformation, made: Sequence[MadeColumn], artifact: Artifact
) -> Iterator[Diagnostic]:
    """Report columns that the query makes twice, not at all, of another type, or though refused.

    Rules of severity `warning` are left to the run.
    """
    yield from _twice(transformation, made)
    yield from _missing(transformation, made, artifact)
    yield from _of_other_types(made, artifact)
    yield from _refused(made, artifact)


def _twice(transformation: Transformation, made: Sequence[MadeColumn]) -> Iterator[Diagnostic]:
    in_order = sorted(enumerate(made), key=lambda pair: (pair[1].name, pair[0]))
    for name, alike in groupby(in_order, key=lambda pair: pair[1].name):
        (_, first), *others = alike
        if not others:
            continue
        second = others[0][1]
        related = (
            () if first.span == second.span else (Label(span=first.span, message="first here"),)
        )
        yield Diagnostic(
            code=DUPLICATE_COLUMN,
            message=f"the query of `{transformation.name.text}` makes two columns `{name}`",
            primary=Label(span=second.span),
            related=related,
            help=f"name one of them otherwise: `AS {name}_2`, say",
        )


def _missing(
    transformation: Transformation, made: Sequence[MadeColumn], artifact: Artifact
) -> Iterator[Diagnostic]:
    names = {column.name for column in made}
    declared = {column.name.text for column in artifact.contract.columns}
    for name in demanded_columns(artifact.contract):
        if name.text not in names:
            yield _not_made(transformation, name, sorted(names - declared))


def _not_made(transformation: Transformation, name: Name, others: Sequence[str]) -> Diagnostic:
    owner, near = transformation.name.text, closest(name.text, others)
    hint = f"did you mean `{near}`?" if near is not None else f"select it: `… AS {name.text}`"
    return Diagnostic(
        code=MISSING_COLUMN,
        message=f"the query of `{owner}` makes no column `{name.text}`",
        primary=Label(span=name.span),
        related=(Label(span=transformation.name.span, message="made here"),),
        help=hint,
    )


def _of_other_types(made: Sequence[MadeColumn], artifact: Artifact) -> Iterator[Diagnostic]:
    by_name = {column.name: column for column in made}
    owner = artifact.name.text
    for column in artifact.contract.columns:
        name, wanted = column.name.text, column.type
        found = by_name.get(name)
        if found is None or found.type is None or wanted is None or column.severity != "error":
            continue
        if found.type != wanted:
            engine = read_as(wanted)
            yield Diagnostic(
                code=OTHER_TYPE,
                message=f"`{name}` of `{owner}` is made as `{found.type}`, but declared `{wanted}`",
                primary=Label(span=column.name.span),
                related=(Label(span=found.span, message=f"`{found.type}` is made here"),),
                help=f"cast it to `{engine}`, or declare `{found.type}`"
                if engine is not None
                else f"declare `{found.type}`",
            )


def _refused(made: Sequence[MadeColumn], artifact: Artifact) -> Iterator[Diagnostic]:
    contract = artifact.contract
    if contract.additional_columns == "allow":
        return
    known = {column.name.text for column in contract.columns} | {n.text for n in contract.key}
    missing = known - {column.name for column in made}
    for column in made:
        # What is misspelt is also missing, which was said.
        if column.name not in known and closest(column.name, missing) is None:
            yield Diagnostic(
                code=REFUSED_COLUMN,
                message=f"`{artifact.name.text}` refuses the column `{column.name}`",
                primary=Label(span=column.span),
                related=(
                    Label(span=artifact.name.span, message="refuses columns it does not declare"),
                ),
                help=f"declare it in `{artifact.name.text}`, or do not select it",
            )
