"""Column types as DuckDB's types, and back, as a query reads and makes them when it runs."""

from __future__ import annotations

import re

_READ = {
    "null": '"NULL"',
    "bool": "BOOLEAN",
    "int8": "TINYINT",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "uint8": "UTINYINT",
    "uint16": "USMALLINT",
    "uint32": "UINTEGER",
    "uint64": "UBIGINT",
    "float32": "FLOAT",
    "float64": "DOUBLE",
    "string": "VARCHAR",
    "binary": "BLOB",
    "date": "DATE",
    "time": "TIME_NS",
    "timestamp[s]": "TIMESTAMP_S",
    "timestamp[ms]": "TIMESTAMP_MS",
    "timestamp[us]": "TIMESTAMP",
    "timestamp[ns]": "TIMESTAMP_NS",
}
_MADE = {engine: kind for kind, engine in _READ.items()} | {
    "TIME": "time",
    "TIME WITH TIME ZONE": "time",
    "TIMESTAMP WITH TIME ZONE": "timestamp[us, UTC]",
    "TIMESTAMPTZ_NS": "timestamp[ns, UTC]",
    "UUID": "string",
    "BIT": "binary",
}
_MADE_AT_TOP = {"HUGEINT": "int64", "UHUGEINT": "int64", "INTERVAL": "duration[us]"}
_MOST_DIGITS = 38
_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_FIELD = re.compile(rf'({_NAME}|"(?:[^"]|"")*"):? (.*)\Z', re.DOTALL)
_ITEMS = re.compile(r"(.*)\[[0-9]*\]\Z", re.DOTALL)


def read_as(kind: str, *, is_inner: bool = False) -> str | None:
    """Return the type that DuckDB reads a column of a canonical type as, None where it cannot.

    Half floats are read as `FLOAT`, but not within lists and structs.
    """
    word, _, rest = kind.partition("<")
    if word == "float16" and not is_inner:
        return "FLOAT"
    if word == "list":
        item = read_as(rest[:-1], is_inner=True)
        return None if item is None else f"{item}[]"
    if word == "map":
        entries = [read_as(part, is_inner=True) for part in _split(rest[:-1])]
        return None if None in entries else f"MAP({entries[0]}, {entries[1]})"
    if word == "struct":
        pairs = [part.partition(": ") for part in _split(rest[:-1])]
        fields = [(name, read_as(inner, is_inner=True)) for name, _, inner in pairs]
        if any(inner is None for _, inner in fields):
            return None
        return f"STRUCT({', '.join(f'{_quoted(name)} {inner}' for name, inner in fields)})"
    if kind.startswith("decimal"):
        digits = int(kind[len("decimal(") :].partition(",")[0])
        return kind.upper() if digits <= _MOST_DIGITS else None
    if kind.startswith("duration"):
        return "INTERVAL"
    if kind.startswith("timestamp") and "," in kind:
        return "TIMESTAMPTZ_NS" if kind.startswith("timestamp[ns") else "TIMESTAMP WITH TIME ZONE"
    return _READ.get(kind)


def made_of(engine: str, *, is_inner: bool = False) -> str | None:
    """Return the column type that a column of a type of DuckDB becomes, None where unknown.

    `HUGEINT` is kept as int64, and `INTERVAL` as a duration, but not within lists and structs.
    """
    if engine in _MADE_AT_TOP:
        return None if is_inner else _MADE_AT_TOP[engine]
    if (items := _ITEMS.match(engine)) is not None:
        item = made_of(items[1], is_inner=True)
        return None if item is None else f"list<{item}>"
    word, _, rest = engine.partition("(")
    if word == "MAP":
        entries = [made_of(part, is_inner=True) for part in _split(rest[:-1])]
        return None if None in entries else f"map<{entries[0]}, {entries[1]}>"
    if word == "STRUCT":
        fields = [_made_field(part) for part in _split(rest[:-1])]
        return None if None in fields else f"struct<{', '.join(map(str, fields))}>"
    if word == "DECIMAL":
        return engine.lower()
    if word == "ENUM":
        return "string"
    return _MADE.get(engine)


def _made_field(text: str) -> str | None:
    """Return a field of a struct, None where its name is none that a contract can write."""
    field = _FIELD.match(text)
    if field is None:
        return None
    name, inner = field[1].strip('"'), made_of(field[2], is_inner=True)
    return f"{name}: {inner}" if inner is not None and re.fullmatch(_NAME, name) else None


def _split(text: str) -> list[str]:
    """Split at the commas that stand within no bracket and no quotes."""
    parts, depth, start, quote = [], 0, 0, ""
    for at, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in "<([":
            depth += 1
        elif letter in ">)]":
            depth -= 1
        elif letter == "," and not depth:
            parts.append(text[start:at].strip())
            start = at + 1
    return [*parts, text[start:].strip()]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
