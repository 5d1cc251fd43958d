"""Which column types a file, a query or a sort can hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..plan import FileForm
from ..queries.types import read_as

_NESTED = ("list<", "struct<", "map<")
_PLAIN = re.compile(r"(bool|u?int\d+|float\d+|string)\Z")
_LEAF = re.compile(r"[a-z]+[0-9]*(?:\([0-9,]+\)|\[[^\]]*\])?(?=[,>]|\Z)")


def is_written(kind: str, form: FileForm) -> bool:
    """Say whether a column of a canonical type can be written to a file of a format.

    Text has no spelling for nested and binary values; JSON has none for maps, and in lists and
    structs only numbers, booleans and text.
    """
    match form:
        case "csv":
            return kind != "binary" and not kind.startswith(_NESTED)
        case "jsonl" if kind.startswith(_NESTED):
            return "map<" not in kind and all(_PLAIN.match(leaf) for leaf in _leaves(kind))
        case "jsonl":
            return kind != "binary"
        case _:
            return True


def is_read(kind: str, form: str) -> bool:
    """Say whether a column of a canonical type can ever be read from a file of a format.

    Text is never read as a nested value; of JSON no maps are read, and no half floats and
    durations in lists and structs.
    """
    if not kind.startswith(_NESTED):
        return True
    if form == "jsonl":
        refused = ("float16", "duration")
        return "map<" not in kind and not any(leaf.startswith(refused) for leaf in _leaves(kind))
    return form != "csv"


def is_queried(kind: str) -> bool:
    """Say whether a query can read a table with a column of a canonical type."""
    return read_as(kind) is not None


def is_sortable(kind: str) -> bool:
    """Say whether rows can be sorted by a column of a canonical type."""
    return kind != "float16" and not kind.startswith(("list<", "map<"))


def _leaves(kind: str) -> Iterator[str]:
    """Go through the types of a nested one that hold no others; names of fields are left out."""
    return (found[0] for found in _LEAF.finditer(kind))
