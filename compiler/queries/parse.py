"""A query read by DuckDB's own parser; nothing of it is executed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .engine import engine

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_NEAR = re.compile(r'at or near "(.*)"\Z', re.DOTALL)
_NOWHERE = 2**63


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why a text is no query, and the offsets of the place, in characters; None where unknown."""

    reason: str
    is_syntax: bool
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """The syntax tree of one SELECT, as DuckDB writes it in JSON."""

    text: str
    tree: dict[str, Any]

    def place(self, node: dict[str, Any]) -> tuple[int, int] | None:
        """Return the offsets of a part of the tree in characters, None where it has none."""
        start, length = node.get("query_location", _NOWHERE), node.get("query_location_length", 0)
        if not isinstance(start, int) or start >= _NOWHERE:
            return None
        data = self.text.encode("utf-8", "surrogatepass")
        return _characters(data, start), _characters(data, start + max(int(length), 1))


@lru_cache(maxsize=256)
def parse_query(text: str) -> Parsed | Refused:
    """Read a query: exactly one SELECT, with nothing in it left to be given."""
    connection = engine()
    found = connection.execute("SELECT json_serialize_sql(?)", [text]).fetchone()
    answer: dict[str, Any] = json.loads(found[0]) if found is not None else {}
    if answer.get("error"):
        return _refused(connection, text, answer)
    statements: list[dict[str, Any]] = answer["statements"]
    if not statements:
        return Refused(reason="the query is empty", is_syntax=False, start=None, end=None)
    if len(statements) > 1:
        return _several(connection, text)
    tree: dict[str, Any] = statements[0]["node"]
    if tree.get("from_table", {}).get("type") == "SHOW_REF":
        return _other_statement(text)
    return Parsed(text=text, tree=tree)


def _refused(connection: DuckDBPyConnection, text: str, answer: dict[str, Any]) -> Refused:
    if answer.get("error_type") != "parser":
        return _not_select(connection, text)
    words = str(answer.get("error_message", ""))
    near = _NEAR.search(words)
    reason = "this is no query that DuckDB can read"
    if "unterminated" in words:
        reason = "a comment is never closed" if "comment" in words else "a quote is never closed"
    elif near is not None:
        reason = f"syntax error at or near `{_clip(near[1])}`"
    elif "end of input" in words:
        reason = "the query ends too early"
    data = text.encode("utf-8", "surrogatepass")
    try:
        start = _characters(data, int(answer["position"]))
    except (KeyError, ValueError):
        return Refused(reason=reason, is_syntax=True, start=None, end=None)
    length = len(near[1]) if near is not None and "unterminated" not in words else 1
    return Refused(reason=reason, is_syntax=True, start=start, end=start + length)


def _not_select(connection: DuckDBPyConnection, text: str) -> Refused:
    """Say why a text that parses cannot be a transformation's query."""
    import duckdb

    try:
        statements = connection.extract_statements(text)
    except duckdb.Error:
        reason = "this is no query that DuckDB can read"
        return Refused(reason=reason, is_syntax=True, start=None, end=None)
    return _several(connection, text) if len(statements) > 1 else _other_statement(text)


def _several(connection: DuckDBPyConnection, text: str) -> Refused:
    first, second = connection.extract_statements(text)[:2]
    at = text.find(first.query) + len(first.query)
    start = text.find(second.query.strip(), at)
    reason = "`sql` must be one query, and a second begins here"
    end = None if start < 0 else start + len(re.match(r"\w*", text[start:])[0])  # type: ignore[index]  # matches always
    return Refused(reason=reason, is_syntax=False, start=None if start < 0 else start, end=end)


def _other_statement(text: str) -> Refused:
    word = re.compile(r"(?:\s|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*([A-Za-z]+)", re.DOTALL).match(text)
    if word is None:
        return Refused(reason="`sql` must be a SELECT", is_syntax=False, start=None, end=None)
    reason = f"`sql` must be a SELECT, but begins with `{word[1].upper()}`"
    return Refused(reason=reason, is_syntax=False, start=word.start(1), end=word.end(1))


def _characters(data: bytes, size: int) -> int:
    return len(data[:size].decode("utf-8", "ignore"))


def _clip(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= 30 else f"{shown[:29]}…"
