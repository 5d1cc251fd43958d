"""How a query names columns: one by one or by a star, by name or by position, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .parse import Parsed
from .reading import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What a query makes of the columns of what it reads.

    With `has_star` it takes all columns of something. `is_positional` says that the order of the
    columns of its inputs may decide what it makes. `places` are those of the columns that it
    makes, where each is written out.
    """

    has_star: bool
    is_positional: bool
    places: tuple[Place, ...]


def naming_of(parsed: Parsed) -> Naming:
    """Look through a query."""
    nodes = list(nodes_of(parsed.tree))
    # `ORDER BY ALL` has a star too, and sorts by what is selected anyway.
    ordering = sum(_is_star(item.get("expression")) for node in nodes for item in _orders(node))
    stars = sum(_is_star(node) for node in nodes) - ordering
    plain = sum(_is_star(item) for node in nodes for item in node.get("select_list") or ())
    by_position = any(map(_is_by_position, nodes)) and bool(stars)
    return Naming(
        has_star=bool(stars),
        is_positional=by_position or stars > plain or _names_rows(nodes),
        places=() if stars else tuple(_places(parsed)),
    )


def nodes_of(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Go through all parts of a syntax tree, in no order that means anything."""
    pending: list[Any] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            yield node
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)


def _is_star(node: Any) -> bool:
    return isinstance(node, dict) and node.get("class") == "STAR"


def _orders(node: dict[str, Any]) -> list[dict[str, Any]]:
    return node.get("orders") or [] if node.get("type") == "ORDER_MODIFIER" else []


def _is_by_position(node: dict[str, Any]) -> bool:
    """Say whether a part of a query pairs columns by their position."""
    kind = node.get("type")
    if kind == "SET_OPERATION_NODE":
        return node.get("setop_type") != "UNION_BY_NAME"
    return kind == "RECURSIVE_CTE_NODE" or bool(
        node.get("column_name_alias") or node.get("aliases")
    )


def _names_rows(nodes: list[dict[str, Any]]) -> bool:
    """Say whether columns of an input are numbered, renamed in order, or taken as one struct."""
    tables: set[str] = set()
    words: set[str] = set()
    for node in nodes:
        kind = node.get("type")
        if kind == "POSITIONAL_REFERENCE":
            return True
        if kind == "BASE_TABLE":
            if node.get("column_name_alias"):
                return True
            path = (node.get("qualified_name") or {}).get("path") or [node.get("table_name", "")]
            tables.add(str(path[-1]).casefold())
        if "class" not in node:
            tables.add(str(node.get("alias") or "").casefold())
        if kind == "COLUMN_REF" and len(node.get("column_names") or ()) == 1:
            words.add(str(node["column_names"][0]).casefold())
    return not words.isdisjoint(tables - {""})


def _places(parsed: Parsed) -> Iterator[Place]:
    for item in parsed.tree.get("select_list") or ():
        places = [place for node in nodes_of(item) if (place := parsed.place(node)) is not None]
        if places:
            yield min(first for first, _ in places), max(last for _, last in places)
        else:
            yield None
