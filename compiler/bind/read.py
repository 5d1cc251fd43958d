"""Reading values of a document whose shape is already known to be right."""

from __future__ import annotations

from ..document import Mapping, Node, Scalar, Sequence
from ..spec import Name


def fields(node: Node) -> dict[str, Node]:
    """Return the values of a mapping by key; nothing where it is no mapping."""
    if not isinstance(node, Mapping):
        return {}
    return {entry.key: entry.value for entry in node.entries}


def text(node: Node | None, default: str = "") -> str:
    """Return a text, or the default where there is none."""
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else default


def truth(node: Node | None, default: bool) -> bool:
    """Return a boolean, or the default where there is none."""
    return node.value if isinstance(node, Scalar) and isinstance(node.value, bool) else default


def whole(node: Node | None) -> int | None:
    """Return an integer, or None where there is none; to Python booleans are integers."""
    value = node.value if isinstance(node, Scalar) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def name(node: Node) -> Name:
    """Return a text with its place."""
    return Name(text=text(node), span=node.span)


def maybe_name(node: Node | None) -> Name | None:
    """Return a text with its place, or None where there is none."""
    return None if node is None else name(node)


def names(node: Node | None) -> tuple[Name, ...]:
    """Return the texts of a list with their places."""
    return tuple(name(item) for item in node.items) if isinstance(node, Sequence) else ()


def pairs(node: Node | None) -> tuple[tuple[Name, Node], ...]:
    """Return the keys of a mapping, with their places, and its values."""
    if not isinstance(node, Mapping):
        return ()
    return tuple((Name(text=e.key, span=e.key_span), e.value) for e in node.entries)
