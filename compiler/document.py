"""A YAML text as a tree of nodes, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from .source import Source, Span

ScalarValue = None | bool | int | float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A scalar, resolved by the YAML 1.2 core schema.

    `span` covers the scalar as written, quotes included; `plain` says that it was written
    without quotes and not as a block.
    """

    value: ScalarValue
    span: Span = field(compare=False)
    plain: bool = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """A list of nodes."""

    items: tuple[Node, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One key and its value."""

    key: str
    key_span: Span = field(compare=False)
    value: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Keys and values in the order written; keys are unique strings."""

    entries: tuple[Entry, ...]
    span: Span = field(compare=False)

    def entry(self, key: str) -> Entry | None:
        """Return the entry of a key, or None."""
        for entry in self.entries:
            if entry.key == key:
                return entry
        return None

    def get(self, key: str) -> Node | None:
        """Return the value of a key, or None."""
        entry = self.entry(key)
        return entry.value if entry is not None else None


Node = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole file: its text and the tree read from it."""

    source: Source
    root: Node


def as_written(node: Scalar) -> str:
    """Return a scalar as it stands in the file where that is one plain word, else its value.

    So `3.10` is shown as `3.10`, and what an alias repeats as what it stands for.
    """
    text = node.span.text
    if node.plain and text and not text.startswith("*") and "\n" not in text:
        return text
    return str(node.value)


PlainValue = None | bool | int | float | str | list["PlainValue"] | dict[str, "PlainValue"]


def plain_value(node: Node) -> PlainValue:
    """Return the node as ordinary Python values, without places."""
    match node:
        case Scalar():
            return node.value
        case Sequence():
            return [plain_value(item) for item in node.items]
        case Mapping():
            return {entry.key: plain_value(entry.value) for entry in node.entries}
