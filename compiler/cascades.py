"""What is said of a name only because something else is misspelt."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from .codes.commands import UNKNOWN_PATH, UNUSED_INPUT, UNWRITTEN_OUTPUT
from .codes.queries import UNKNOWN_TABLE
from .diagnostic import Diagnostic
from .graph import reads_of
from .spec import Function, Transformation

_OF_NAMES = frozenset({UNKNOWN_PATH, UNUSED_INPUT, UNWRITTEN_OUTPUT, UNKNOWN_TABLE})


def without_cascades(
    diagnostics: Iterable[Diagnostic],
    transformation: Transformation,
    *,
    declared: Collection[str],
    is_doubtful: bool,
) -> tuple[Diagnostic, ...]:
    """Leave out what a command or query says of names where the names it is given are in doubt.

    They are where a key of the transformation may be misspelt, and where an artifact that gives
    its name to an input or output is not declared; both have been reported.
    """
    names = [(read.parameter, read.artifact) for read in reads_of(transformation)]
    names += [(output.name, output.artifact) for output in transformation.outputs]
    is_unknown = any(
        name.span == artifact.span and artifact.text not in declared for name, artifact in names
    )
    if isinstance(transformation.body, Function) or not (is_unknown or is_doubtful):
        return tuple(diagnostics)
    return tuple(found for found in diagnostics if found.code not in _OF_NAMES)
