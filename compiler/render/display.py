"""Text as a terminal shows it: how wide it is, and what stands for what cannot be shown."""

from __future__ import annotations

import unicodedata

TAB = "    "

# They reorder what stands around them, so that a line would read other than it is.
_REORDERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ZERO_WIDTH = frozenset({"Mn", "Me", "Cf"})


def shown(text: str) -> str:
    """Return text with tabs as spaces, and a visible sign for each control character."""
    return text if text.isprintable() else "".join(map(_shown_character, text))


def width(text: str) -> int:
    """Return how many columns text takes on a terminal, once it is `shown`."""
    return len(text) if text.isascii() else sum(map(_character_width, text))


def _shown_character(character: str) -> str:
    if character == "\t":
        return TAB
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if character in _REORDERING or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
        return "\ufffd"
    return character


def _character_width(character: str) -> int:
    if unicodedata.category(character) in _ZERO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
