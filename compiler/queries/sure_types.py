"""The types that a query makes whatever the types of some columns of its inputs are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .binding import Bound, TableColumns, bind_query
from .columns import Naming, nodes_of
from .parse import Parsed

_NO_COLUMNS = ((" ", "bool"),)
"""A column that no query names, for a table must have one."""

_QUERIES = ("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE")


def sure_types(
    parsed: Parsed, naming: Naming, tables: Mapping[str, TableColumns]
) -> tuple[str | None, ...] | None:
    """Return the types of what a query makes, in order, None for each that is not sure.

    It is bound without the columns that have no type; what binds hangs on none of them. What it
    selects by naming one has no type either. None where more may hang on one, as where a subquery
    names it.
    """
    if naming.has_star or len(naming.places) != len(_items(parsed)):
        return None
    untyped = {c.casefold() for columns in tables.values() for c, kind in columns if kind is None}
    unsure = _unsure(parsed, untyped)
    blanks = [place for index, place in enumerate(naming.places) if index in unsure]
    for node in _outer(parsed.tree):
        if node.get("class") == "COLUMN_REF" and not _names(node).isdisjoint(untyped):
            place = parsed.place(node)
            if place is None or not any(p and p[0] <= place[0] < p[1] for p in blanks):
                blanks.append(place)
    text = parsed.text
    for place in sorted(place for place in blanks if place is not None)[::-1]:
        text = f"{text[: place[0]]} NULL {text[place[1] :]}"
    if None in blanks:
        return None
    typed = {
        name: tuple((column, kind) for column, kind in columns if kind is not None) or _NO_COLUMNS
        for name, columns in tables.items()
    }
    bound = bind_query(text, typed)
    if not isinstance(bound, Bound) or len(bound.columns) != len(naming.places):
        return None
    kinds = enumerate(kind for _, kind in bound.columns)
    return tuple(None if index in unsure else kind for index, kind in kinds)


def _unsure(parsed: Parsed, untyped: set[str]) -> set[int]:
    """Return which of what is selected names a column without a type, also by another's alias."""
    names = [
        frozenset[str]().union(*(_names(node) for node in nodes_of(item)))
        for item in _items(parsed)
    ]
    aliases = [str(item.get("alias") or "").casefold() for item in _items(parsed)]
    words, found = set(untyped), set[int]()
    while more := {i for i, of in enumerate(names) if i not in found and not of.isdisjoint(words)}:
        found |= more
        words |= {aliases[index] for index in more} - {""}
    return found


def _items(parsed: Parsed) -> list[dict[str, Any]]:
    return parsed.tree.get("select_list") or []


def _names(node: dict[str, Any]) -> frozenset[str]:
    """Return the words of a reference to a column: of `t.a.b` each may be the column."""
    if node.get("class") != "COLUMN_REF":
        return frozenset()
    return frozenset(str(word).casefold() for word in node.get("column_names") or ())


def _outer(node: Any, *, is_top: bool = True) -> Iterator[dict[str, Any]]:
    """Go through a tree, but into no query within it."""
    if isinstance(node, list):
        for item in node:
            yield from _outer(item, is_top=False)
    elif isinstance(node, dict) and (is_top or node.get("type") not in _QUERIES):
        yield node
        for key, value in node.items():
            if key != "cte_map":
                yield from _outer(value, is_top=False)
