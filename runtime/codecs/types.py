"""Column types: the spelling of the language on one side, Arrow's types on the other.

Many Arrow types are one type of the language, because they differ only in how values are laid out:

* `string`, `large_string` and `string_view` are `string`; binary likewise, fixed-size included;
* lists of every layout, fixed-size included, are `list<T>`;
* dictionary-encoded and run-end encoded values are what they encode;
* `date32` and `date64` are `date`; times of day of every unit are `time`, counted in nanoseconds;
* decimals of every width are `decimal(p,s)`;
* extension types are what they are stored as: their names are metadata, which whoever does not
  know them never sees;
* names and nullability of list items and map entries are no part of a type.

Of the Arrow types that share a spelling one is **plain**; only plain types are stored. A table
with unions or intervals, which are not in the language, cannot be stored.
"""

from __future__ import annotations

import json
import re

import pyarrow as pa

from .unstorable import Unstorable

_WORDS = {
    "null": pa.null(),
    "bool": pa.bool_(),
    "int8": pa.int8(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "uint8": pa.uint8(),
    "uint16": pa.uint16(),
    "uint32": pa.uint32(),
    "uint64": pa.uint64(),
    "float16": pa.float16(),
    "float32": pa.float32(),
    "float64": pa.float64(),
    "string": pa.string(),
    "binary": pa.binary(),
    "date": pa.date32(),
    "time": pa.time64("ns"),
}
_SPELLED = {type_.id: text for text, type_ in _WORDS.items()}
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[A-Za-z0-9_/+.:-]+|[<>\[\](),])')
_UNITS = ("s", "ms", "us", "ns")
_WIDEST_DECIMAL128 = 38
_WIDEST_DECIMAL = 76


def arrow_type(text: str) -> pa.DataType:
    """Return the plain Arrow type of a column type as the language spells it.

    Raises ValueError where the text is no type.
    """
    reader = _Reader(text)
    found = reader.type()
    if reader.tokens:
        raise ValueError(f"`{text}` is not a column type")
    return found


def type_text(type_: pa.DataType) -> str:
    """Return how the language spells an Arrow type.

    Raises Unstorable for a type that the language has not.
    """
    if isinstance(type_, pa.BaseExtensionType):
        return type_text(type_.storage_type)
    if pa.types.is_dictionary(type_) or pa.types.is_run_end_encoded(type_):
        return type_text(type_.value_type)
    if is_list(type_):
        return f"list<{type_text(type_.value_type)}>"
    if pa.types.is_map(type_):
        return f"map<{type_text(type_.key_type)}, {type_text(type_.item_type)}>"
    if pa.types.is_struct(type_):
        fields = ", ".join(f"{_name_text(f.name)}: {type_text(f.type)}" for f in type_)
        return f"struct<{fields}>"
    return _flat_text(type_)


def is_list(type_: pa.DataType) -> bool:
    """Say whether a type is a list of any layout."""
    return bool(
        pa.types.is_list(type_)
        or pa.types.is_large_list(type_)
        or pa.types.is_fixed_size_list(type_)
        or pa.types.is_list_view(type_)
        or pa.types.is_large_list_view(type_)
    )


def _flat_text(type_: pa.DataType) -> str:
    if type_.id in _SPELLED:
        return _SPELLED[type_.id]
    if pa.types.is_large_string(type_) or pa.types.is_string_view(type_):
        return "string"
    if (
        pa.types.is_large_binary(type_)
        or pa.types.is_binary_view(type_)
        or pa.types.is_fixed_size_binary(type_)
    ):
        return "binary"
    if pa.types.is_date(type_):
        return "date"
    if pa.types.is_time(type_):
        return "time"
    if pa.types.is_timestamp(type_):
        return f"timestamp[{type_.unit}]" if type_.tz is None else _zoned_text(type_)
    if pa.types.is_duration(type_):
        return f"duration[{type_.unit}]"
    if pa.types.is_decimal(type_):
        return f"decimal({type_.precision},{type_.scale})"
    raise Unstorable(f"tables cannot hold {_refused(type_)}")


def _refused(type_: pa.DataType) -> str:
    """Name a type that the language has not."""
    if pa.types.is_union(type_):
        return "unions"
    if pa.types.is_interval(type_):
        return "intervals of months"
    return f"values of Arrow's type `{type_}`"


def _zoned_text(type_: pa.TimestampType) -> str:
    return f"timestamp[{type_.unit}, {type_.tz}]"


def _name_text(name: str) -> str:
    return name if _PLAIN_NAME.fullmatch(name) else json.dumps(name, ensure_ascii=False)


class _Reader:
    """Reads the text of a type, token by token."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[str] = []
        offset = 0
        stripped = text.rstrip()
        while offset < len(stripped):
            match = _TOKEN.match(stripped, offset)
            if match is None:
                raise self._refusal()
            self.tokens.append(match[1])
            offset = match.end()

    def type(self) -> pa.DataType:
        word = self._next()
        if word in _WORDS:
            return _WORDS[word]
        if word == "list":
            return pa.list_(self._between("<", ">", 1)[0])
        if word == "map":
            key, item = self._between("<", ">", 2)
            return pa.map_(key, item)
        if word == "struct":
            return self._struct()
        if word == "decimal":
            return self._decimal()
        if word in ("timestamp", "duration"):
            return self._temporal(word)
        raise self._refusal()

    def _struct(self) -> pa.DataType:
        self._expect("<")
        fields: list[pa.Field] = []
        while not self._took(">"):
            if fields:
                self._expect(",")
            fields.append(self._field())
        return pa.struct(fields)

    def _field(self) -> pa.Field:
        name = self._next()
        if name.startswith('"'):
            name = json.loads(name)
            self._expect(":")
        elif name.endswith(":"):
            name = name[:-1]
        else:
            self._expect(":")
        return pa.field(name, self.type())

    def _decimal(self) -> pa.DataType:
        self._expect("(")
        precision = self._next()
        self._expect(",")
        scale = self._next()
        self._expect(")")
        if not (precision.isdecimal() and re.fullmatch(r"-?\d+", scale)):
            raise self._refusal()
        if not 1 <= int(precision) <= _WIDEST_DECIMAL:
            raise self._refusal()
        width = pa.decimal128 if int(precision) <= _WIDEST_DECIMAL128 else pa.decimal256
        return width(int(precision), int(scale))

    def _temporal(self, word: str) -> pa.DataType:
        self._expect("[")
        unit = self._next()
        zone = self._next() if word == "timestamp" and self._took(",") else None
        self._expect("]")
        if unit not in _UNITS:
            raise self._refusal()
        return pa.duration(unit) if word == "duration" else pa.timestamp(unit, zone)

    def _between(self, start: str, end: str, count: int) -> list[pa.DataType]:
        self._expect(start)
        found = [self.type()]
        for _ in range(count - 1):
            self._expect(",")
            found.append(self.type())
        self._expect(end)
        return found

    def _next(self) -> str:
        if not self.tokens:
            raise self._refusal()
        return self.tokens.pop(0)

    def _expect(self, token: str) -> None:
        if not self._took(token):
            raise self._refusal()

    def _took(self, token: str) -> bool:
        if self.tokens and self.tokens[0] == token:
            del self.tokens[0]
            return True
        return False

    def _refusal(self) -> ValueError:
        return ValueError(f"`{self.text}` is not a column type")
