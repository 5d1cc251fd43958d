"""Column types as people write them, in one canonical text each."""

from __future__ import annotations

import re

_PRIMITIVES = frozenset(
    {"bool", "string", "binary", "date", "time"}
    | {f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}
    | {f"float{bits}" for bits in (16, 32, 64)}
)
_TOKEN = re.compile(r"\s*(?:([A-Za-z_][A-Za-z0-9_]*)|([0-9]+)|([<>()\[\],:]))")
_ZONE = re.compile(r"\s*([A-Za-z][A-Za-z0-9_+\-/]*|[+-][0-9]{2}:[0-9]{2})\s*\]")
_UNITS = frozenset({"s", "ms", "us", "ns"})
_MOST_DIGITS = 76
_DEEPEST = 16

COLUMN_TYPES = (
    *sorted(_PRIMITIVES),
    "decimal(10,2)",
    "timestamp[us]",
    "timestamp[us, UTC]",
    "duration[us]",
    "list<int64>",
    "struct<name: string>",
    "map<string, int64>",
)
"""An example of every column type."""


def column_type(text: str) -> str | None:
    """Return the canonical spelling of a column type, or None where it is none.

    White space between words does not count. Canonical: `decimal(10,2)`, `timestamp[us, UTC]`,
    `list<int64>`, `struct<a: int64, b: string>`, `map<string, int64>`. Time zones are not looked
    up, as what zones exist depends on the machine.
    """
    reader = _Reader(text)
    try:
        found = reader.type(0)
    except _NoTypeError:
        return None
    return found if not text[reader.offset :].strip() else None


class _NoTypeError(Exception):
    """The text is no column type."""


class _Reader:
    """A recursive descent over one text; `offset` is how far it has come."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0

    def type(self, depth: int) -> str:
        if depth > _DEEPEST:
            raise _NoTypeError
        word = self.word()
        if word in _PRIMITIVES:
            return word
        match word:
            case "decimal":
                return self.decimal()
            case "timestamp":
                return self.timestamp()
            case "duration":
                self.expect("[")
                unit = self.unit()
                self.expect("]")
                return f"duration[{unit}]"
            case "list":
                self.expect("<")
                items = self.type(depth + 1)
                self.expect(">")
                return f"list<{items}>"
            case "map":
                return self.map(depth)
            case "struct":
                return self.struct(depth)
            case _:
                raise _NoTypeError

    def decimal(self) -> str:
        self.expect("(")
        precision = self.number()
        self.expect(",")
        scale = self.number()
        self.expect(")")
        if not 1 <= precision <= _MOST_DIGITS or scale > precision:
            raise _NoTypeError
        return f"decimal({precision},{scale})"

    def timestamp(self) -> str:
        self.expect("[")
        unit = self.unit()
        if not self.accept(","):
            self.expect("]")
            return f"timestamp[{unit}]"
        zone = _ZONE.match(self.text, self.offset)
        if zone is None:
            raise _NoTypeError
        self.offset = zone.end()
        return f"timestamp[{unit}, {zone[1]}]"

    def map(self, depth: int) -> str:
        self.expect("<")
        key = self.type(depth + 1)
        self.expect(",")
        value = self.type(depth + 1)
        self.expect(">")
        return f"map<{key}, {value}>"

    def struct(self, depth: int) -> str:
        self.expect("<")
        fields: dict[str, str] = {}
        while True:
            name = self.word()
            self.expect(":")
            if name in fields:
                raise _NoTypeError
            fields[name] = self.type(depth + 1)
            if not self.accept(","):
                break
        self.expect(">")
        return f"struct<{', '.join(f'{name}: {kind}' for name, kind in fields.items())}>"

    def unit(self) -> str:
        word = self.word()
        if word not in _UNITS:
            raise _NoTypeError
        return word

    def word(self) -> str:
        return self.token(1)

    def number(self) -> int:
        digits = self.token(2)
        if len(digits) > 3:
            raise _NoTypeError
        return int(digits)

    def token(self, group: int) -> str:
        match = _TOKEN.match(self.text, self.offset)
        if match is None or match[group] is None:
            raise _NoTypeError
        self.offset = match.end()
        return match[group]

    def accept(self, sign: str) -> bool:
        match = _TOKEN.match(self.text, self.offset)
        if match is None or match[3] != sign:
            return False
        self.offset = match.end()
        return True

    def expect(self, sign: str) -> None:
        if not self.accept(sign):
            raise _NoTypeError
