"""HTML that is escaped by construction: text is never markup unless this file made it so."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"meta", "br", "img", "col", "hr"})

Attribute = str | int | float | bool | None


class Markup(str):
    """Text that is HTML already; any other text is escaped where it is put into HTML."""

    __slots__ = ()


def text(value: str) -> Markup:
    """Return text as HTML that reads the same; what no page may hold becomes `�`."""
    return value if isinstance(value, Markup) else Markup(escape(_printable(value), quote=True))


def join(parts: Iterable[str], between: str = "") -> Markup:
    """Join pieces; those that are no markup are escaped."""
    return Markup(text(between).join(text(part) for part in parts))


def element(name: str, /, *inner: str, **attributes: Attribute) -> Markup:
    """Return an element.

    An attribute's `_` stands for `-`, but for one at the end, which only keeps Python content:
    `class_`, `data_value`. None and False leave an attribute out, True writes its name alone.
    """
    head = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{head}>")
    return Markup(f"<{name}{head}>{''.join([text(one) for one in inner])}</{name}>")


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    if isinstance(value, float):
        value = f"{value:.1f}".removesuffix(".0")
    return f' {name}="{escape(_printable(str(value)), quote=True)}"'


def _printable(value: str) -> str:
    """Replace what no page may hold: control characters and halves of a pair."""
    if value.isprintable():
        return value
    return "".join(
        one if one in "\n\t" or not (ord(one) < 32 or 0xD800 <= ord(one) < 0xE000) else "\ufffd"
        for one in value
    )
