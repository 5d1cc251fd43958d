"""Values that a key may have, in words."""

from __future__ import annotations

import re
from typing import Any

Shape = dict[str, Any]
"""A piece of the schema."""

EXPRESSIONS = frozenset(
    {
        *("command", "sql", "arguments", "resources.gpu_type", "resources.labels"),
        *("source", "source.path", "variables"),
    }
)
"""Ends of paths of texts that may hold expressions where no pattern of the schema can say so."""

DEFAULTS = {
    "severity": "error",
    "unique": "false",
    "retries.attempts": "3",
    "retries.on": "worker-lost",
    "retries.backoff": "1s",
    "isolation": "process",
    "deterministic": "true",
}
"""Ends of paths whose default the schema's descriptions leave out."""

_DEFAULT = re.compile(r"[;,] (?:an? )?default:? (?P<value>[^.;]+)(?=\.$)")
_SHORTER = {
    "a name of a-z, 0-9 and _, first a letter": "a name",
    "a name of a-z, 0-9 and -, first a letter": "a name; `-` in place of `_`",
    "a text that is not empty": "a text",
    "a path relative to the file; URLs are not supported yet": "a path",
    "a list of values, or an expression": "a list of values, a mapping from labels to values, "
    "or an expression `${…}`",
    "a column type": "a column type, see [Contracts](../language.md#contracts)",
}
_MANY = {
    "a name": "names",
    "a text": "texts",
    "the name of a Python module": "names of Python modules",
    "a name of letters, digits and _": "names of letters, digits and _",
}
_TYPES = {
    "string": "a text",
    "boolean": "`true` or `false`",
    "integer": "a whole number",
    "number": "a number",
    "array": "a list",
    "object": "a mapping",
}


def value_of(path: str, shape: Shape) -> str:
    """Return the values that the key at a path may have."""
    if "$ref" in shape:
        shape = {}
    said = _said(shape)
    holds = any(_ends(path, one) for one in EXPRESSIONS)
    if (holds or r"\$\{" in shape.get("pattern", "")) and "expression" not in said:
        said += "; may hold `${…}`" if holds else ", or an expression `${…}`"
    return said


def default_of(path: str, shape: Shape) -> str:
    """Return the default of the key at a path, where it has one that is worth a word."""
    found = _DEFAULT.search(_description(shape))
    if found is None:
        return next((f"`{value}`" for end, value in DEFAULTS.items() if _ends(path, end)), "")
    value = found["value"]
    return f"`{value}`" if re.fullmatch(r"[a-z0-9_]+", value) and value != "all" else value


def meaning_of(shape: Shape) -> str:
    """Return the description without the default."""
    return _DEFAULT.sub("", _description(shape))


def _ends(path: str, end: str) -> bool:
    return f".{path}".endswith(f".{end}")


def _wanted(shape: Shape) -> str:
    words = str(shape.get("patternErrorMessage", "")).removeprefix("must be ")
    words = words.replace("2**31", "2³¹")
    return _SHORTER.get(words, words)


def _description(shape: Shape) -> str:
    return str(shape.get("markdownDescription") or shape.get("description") or "")


def _said(shape: Shape) -> str:
    if "const" in shape:
        return f"`{shape['const']}`"
    if "enum" in shape:
        return " or ".join(", ".join(f"`{one}`" for one in shape["enum"]).rsplit(", ", 1))
    wanted = _wanted(shape)
    types = shape.get("type", [])
    types = [types] if isinstance(types, str) else types
    if not types:
        return "any value"
    if "expression" in wanted:
        return str(wanted)
    return ", or ".join(_one(kind, shape, wanted) for kind in types)


def _one(kind: str, shape: Shape, wanted: str) -> str:
    if kind == "string":
        return wanted or "a text"
    if kind == "array":
        return _list(shape)
    if kind == "object":
        return _mapping(shape)
    return _TYPES[kind] + _range(shape)


def _list(shape: Shape) -> str:
    items = shape.get("items")
    some = "a list" if not shape.get("minItems") else "a list, not empty,"
    return some.rstrip(",") if not items else f"{some} of {_many(items)}"


def _mapping(shape: Shape) -> str:
    if shape.get("properties") and not isinstance(shape.get("additionalProperties"), dict):
        return _keys(shape)
    values = shape.get("additionalProperties")
    if not isinstance(values, dict):
        return "a mapping from names to any values"
    if "$ref" in values:
        return f"a mapping from names to {values['$ref'].rpartition('/')[2]}s"
    if values.get("properties"):
        return f"a mapping from names to {'the same' if 'items' in shape else _keys(values)}"
    return f"a mapping from names to {_many(values)}"


def _keys(shape: Shape) -> str:
    keys = f"`{{{', '.join(shape['properties'])}}}`"
    return keys if shape["type"] == "object" else f"names, or to {keys}"


def _many(shape: Shape) -> str:
    """Return what several values of a shape are called."""
    if "enum" in shape:
        return _said(shape)
    if set(shape.get("type", [])) == {"boolean", "number", "string"}:
        return "booleans, numbers or texts"
    plain = {"string": "texts", "object": "mappings", "integer": "whole numbers"}
    words = _wanted(shape)
    if isinstance(shape.get("type"), str) and not words:
        return plain.get(shape["type"], "values")
    if shape.get("properties"):
        return f"names, or of `{{{', '.join(shape['properties'])}}}`"
    return _MANY.get(words, f"values, each {_said(shape)}")


def _range(shape: Shape) -> str:
    low, high, below = (shape.get(one) for one in ("minimum", "maximum", "exclusiveMaximum"))
    said = "" if low is None else f" from {low}"
    said += "" if high is None else f" to {high}"
    if below is not None:
        said += f" below {'2³¹' if below == 2**31 else below}"
    return said
