"""Annotations allow what arrives and what has to be returned."""

from __future__ import annotations

from collections.abc import Iterator

from ..code import Entry, ParameterSign
from ..codes.calls import UNSUITED_ANNOTATION
from ..diagnostic import Diagnostic, Label
from ..graph import reads_of
from ..lowering.call import WRITTEN_KINDS, arriving_tables, lower_call
from ..pipeline import Pipeline
from ..spec import ArtifactKind, Gather, Name, Transformation

_FRAMES = frozenset({"pandas.DataFrame", "polars.DataFrame", "polars.LazyFrame", "pyarrow.Table"})
_COLUMNS = frozenset(
    {"pandas.Series", "polars.Series", "pyarrow.Array", "pyarrow.ChunkedArray", "numpy.ndarray"}
)
_PATHS = frozenset({"pathlib.Path", "pathlib.PosixPath", "pathlib.PurePath"})
_BATCH = frozenset({"pyarrow.RecordBatch"})
_BYTES = frozenset({"bytes", "bytearray"})
_MAPPING = frozenset({"dict"})
_TEXT = frozenset({"str"})
_TUPLE = frozenset({"tuple"})
_PLAIN = frozenset({"int", "float", "complex", "bool", "list", "set", "frozenset", "None"})
_ALL = _FRAMES | _COLUMNS | _PATHS | _BATCH | _BYTES | _MAPPING | _TEXT | _TUPLE | _PLAIN

_TABLE = "a table"
_PATH = "a `pathlib.Path`"
_DICT = "a `dict`"
_MENDS = {_TABLE: "`pyarrow.Table`, `pandas.DataFrame` or `polars.DataFrame`"}
_LONGEST = 40

# A path is often used as text, which goes well; so `str` is no mistake where one arrives.
_RETURNED: dict[ArtifactKind, tuple[frozenset[str], str]] = {
    "table": (_FRAMES | _PATHS | _BATCH, _TABLE),
    "metrics": (_MAPPING, _DICT),
    "checkpoint": (_PATHS, _PATH),
    "directory": (_PATHS, _PATH),
    "file": (_PATHS | _TEXT | _BYTES, f"{_PATH}, text or bytes"),
    "figure": (_PATHS | _TEXT | _BYTES, f"{_PATH}, text or bytes"),
}


def unsuited_annotation(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Report parameters and results whose annotations name only what can never stand there."""
    for transformation in pipeline.spec.transformations:
        entry = pipeline.entries.functions.get(transformation.name.text)
        if entry is None or entry.signature.is_decorated:
            continue
        signs = {sign.name: sign for sign in entry.signature.parameters}
        for name, (allowed, what) in _arriving(transformation, pipeline).items():
            sign = signs.get(name.text)
            classes = frozenset() if sign is None else (sign.classes or frozenset()) - {"None"}
            if sign is not None and classes and classes <= _ALL - allowed:
                yield _unsuited(name, sign, what)
        yield from _returned(transformation, entry, pipeline)


def _arriving(
    transformation: Transformation, pipeline: Pipeline
) -> dict[Name, tuple[frozenset[str], str]]:
    """Return what arrives at each parameter: the classes that it may be taken for, and words."""
    found: dict[Name, tuple[frozenset[str], str]] = {}
    tables = set(arriving_tables(transformation, pipeline.kinds))
    for read in reads_of(transformation):
        kind = pipeline.kinds.get(read.artifact.text)
        if kind is None:
            continue
        if read.parameter.text in tables:
            found[read.parameter] = _FRAMES | _PATHS, _TABLE
        elif kind == "metrics":
            found[read.parameter] = _MAPPING, _DICT
        elif isinstance(read, Gather):
            found[read.parameter] = _MAPPING, f"{_DICT} of paths"
        else:
            found[read.parameter] = _PATHS | _TEXT, _PATH
    for output in transformation.outputs:
        if pipeline.kinds.get(output.artifact.text) in WRITTEN_KINDS:
            found[output.name] = _PATHS | _TEXT, _PATH
    return found


def _unsuited(name: Name, sign: ParameterSign, what: str) -> Diagnostic:
    return Diagnostic(
        code=UNSUITED_ANNOTATION,
        message=f"`{name.text}` arrives as {what}, not as `{_clip(sign.annotation)}`",
        primary=Label(span=name.span),
        related=(Label(span=sign.span, message="annotated here"),),
        help=f"annotate it as {_MENDS.get(what, what)}",
    )


def _returned(
    transformation: Transformation, entry: Entry, pipeline: Pipeline
) -> Iterator[Diagnostic]:
    """Report an annotation of the result that no value for the outputs fits."""
    sign, owner = entry.signature.returns, entry.function
    if sign is None or any(o.artifact.text not in pipeline.kinds for o in transformation.outputs):
        return
    call = lower_call(transformation, "", entry.signature, pipeline.kinds)
    outputs = {output.name.text: output for output in transformation.outputs}
    match call.returns:
        case "nothing":
            allowed, what = frozenset({"None"}), "`None`, as it writes its outputs to paths"
            span = transformation.body.span
        case "one":
            output = outputs[call.returned[0]]
            allowed, words = _RETURNED[pipeline.kinds[output.artifact.text]]
            what, span = f"{words} for `{output.name.text}`", output.artifact.span
        case "tuple":
            allowed, what = _TUPLE, f"a tuple of {len(call.returned)} outputs"
            span = transformation.body.span
        case "mapping":
            allowed, what = _MAPPING, "a mapping by output name"
            span = transformation.body.span
    if sign.classes <= _ALL - allowed:
        yield Diagnostic(
            code=UNSUITED_ANNOTATION,
            message=f"`{owner}` must return {what}, not `{_clip(sign.annotation)}`",
            primary=Label(span=span),
            related=(Label(span=sign.span, message="annotated here"),),
        )


def _clip(annotation: str | None) -> str:
    text = " ".join((annotation or "").split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
