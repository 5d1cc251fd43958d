"""Why DuckDB cannot bind a query over its inputs, in words of our own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ..suggest import closest
from .binding import Unbound, known_functions


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What is wrong with a query, as what follows "the query of `x` …", and what to do.

    `about` says what it hangs on: a column that is not there (`name`), the types of columns, or
    the query alone.
    """

    about: Literal["column", "types", "query"]
    words: str
    name: str
    place: tuple[int, int] | None
    help: str | None


_NO_COLUMN = (
    re.compile(r'Table "(?P<table>[^"]+)" does not have a column named "(?P<column>[^"]+)"'),
    re.compile(r'Column "(?P<column>[^"]+)" does not exist on (left|right) side of join'),
    re.compile(r'Column "(?P<column>[^"]+)" in (EXCLUDE|REPLACE|RENAME) list not found'),
    re.compile(r'Column "(?P<column>[^"]+)" referenced that exists in the SELECT clause'),
    re.compile(r'Referenced (column|table) "(?P<column>[^"]+)"'),
)
_AMBIGUOUS = re.compile(r"Ambiguous reference to column name \"([^\"]+)\" \(use: (.*)\)")
_UNGROUPED = re.compile(r'column "([^"]+)" must appear in the GROUP BY clause')
_UNLIKE = re.compile(
    r"Cannot (compare|mix) values of type (.+?) and (?:type )?(.+?)(?: in | - |\n|\Z)", re.DOTALL
)
_OTHERS: tuple[tuple[str, Literal["types", "query"], str, str], ...] = (
    (
        r"WHERE clause cannot contain aggregates",
        "query",
        "has an aggregate in WHERE",
        "write the condition after `HAVING`",
    ),
    (
        r"aggregate function calls cannot be nested",
        "query",
        "has an aggregate within an aggregate",
        "make the inner one in a query of its own, in FROM",
    ),
    (
        r"(ORDER|GROUP BY) term out of range",
        "query",
        "counts more columns than it selects",
        "name the column instead of its number",
    ),
    (
        r"GROUP BY clause cannot contain aggregates",
        "query",
        "has an aggregate in GROUP BY",
        "group by columns, and select the aggregate",
    ),
    (
        r"Alias with name .* exists, but",
        "query",
        "computes with an alias in GROUP BY",
        "write out there what the alias stands for",
    ),
    (
        r"(WHERE clause cannot contain window|Window functions are not supported here)",
        "query",
        "has a window function where none can stand",
        "make it a column of a query in FROM, or write the condition after `QUALIFY`",
    ),
    (
        r"Ambiguous reference to table",
        "query",
        "reads one table twice by one name",
        "give each a name of its own with `AS`",
    ),
    (
        r"No matching columns found that match regex",
        "query",
        "picks columns by a pattern that none of them matches",
        "correct the pattern",
    ),
    (
        r"Set operations can only apply to expressions with the same number",
        "query",
        "joins SELECTs of different numbers of columns",
        "select equally many columns in each, or say `BY NAME`",
    ),
    (
        r"Subquery returns \d+ columns - expected 1",
        "query",
        "takes several columns of a subquery as one value",
        "select one column in it",
    ),
    (
        r'Could not find key "[^"]*" in struct',
        "types",
        "takes a field out of a struct that has none of that name",
        "correct the name of the field",
    ),
    (
        r"Cannot extract field",
        "types",
        "takes a field out of what is no struct",
        "name a column of structs before the dot",
    ),
    (
        r"Cannot deduce template type",
        "types",
        "mixes types that do not go together",
        "cast them to one type",
    ),
    (
        r"UNNEST\(\) can only be applied to",
        "types",
        "unnests what is no list",
        "unnest a column of lists",
    ),
)


def refusal_of(unbound: Unbound, text: str, columns: frozenset[str]) -> Refusal | None:
    """Put into words why a query cannot be bound; None where there are no words for it.

    `columns` are the names of all columns of what it reads, for suggestions.
    """
    if unbound.subtype == "COLUMN_NOT_FOUND":
        return _missing(unbound, text, unbound.name, columns)
    if (found := _AMBIGUOUS.match(unbound.said)) is not None:
        choices = " or ".join(f"`{each}`" for each in re.findall(r"'([^']+)'", found[2])[:2])
        words = f"names `{found[1]}`, a column of several tables"
        return _of_query(unbound, words, f"write {choices}")
    for pattern in _NO_COLUMN:
        if (found := pattern.match(unbound.said)) is not None:
            return _missing(unbound, text, found["column"], columns)
    if (found := _UNGROUPED.match(unbound.said)) is not None:
        words = f"has `{found[1]}` in no aggregate and not in GROUP BY"
        return _of_query(unbound, words, f"group by it, or take one: `any_value({found[1]})`")
    if unbound.subtype == "MISSING_ENTRY" and unbound.kind == "Catalog":
        near = closest(unbound.name, known_functions()) if "Function" in unbound.said else None
        hint = None if near is None else f"did you mean `{near}`?"
        words, start = f"uses `{unbound.name}`, which DuckDB does not know", unbound.place
        place = None if start is None else (start[0], start[0] + len(unbound.name))
        return Refusal(about="query", words=words, name="", place=place, help=hint)
    if unbound.subtype == "NO_MATCHING_FUNCTION":
        words = f"calls `{unbound.call}`, which there is not for these types"
        return _of_types(unbound, words, "cast what it is given to another type")
    if (found := _UNLIKE.match(unbound.said)) is not None:
        words = f"{'compares' if found[1] == 'compare' else 'mixes'} {found[2]} with {found[3]}"
        return _of_types(unbound, words, "cast one of them to the type of the other")
    for pattern_text, about, words, hint in _OTHERS:
        if re.match(pattern_text, unbound.said):
            return Refusal(about=about, words=words, name="", place=unbound.place, help=hint)
    return None


def _missing(unbound: Unbound, text: str, name: str, columns: frozenset[str]) -> Refusal:
    place = unbound.place or _first_place(text, name)
    written = name if place is None else text[place[0] : place[1]]
    words = f"names a column `{written}` that is not there"
    if written in columns:
        return _of_query(unbound, f"names the column `{written}` where none can stand", None)
    near = closest(name, columns - {name})
    hint = f"did you mean `{near}`?" if near is not None else None
    return Refusal(about="column", words=words, name=name, place=place, help=hint)


def _first_place(text: str, name: str) -> tuple[int, int] | None:
    """Return where a name first stands in a query."""
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
    return None if found is None else found.span()


def _of_query(unbound: Unbound, words: str, hint: str | None) -> Refusal:
    return Refusal(about="query", words=words, name="", place=unbound.place, help=hint)


def _of_types(unbound: Unbound, words: str, hint: str) -> Refusal:
    return Refusal(about="types", words=words, name="", place=unbound.place, help=hint)
