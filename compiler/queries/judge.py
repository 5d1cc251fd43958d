"""What is wrong with a query: its syntax, what it reads, what it leaves to chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..codes import queries as codes
from ..codes.commands import UNUSED_INPUT
from ..diagnostic import Code, Diagnostic, Label
from ..graph import reads_of
from ..spec import Artifact, Transformation
from ..suggest import closest
from .parse import Refused, parse_query
from .prepare import PreparedQuery
from .reading import Named, Reading, reading_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One evaluated form of a query: a literal for each of its expressions."""

    query: PreparedQuery
    literals: tuple[str, ...]


def judge_query(
    transformation: Transformation, sample: Sample, artifacts: Mapping[str, Artifact]
) -> Iterator[Diagnostic]:
    """Parse an evaluated query with DuckDB's parser, and judge what it would do."""
    literals = list(sample.literals)
    parsed = parse_query(sample.query.text(literals))
    if isinstance(parsed, Refused):
        place = None if parsed.start is None else (parsed.start, parsed.end or parsed.start + 1)
        code = codes.QUERY_SYNTAX if parsed.is_syntax else codes.NOT_A_QUERY
        span = sample.query.span(literals, place)
        hint = None if parsed.is_syntax else "write one SELECT: what it gives becomes the output"
        yield Diagnostic(code=code, message=parsed.reason, primary=Label(span=span), help=hint)
        return
    judge = _Judge(transformation, sample, artifacts)
    reading = reading_of(parsed)
    yield from judge.tables(reading)
    yield from judge.chance(reading)
    yield from judge.order(reading)


class _Judge:
    """Judges one query of a transformation."""

    def __init__(
        self, transformation: Transformation, sample: Sample, artifacts: Mapping[str, Artifact]
    ) -> None:
        self._transformation = transformation
        self._sample = sample
        self._artifacts = artifacts

    def tables(self, reading: Reading) -> Iterator[Diagnostic]:
        reads = reads_of(self._transformation)
        known = {read.parameter.text.casefold(): read.parameter.text for read in reads}
        owner = self._transformation.name.text
        unknown: set[str] = set()
        for table in reading.tables:
            name = table.name.removeprefix("main.").casefold()
            if name in known:
                continue
            near = closest(name, known.values())
            hint = f"did you mean `{near}`?" if near else "add it to `inputs`"
            unknown.add(near or "")
            message = f"the query of `{owner}` reads `{_clip(table.name)}`, which is no input"
            yield self._say(codes.UNKNOWN_TABLE, message, table, hint)
        for outside in reading.outside:
            message = f"the query of `{owner}` reads `{_clip(outside.name)}` from outside"
            hint = "declare it as an artifact with a `source`, and name it under `inputs`"
            yield self._say(codes.OUTSIDE_READ, message, outside, hint)
        for parameter in reading.parameters:
            message = f"the query of `{owner}` leaves a value open"
            hint = "write the value as an expression: `${parameters.NAME}`"
            yield self._say(codes.QUERY_SYNTAX, message, parameter, hint)
        used = {table.name.removeprefix("main.").casefold() for table in reading.tables}
        for read in reads:
            name = read.parameter.text
            # An input of a table that is nowhere may be what was meant by its name.
            if name.casefold() not in used and not unknown & {name, ""}:
                yield Diagnostic(
                    code=UNUSED_INPUT,
                    message=f"the query of `{owner}` never reads its input `{name}`",
                    primary=Label(span=read.parameter.span),
                    related=(Label(span=self._sample.query.whole, message="in this query"),),
                    help="read it in FROM, or remove it",
                )

    def chance(self, reading: Reading) -> Iterator[Diagnostic]:
        if not self._transformation.deterministic:
            return
        for changing in reading.changing:
            message = f"`{changing.name}` gives another result each time"
            hint = "give the value as a parameter, or say `deterministic: false`"
            yield self._say(codes.CHANGING_FUNCTION, message, changing, hint)

    def order(self, reading: Reading) -> Iterator[Diagnostic]:
        outputs = self._transformation.outputs
        made = self._artifacts.get(outputs[0].artifact.text) if len(outputs) == 1 else None
        if reading.has_order or made is None or made.kind != "table" or made.contract.key:
            return
        name = made.name.text
        yield Diagnostic(
            code=codes.UNDEFINED_ORDER,
            message=f"the rows of `{name}` come in no order",
            primary=Label(span=self._sample.query.whole),
            related=(Label(span=made.name.span, message="has no `key`"),),
            help=f"end the query with `ORDER BY`, or give `{name}` a `key`",
        )

    def _say(self, code: Code, message: str, named: Named, hint: str) -> Diagnostic:
        span = self._sample.query.span(list(self._sample.literals), named.place)
        return Diagnostic(code=code, message=message, primary=Label(span=span), help=hint)


def _clip(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:23]}…"
