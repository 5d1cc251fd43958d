"""Scalars written another way."""

from __future__ import annotations

import re
from typing import Any

from ..diagnostic import Edit, Fix
from ..document import Scalar
from ..reading.scalars import resolve
from ..source import Span

_BARE = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./*-]*\Z")
_QUOTED = re.compile(r"\"[^\"\\\n]*\"\Z|'[^'\n]*'\Z")


def rewrite(span: Span, text: str, *, title: str, is_certain: bool = True) -> tuple[Fix, ...]:
    """Return the fix that writes a text in the place of a whole span."""
    edits = (Edit(span=span, text=text),)
    return (Fix(title=title, edits=edits, is_certain=is_certain),)


def unquote(node: Scalar, schema: dict[str, Any]) -> str | None:
    """Return a quoted number or boolean without its quotes, where its place takes one, no text."""
    written = node.span.text
    if node.plain or not isinstance(node.value, str) or _QUOTED.match(written) is None:
        return None
    types = schema.get("type", ())
    takes = {types} if isinstance(types, str) else set(types)
    takes |= {"integer"} if "number" in takes else set()
    value = resolve(node.value)
    kind = {bool: "boolean", int: "integer", float: "number"}.get(type(value))
    return node.value if kind in takes else None


def listed(node: Scalar) -> str | None:
    """Return a scalar as the only entry of a list; None where brackets would change it."""
    written = node.span.text
    is_safe = _QUOTED.match(written) if not node.plain else _BARE.match(written)
    return f"[{written}]" if is_safe else None
