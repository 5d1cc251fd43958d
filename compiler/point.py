"""Points on axes: `depth=4,fold=1`."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

from .canonical import encode_text

AxisValue = bool | int | float | str
Point = tuple[tuple[str, AxisValue], ...]
"""Axis names and values, sorted by name. The empty point belongs to what has no axes."""

_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_.+-]*\Z")
_WORDS = frozenset({"true", "false", "null"})


def point_of(values: dict[str, AxisValue]) -> Point:
    """Return the point of these axis values."""
    return tuple(sorted(values.items()))


def value_text(value: AxisValue) -> str:
    """Write an axis value: strings bare where nothing else reads like them, else as JSON."""
    if isinstance(value, str) and _BARE.match(value) and value not in _WORDS:
        return value
    return encode_text(value)


def point_text(point: Point) -> str:
    """Write a point as `depth=4,fold=1`; the empty point is the empty string."""
    return ",".join(f"{axis}={value_text(value)}" for axis, value in point)


def with_point(name: str, point: Point) -> str:
    """Write a name with its point as `fit[depth=4]`, or the bare name at the empty point."""
    return f"{name}[{point_text(point)}]" if point else name


def point_path(point: Point) -> str:
    """Write a point as one component of a path, percent-encoded; empty at the empty point."""
    return quote(point_text(point), safe="=,")


def key_of(value: AxisValue) -> tuple[str, AxisValue]:
    """Return what makes two axis values equal: type and value, so `1`, `1.0` and `true` differ."""
    return type(value).__name__, value


def parse_point(text: str) -> Point:
    """Read a point as `point_text` writes it. Raises ValueError where it is none."""
    values: dict[str, AxisValue] = {}
    for axis, raw in _fields(text):
        if axis in values:
            raise ValueError(f"axis `{axis}` is given twice")
        values[axis] = raw if _BARE.match(raw) and raw not in _WORDS else json.loads(raw)
    return point_of(values)


def _fields(text: str) -> list[tuple[str, str]]:
    pattern = re.compile(r'([a-z][a-z0-9_]*)=("(?:[^"\\]|\\.)*"|[^,"]*)(?:,|\Z)')
    found: list[tuple[str, str]] = []
    offset = 0
    while offset < len(text):
        match = pattern.match(text, offset)
        if match is None:
            raise ValueError(f"`{text}` is not a point; write `axis=value,axis=value`")
        found.append((match[1], match[2]))
        offset = match.end()
    return found
