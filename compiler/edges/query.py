"""A query over tables of which something is known: what is wrong with it, and what it makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..codes.edges import UNFIT_QUERY, UNKNOWN_COLUMN
from ..diagnostic import Diagnostic, Label
from ..queries.binding import Bound, TableColumns, Unbound, bind_query
from ..queries.columns import Naming, naming_of
from ..queries.judge import Sample
from ..queries.parse import Parsed, parse_query
from ..queries.reading import reading_of
from ..queries.refusals import Refusal, refusal_of
from ..queries.sure_types import sure_types
from ..source import Span
from ..spec import Transformation
from .known import KnownTable

_MOST_MISTAKES = 10
_MOST_TABLES = 3
_MOST_NAMES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeColumn:
    """A column that a query makes; `span` is where, `whole` the query where it is not known."""

    name: str
    type: str | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is wrong with a query; what it makes where that is known, None elsewhere."""

    diagnostics: tuple[Diagnostic, ...]
    made: tuple[MadeColumn, ...] | None


NOTHING_KNOWN = Judged(diagnostics=(), made=None)


def judge_sample(
    transformation: Transformation, sample: Sample, known: Mapping[str, KnownTable]
) -> Judged:
    """Bind a query, where all columns of what it reads are known by name.

    `known` are its inputs by name. Types count where all are known that the query needs.
    """
    text = sample.query.text(list(sample.literals))
    parsed = parse_query(text)
    if not isinstance(parsed, Parsed):
        return NOTHING_KNOWN
    read = _tables_read(parsed, known)
    naming = naming_of(parsed)
    if read is None or naming.is_positional:
        return NOTHING_KNOWN
    return _Query(transformation, sample, parsed, read, naming).judged()


def _tables_read(parsed: Parsed, known: Mapping[str, KnownTable]) -> dict[str, KnownTable] | None:
    """Return what a query reads, None where it is more than tables whose columns are known."""
    reading = reading_of(parsed)
    by_name = {name.casefold(): (name, table) for name, table in known.items()}
    if reading.outside or reading.parameters or len(by_name) < len(known):
        return None
    read: dict[str, KnownTable] = {}
    for named in reading.tables:
        name, table = by_name.get(named.name.removeprefix("main.").casefold(), ("", None))
        if table is None or not table.columns or not table.is_closed or _has_twins(table):
            return None
        read[name] = table
    return read


def _has_twins(table: KnownTable) -> bool:
    """Say whether names of columns differ in case only; DuckDB renames one of them."""
    return len({name.casefold() for name in table.names}) < len(table.columns)


class _Query:
    """One form of a query over what it reads."""

    def __init__(
        self,
        transformation: Transformation,
        sample: Sample,
        parsed: Parsed,
        read: Mapping[str, KnownTable],
        naming: Naming,
    ) -> None:
        self._owner = transformation.name.text
        self._sample = sample
        self._parsed = parsed
        self._read = read
        self._naming = naming
        self._columns = frozenset().union(*(table.names for table in read.values()))
        self._is_typed = all(c.type is not None for t in read.values() for c in t.columns)

    def judged(self) -> Judged:
        tables = {name: _columns(table) for name, table in self._read.items()}
        bound = bind_query(self._parsed.text, tables)
        if isinstance(bound, Unbound):
            return Judged(diagnostics=tuple(self._mistakes(bound, tables)), made=None)
        if not self._is_typed:
            # Names are those of the whole query: without some columns it names others.
            names = [name for name, _ in bound.columns]
            sure = sure_types(self._parsed, self._naming, tables)
            bound = Bound(columns=tuple(zip(names, sure or (None,) * len(names), strict=True)))
        places = self._naming.places
        known = places if len(places) == len(bound.columns) else (None,) * len(bound.columns)
        made = tuple(
            MadeColumn(name=name, type=kind, span=self._span(place))
            for (name, kind), place in zip(bound.columns, known, strict=True)
        )
        return Judged(diagnostics=(), made=made)

    def _mistakes(
        self, unbound: Unbound, tables: Mapping[str, TableColumns]
    ) -> Iterator[Diagnostic]:
        """Say what is wrong; behind a column that is not there, others are looked for.

        A name is said once, where it is first written.
        """
        text, found = self._parsed.text, dict[str, Refusal]()
        for _ in range(_MOST_MISTAKES):
            refusal = refusal_of(unbound, text, self._columns)
            if refusal is None or (refusal.about == "types" and not self._is_typed):
                break
            if found and refusal.about != "column":
                break
            name = refusal.name.casefold()
            if name not in found or _is_before(refusal, found[name]):
                found[name] = refusal
            if refusal.about != "column" or refusal.place is None:
                break
            text = _without(text, refusal.place)
            again = bind_query(text, tables)
            if isinstance(again, Bound) or again.place == unbound.place:
                break
            unbound = again
        yield from map(self._say, found.values())

    def _say(self, refusal: Refusal) -> Diagnostic:
        is_column = refusal.about == "column"
        tables = [(name, self._read[name]) for name in sorted(self._read)] if is_column else []
        return Diagnostic(
            code=UNKNOWN_COLUMN if is_column else UNFIT_QUERY,
            message=f"the query of `{self._owner}` {refusal.words}",
            primary=Label(span=self._span(refusal.place)),
            related=tuple(
                Label(span=table.span, message=f"`{name}` has only {_listed(table.names)}")
                for name, table in tables[:_MOST_TABLES]
            ),
            help=refusal.help,
        )

    def _span(self, place: tuple[int, int] | None) -> Span:
        return self._sample.query.span(list(self._sample.literals), place)


def _is_before(one: Refusal, other: Refusal) -> bool:
    return one.place is not None and other.place is not None and one.place < other.place


def _columns(table: KnownTable) -> TableColumns:
    return tuple((column.name, column.type) for column in table.columns)


def _listed(names: frozenset[str]) -> str:
    shown = [f"`{name}`" for name in sorted(names)]
    if len(shown) > _MOST_NAMES:
        return f"{', '.join(shown[:_MOST_NAMES])} and {len(shown) - _MOST_NAMES} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def _without(text: str, place: tuple[int, int]) -> str:
    """Put a constant in place of a column that is not there, so that all else keeps its place."""
    start, end = place
    instead = next(each for each in ("NULL", "''", "0") if len(each) <= end - start)
    return text[:start] + instead.ljust(end - start) + text[end:]
