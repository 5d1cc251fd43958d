"""Why a query failed, in words of our own, and where in it."""

from __future__ import annotations

import difflib
import json
import re
from typing import Any

from .request import QueryCall, Report


def query_report(call: QueryCall, error: Exception) -> Report:
    """Return a report of what DuckDB raised: a headline, its own words and the line below."""
    found = _parsed(str(error))
    kind = str(found.get("exception_type") or str(error).partition(" Error: ")[0])
    offset = _offset(call["query"], found.get("position"))
    said = str(found.get("exception_message") or str(error).partition("Error: ")[2]).strip()
    headline, action = _words(call, kind, found, said)
    if len(headline) > 80:
        headline = headline[:79] + "…"
    return {
        "reason": "out-of-memory" if kind == "Out of Memory" else "error",
        "message": headline,
        "detail": said if offset is None else f"{_place(call['query'], offset)}\n{said}",
        "help": action,
        "offset": offset,
    }


def _parsed(text: str) -> dict[str, Any]:
    """Read what follows `Binder Error: `, which is JSON."""
    try:
        found = json.loads(text[text.index("{") :])
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _offset(query: str, position: object) -> int | None:
    """Return a position, which counts bytes, in code points."""
    data = query.encode("utf-8")
    if not isinstance(position, str) or not position.isdecimal() or int(position) > len(data):
        return None
    return len(data[: int(position)].decode("utf-8", "ignore"))


def _place(query: str, offset: int) -> str:
    """Draw the line of a query with a mark below the place."""
    start = query.rfind("\n", 0, offset) + 1
    number = query.count("\n", 0, offset) + 1
    line = query[start:].partition("\n")[0]
    gutter = " " * len(str(number))
    indent = "".join("\t" if letter == "\t" else " " for letter in query[start:offset])
    return f"{number} | {line}\n{gutter} | {indent}^"


def _words(call: QueryCall, kind: str, found: dict[str, Any], said: str) -> tuple[str, str | None]:
    """Return a headline and an action."""
    task, name = f"`{call['transformation']}`", str(found.get("name", ""))
    subtype = found.get("error_subtype")
    if kind == "Catalog" and found.get("type") == "Table":
        return f"{task} reads `{name}`, which is none of its inputs", _inputs(call, name)
    if kind == "Catalog":
        return f"{task} uses `{name}`, which DuckDB does not know", _closest(name, found)
    if subtype == "COLUMN_NOT_FOUND":
        return f"{task} uses a column `{name}` that is not there", _closest(name, found)
    if subtype == "NO_MATCHING_FUNCTION":
        asked = str(found.get("call", name))
        return f"{task} calls `{asked}`, which there is not for these types", None
    column = _NO_COLUMN.match(said)
    if column is not None:
        return f"{task} uses a column `{column[1]}.{column[2]}` that is not there", None
    return f"{task} {_verbs(kind, said)}", _ACTIONS.get(kind)


def _verbs(kind: str, said: str) -> str:
    if kind == "Parser" and "near" in said:
        return "has a syntax error near " + said.rpartition(" near ")[2].replace('"', "`")
    return _VERBS.get(kind, "failed in DuckDB")


def _closest(name: str, found: dict[str, Any]) -> str | None:
    candidates = [each.strip(' "') for each in str(found.get("candidates", "")).split(",")]
    close = difflib.get_close_matches(name, [each for each in candidates if each], n=1)
    return f"did you mean `{close[0]}`?" if close else None


def _inputs(call: QueryCall, name: str) -> str:
    names = [bound["parameter"] for bound in call["inputs"]]
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        return f"did you mean `{close[0]}`?"
    listed = ", ".join(f"`{each}`" for each in names)
    return f"name it in `inputs`; there are {listed}" if names else "name it in `inputs`"


_NO_COLUMN = re.compile(r'[\w ]*"([^"]+)" does not have a column named "([^"]+)"')
_VERBS = {
    "Parser": "is not a query",
    "Syntax": "is not a query",
    "Binder": "is a query that does not fit its inputs",
    "Conversion": "could not convert a value",
    "Mismatch Type": "could not convert a value",
    "Out of Range": "made a number that is out of range",
    "Out of Memory": "ran out of memory",
    "Permission": "reaches beyond its inputs",
    "Not implemented": "asks for something that DuckDB cannot do",
}
_ACTIONS = {
    "Permission": "make it an artifact with a `source`, and name that in `inputs`",
    "Conversion": "`try_cast` gives null where a value does not convert",
}
