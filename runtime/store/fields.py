"""The fields of a record that was read, each taken out with its type checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from ...compiler.canonical import Json, encode_text

_Item = TypeVar("_Item")


class Fields:
    """A mapping whose unknown fields are ignored; each method raises ValueError for a wrong one."""

    __slots__ = ("_values",)

    def __init__(self, values: object) -> None:
        if not isinstance(values, dict):
            raise ValueError("a mapping is expected")
        self._values: Mapping[str, object] = values

    def text(self, name: str) -> str:
        """Return a string."""
        return _text(self._values.get(name))

    def text_or_none(self, name: str) -> str | None:
        """Return a string, or None where the field is null or absent."""
        return None if self._values.get(name) is None else self.text(name)

    def whole(self, name: str) -> int:
        """Return an integer of 0 or more."""
        value = self._values.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise ValueError(f"`{name}` is no whole number")
        return value

    def whole_or_none(self, name: str) -> int | None:
        """Return an integer of 0 or more, or None where the field is null or absent."""
        return None if self._values.get(name) is None else self.whole(name)

    def number(self, name: str) -> float:
        """Return a number as a float."""
        value = self._values.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise ValueError(f"`{name}` is no number")
        return float(value)

    def flag(self, name: str) -> bool:
        """Return a boolean, false where the field is absent."""
        value = self._values.get(name, False)
        if not isinstance(value, bool):
            raise ValueError(f"`{name}` is neither true nor false")
        return value

    def json(self, name: str) -> Json:
        """Return a value of any type in the canonical encoding; it must be there."""
        if name not in self._values:
            raise ValueError(f"`{name}` is missing")
        return encode_text(self._values[name])  # type: ignore[arg-type]  # it came from JSON

    def json_or_none(self, name: str) -> Json | None:
        """Return a value in the canonical encoding, or None where it is null or absent."""
        return None if self._values.get(name) is None else self.json(name)

    def one(self, name: str, read: Callable[[Fields], _Item]) -> _Item:
        """Return a mapping as `read` reads it."""
        return read(Fields(self._values.get(name)))

    def one_or_none(self, name: str, read: Callable[[Fields], _Item]) -> _Item | None:
        """Return a mapping as `read` reads it, or None where it is null or absent."""
        return None if self._values.get(name) is None else self.one(name, read)

    def many(self, name: str, read: Callable[[Fields], _Item]) -> tuple[_Item, ...]:
        """Return a list of mappings, each as `read` reads it."""
        return tuple(read(Fields(item)) for item in self._list(name))

    def many_or_none(self, name: str, read: Callable[[Fields], _Item]) -> tuple[_Item, ...] | None:
        """Return a list of mappings, or None where the field is null or absent."""
        return None if self._values.get(name) is None else self.many(name, read)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of strings."""
        return tuple(_text(item) for item in self._list(name))

    def pairs_or_none(self, name: str) -> tuple[tuple[str, str], ...] | None:
        """Return a list of pairs of strings, or None where the field is null or absent."""
        if self._values.get(name) is None:
            return None
        return tuple(_pair(item) for item in self._list(name))

    def by_name(self, name: str, read: Callable[[Fields], _Item]) -> tuple[tuple[str, _Item], ...]:
        """Return a mapping of names to mappings as pairs, sorted by name."""
        items = Fields(self._values.get(name))._values
        return tuple((key, read(Fields(items[key]))) for key in sorted(items))

    def values(self, name: str) -> Mapping[str, object]:
        """Return a mapping as it is."""
        return Fields(self._values.get(name))._values

    def _list(self, name: str) -> list[object]:
        value = self._values.get(name)
        if not isinstance(value, list):
            raise ValueError(f"`{name}` is no list")
        return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a string is expected")
    return value


def _pair(value: object) -> tuple[str, str]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("a pair is expected")
    return _text(value[0]), _text(value[1])
