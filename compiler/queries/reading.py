"""What a query reads and calls, from its syntax tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .parse import Parsed

_OUTSIDE = frozenset(
    {"glob", "sniff_csv", "query", "query_table", "from_substrait", "which_secret"}
)
_OUTSIDE_PREFIXES = ("read_", "duckdb_", "pragma_", "parquet_", "st_read", "load_")
_OUTSIDE_SUFFIXES = ("_scan", "_attach", "_query")
_CHANGING = frozenset(
    """
    setseed uuidv7 now today current_date current_time
    current_timestamp current_localtime current_localtimestamp get_current_time
    get_current_timestamp transaction_timestamp localtime localtimestamp nextval currval
    txid_current pg_backend_pid getenv current_setting current_user current_database
    current_schema version getvariable
    """.split()  # noqa: SIM905
)
_KEYWORDS = frozenset(
    [
        "current_date",
        "current_time",
        "current_timestamp",
        "localtime",
        "localtimestamp",
        "current_user",
    ]
)
"""Functions that are written without parentheses and then look like columns."""

_AGGREGATES = frozenset(
    """
    count count_star sum avg min max mean median stddev stddev_pop stddev_samp variance var_pop
    var_samp bool_and bool_or product quantile quantile_cont quantile_disc corr covar_pop
    covar_samp entropy kurtosis skewness mode first last any_value approx_count_distinct
    """.split()  # noqa: SIM905
)

Place = tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A name in a query and the offsets of its place, None where that is unknown."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a query does.

    `tables` are those of FROM that no WITH defines, `outside` what reaches out of the query,
    `changing` what gives another value each time, `parameters` the places of `?` and `$1`.
    """

    tables: tuple[Named, ...]
    outside: tuple[Named, ...]
    changing: tuple[Named, ...]
    parameters: tuple[Named, ...]
    has_order: bool


def reading_of(parsed: Parsed) -> Reading:
    """Look through a query."""
    found: dict[str, list[Named]] = {"table": [], "outside": [], "changing": [], "parameter": []}
    for kind, named in _named(parsed):
        found[kind].append(named)
    return Reading(
        tables=tuple(found["table"]),
        outside=tuple(found["outside"]),
        changing=tuple(found["changing"]),
        parameters=tuple(found["parameter"]),
        has_order=_has_order(parsed.tree),
    )


@dataclass(frozen=True, slots=True)
class _Within:
    """A part of a query in which other names are defined than around it."""

    node: Any
    defined: frozenset[str]


def _named(parsed: Parsed) -> Iterator[tuple[str, Named]]:
    pending: list[tuple[Any, frozenset[str], Place]] = [(parsed.tree, frozenset(), None)]
    while pending:
        node, defined, outer = pending.pop()
        if isinstance(node, _Within):
            node, defined = node.node, node.defined
        if isinstance(node, list):
            pending.extend((item, defined, outer) for item in reversed(node))
            continue
        if not isinstance(node, dict):
            continue
        place = parsed.place(node) or outer
        if node.get("type") == "RECURSIVE_CTE_NODE":
            defined |= {str(node.get("cte_name", "")).casefold()}
        children = [child for key, child in node.items() if key != "cte_map"]
        # What WITH defines sees what stands before it, and itself only where it is recursive.
        for entry in (node.get("cte_map") or {}).get("map", ()):
            children.append(_Within(entry["value"], defined))
            defined |= {str(entry["key"]).casefold()}
        yield from _of_node(parsed, node, defined, place)
        pending.extend((child, defined, place) for child in reversed(children))


def _of_node(
    parsed: Parsed, node: dict[str, Any], defined: frozenset[str], place: Place
) -> Iterator[tuple[str, Named]]:
    kind, name = node.get("type"), str(node.get("function_name", "")).casefold()
    if kind == "BASE_TABLE":
        yield from _table(parsed, node, defined)
    elif kind == "SHOW_REF":
        yield "outside", Named(name="DESCRIBE", place=place)
    elif node.get("class") == "FUNCTION" and not node.get("is_operator"):
        is_age = name == "age" and len(node.get("arguments", ())) == 1
        if _reads_outside(name):
            yield "outside", Named(name=f"{name}(…)", place=_first(place, name))
        elif name in _CHANGING or is_age:
            yield "changing", Named(name=f"{name}()", place=_first(place, name))
    elif node.get("class") == "COLUMN_REF":
        columns = node.get("column_names", ())
        if len(columns) == 1 and str(columns[0]).casefold() in _KEYWORDS and place is not None:
            written = parsed.text[place[0] : place[1]]
            if not written.startswith('"'):
                yield "changing", Named(name=written.casefold(), place=place)
    elif node.get("class") == "PARAMETER":
        yield "parameter", Named(name="", place=place)
    sample = node.get("sample")
    if isinstance(sample, dict) and not sample.get("repeatable") and sample.get("seed") == -1:
        # Samples have no place in the tree.
        word = re.search(r"\b(?:USING\s+SAMPLE|TABLESAMPLE)\b", parsed.text, re.IGNORECASE)
        yield "changing", Named(name="SAMPLE", place=word.span() if word else place)


def _table(
    parsed: Parsed, node: dict[str, Any], defined: frozenset[str]
) -> Iterator[tuple[str, Named]]:
    path = (node.get("qualified_name") or {}).get("path") or [node.get("table_name", "")]
    name = ".".join(str(part) for part in path)
    place = _first(parsed.place(node), name, parsed.text)
    if len(path) == 1 and name.casefold() in defined:
        return
    is_file = place is not None and parsed.text[place[0] : place[0] + 1] == "'"
    if len(path) == 1 and (is_file or "/" in name or "*" in name):
        yield "outside", Named(name=name, place=place)
    else:
        yield "table", Named(name=name, place=place)


def _first(place: Place, name: str, text: str = "") -> Place:
    """Return the place of a name at the beginning of a place; an alias behind it is left out."""
    if place is None:
        return None
    quotes = 2 if text[place[0] : place[0] + 1] in ("'", '"') else 0
    return place[0], min(place[1], place[0] + len(name) + quotes)


def _reads_outside(name: str) -> bool:
    return (
        name in _OUTSIDE or name.startswith(_OUTSIDE_PREFIXES) or name.endswith(_OUTSIDE_SUFFIXES)
    )


def _has_order(tree: dict[str, Any]) -> bool:
    """Say whether a query's rows come in an order: ORDER BY at the top, or one row only."""
    modifiers = {modifier.get("type") for modifier in tree.get("modifiers", ())}
    if "ORDER_MODIFIER" in modifiers:
        return True
    is_plain = tree.get("aggregate_handling") == "STANDARD_HANDLING"
    if tree.get("type") != "SELECT_NODE" or tree.get("group_expressions") or not is_plain:
        return False
    source = (tree.get("from_table") or {}).get("type")
    selected = tree.get("select_list", ())
    if source == "EMPTY":
        return all(str(item.get("function_name", "")) != "unnest" for item in selected)
    if source == "EXPRESSION_LIST":
        return True
    return bool(selected) and all(
        item.get("class") == "FUNCTION" and item.get("function_name") in _AGGREGATES
        for item in selected
    )
