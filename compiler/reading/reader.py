"""Bytes to a tree of nodes with places: one loop over YAML events, without recursion."""

from __future__ import annotations

import codecs
import re
from typing import Any

from ..codes.yaml import (
    ALIAS_EXPANSION,
    DUPLICATE_KEY,
    EMPTY_FILE,
    MERGE_KEY,
    NON_FINITE_NUMBER,
    NON_STRING_KEY,
    NOT_UTF8,
    NUMBER_TOO_LONG,
    SECOND_DOCUMENT,
    SELF_ALIAS,
    TOO_DEEP,
    UNPRINTABLE_CHARACTER,
    YAML_TAG,
)
from ..collector import collector_paused
from ..diagnostic import Code, Diagnostic, Edit, Fix, Label, in_order
from ..document import Document, Entry, Mapping, Node, Scalar, Sequence
from ..source import Source, Span
from .events import EventSource, NotYamlError, event_sources
from .scalars import Refused, resolve
from .syntax import explain_syntax, glob_as_alias

DEEPEST = 64
"""How many lists and mappings may stand inside each other, aliases unfolded."""

MOST_REPEATED = 100_000
"""How many nodes all aliases of a file may repeat together."""

_REFUSED_CHARACTER = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*(?:\s+(?:#[^\n\r]*\s+)*|(?=[,\]}])|\Z))+")


def decode(path: str, data: bytes) -> Source | Diagnostic:
    """Decode a file from UTF-8, a byte order mark dropped.

    `path` is the path as people should read it. What is not UTF-8, and characters that YAML
    forbids or that end a line for some parsers only, give a diagnostic at the first of them.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        source = Source(path=path, text=data.decode("utf-8"))
    except UnicodeDecodeError as error:
        source = Source(path=path, text=data.decode("utf-8", errors="replace"))
        at = len(data[: error.start].decode("utf-8"))
        return Diagnostic(
            code=NOT_UTF8,
            message=f"byte 0x{data[error.start]:02x} is not UTF-8",
            primary=Label(span=Span(source, at, at + 1)),
            help="save the file as UTF-8",
        )
    refused = _REFUSED_CHARACTER.search(source.text)
    if refused is None:
        return source
    return Diagnostic(
        code=UNPRINTABLE_CHARACTER,
        message=f"U+{ord(refused[0]):04X} must not stand in a file as itself",
        primary=Label(span=Span(source, *refused.span())),
        help="remove it, or write it as an escape in double quotes",
    )


def read(source: Source) -> tuple[Document | None, tuple[Diagnostic, ...]]:
    """Read a text as one YAML 1.2 document.

    The document is returned whenever the rest of the compiler can make sense of it, with the
    first of duplicate keys kept and non-string keys left out; diagnostics may come with it.
    """
    with collector_paused():
        return _read(source)


def _read(source: Source) -> tuple[Document | None, tuple[Diagnostic, ...]]:
    failed: list[Diagnostic] = []
    for events in event_sources():
        builder = _Builder(source)
        try:
            builder.run(events)
        except NotYamlError as problem:
            failed = failed or [*builder.diagnostics, explain_syntax(source, problem)]
            continue
        except _AbandonedError:
            pass
        return builder.result()
    return None, in_order(failed)


class _AbandonedError(Exception):
    """What was found leaves nothing sensible to read on."""


class _Open:
    """A list or mapping that is being read."""

    __slots__ = ("anchor", "count", "end", "height", "items", "key", "key_span", "keys", "start")

    def __init__(self, start: int, count: int, anchor: str | None, keys: dict[str, Span] | None):
        self.start = start
        self.end = start
        self.count = count
        self.anchor = anchor
        self.height = 1
        self.items: list[Any] = []
        self.keys = keys
        self.key: str | None = None
        self.key_span: Span | None = None


class _Builder:
    """Builds nodes from events and notes what is wrong on the way."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []
        self.root: Node | None = None
        self.is_usable = True
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Node, int, int] | None] = {}
        self.count = 0
        self.repeated = 0

    def result(self) -> tuple[Document | None, tuple[Diagnostic, ...]]:
        if not self.is_usable or self.root is None:
            return None, in_order(self.diagnostics)
        return Document(source=self.source, root=self.root), in_order(self.diagnostics)

    def run(self, events: EventSource) -> None:
        documents = 0
        for kind, event in events.pull(self.source.text):
            if kind == "scalar":
                self.scalar(event)
            elif kind == "mapping" or kind == "sequence":
                self.open(event, kind == "mapping")
            elif kind == "end":
                self.close(event)
            elif kind == "alias":
                self.alias(event)
            elif kind == "document":
                documents += 1
                if documents > 1:
                    self.second_document(event)
        if self.root is None or (isinstance(self.root, Scalar) and self.root.value is None):
            self.refuse(EMPTY_FILE, "the file holds no pipeline", Span(self.source, 0, 0))

    def scalar(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        text: str = event.value
        if event.anchor is not None or event.tag is not None:
            start = self.after_properties(event, start, end)
        plain = event.implicit[0]
        if plain and not text:
            start = end = len(self.source.text[:start].rstrip())
        elif event.style in ("|", ">"):
            end = start + len(self.source.text[start:end].rstrip())
        span = Span(self.source, start, end)
        value = resolve(text) if plain else text
        if isinstance(value, Refused):
            self.refuse_number(value, span)
            value = 0
        if event.style == '"' and not text.isascii() and _SURROGATE.search(text):
            self.refuse(UNPRINTABLE_CHARACTER, "an escape stands for half a character", span)
            value = ""
        node = Scalar(value=value, span=span, plain=plain)
        self.count += 1
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, 1, 0)
        self.add(node, end, 0)

    def refuse_number(self, value: Refused, span: Span) -> None:
        if value.reason == "not-finite":
            self.refuse(NON_FINITE_NUMBER, "a number must be finite", span)
        else:
            self.refuse(NUMBER_TOO_LONG, "a number may have 400 characters at most", span)

    def after_properties(self, event: Any, start: int, end: int) -> int:
        """Return where a value begins behind its anchor; a tag is refused here."""
        if event.tag is not None:
            written = re.compile(r"(?:&\S+\s+)?(!\S*)").match(self.source.text, start)
            span = Span(self.source, *written.span(1)) if written else self.mark(start)
            self.refuse(YAML_TAG, f"the tag `{span.text}` cannot stand in a pipeline file", span)
        properties = _PROPERTIES.match(self.source.text, start)
        return min(properties.end(), end) if properties is not None else start

    def open(self, event: Any, is_mapping: bool) -> None:
        start = event.start_mark.index
        if len(self.stack) >= DEEPEST:
            self.refuse(TOO_DEEP, f"values are nested more than {DEEPEST} deep", self.mark(start))
            raise _AbandonedError
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        if event.anchor is not None or event.tag is not None:
            start = self.after_properties(event, start, len(self.source.text))
        keys: dict[str, Span] | None = {} if is_mapping else None
        self.stack.append(_Open(start, self.count, event.anchor, keys))
        self.count += 1

    def close(self, event: Any) -> None:
        done = self.stack.pop()
        end = done.end
        # The end of a block overruns; the end of what stands in brackets is exact.
        if self.source.text[done.start : done.start + 1] in ("[", "{"):
            end = max(end, event.end_mark.index)
        span = Span(self.source, done.start, end)
        node: Node
        if done.keys is None:
            node = Sequence(items=tuple(done.items), span=span)
        else:
            node = Mapping(entries=tuple(done.items), span=span)
        if done.anchor is not None:
            self.anchors[done.anchor] = (node, self.count - done.count, done.height)
        self.add(node, end, done.height)

    def alias(self, event: Any) -> None:
        span = Span(self.source, event.start_mark.index, event.end_mark.index)
        if event.anchor not in self.anchors:
            self.diagnostics.append(glob_as_alias(span))
            self.is_usable = False
            self.add(Scalar(value="", span=span, plain=False), span.end, 0)
            return
        found = self.anchors[event.anchor]
        if found is None:
            self.refuse(SELF_ALIAS, f"`{span.text}` stands inside of what it repeats", span)
            raise _AbandonedError
        node, count, height = found
        self.count += count
        self.repeated += count
        if self.repeated > MOST_REPEATED:
            message = f"aliases repeat more than {MOST_REPEATED:,} values"
            self.refuse(ALIAS_EXPANSION, message, span)
            raise _AbandonedError
        if len(self.stack) + height > DEEPEST:
            self.refuse(TOO_DEEP, f"values are nested more than {DEEPEST} deep", span)
            raise _AbandonedError
        self.add(node, span.end, height)

    def add(self, node: Node, end: int, height: int) -> None:
        """Put a finished node where it belongs; `end` is where it ends as written here."""
        if not self.stack:
            if self.root is None:
                self.root = node
            return
        parent = self.stack[-1]
        if end > parent.end:
            parent.end = end
        if height >= parent.height:
            parent.height = height + 1
        if parent.keys is None:
            parent.items.append(node)
        elif parent.key_span is None:
            parent.key_span = node.span
            parent.key = self.key_of(node, parent.keys)
        else:
            if parent.key is not None:
                entry = Entry(key=parent.key, key_span=parent.key_span, value=node)
                parent.items.append(entry)
            parent.key_span = None

    def key_of(self, node: Node, keys: dict[str, Span]) -> str | None:
        """Return a key that may stand, and say what is wrong with any other."""
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            self.refuse_key(node)
            return None
        key = node.value
        if node.plain and key == "<<":
            self.refuse(MERGE_KEY, "merge keys are no part of YAML 1.2", node.span)
            return None
        first = keys.setdefault(key, node.span)
        if first is not node.span:
            self.diagnostics.append(
                Diagnostic(
                    code=DUPLICATE_KEY,
                    message=f"`{key}` is written twice in one mapping",
                    primary=Label(span=node.span),
                    related=(Label(span=first, message="first written here"),),
                )
            )
            return None
        return key

    def refuse_key(self, node: Node) -> None:
        quotable = isinstance(node, Scalar) and node.plain and node.span.text != ""
        written = node.span.text if quotable else ""
        fix = Fix(title="Quote the key", edits=(Edit(span=node.span, text=f'"{written}"'),))
        self.diagnostics.append(
            Diagnostic(
                code=NON_STRING_KEY,
                message=f"the key `{written}` is not text" if quotable else "a key must be text",
                primary=Label(span=node.span),
                help=f'quote it: `"{written}"`' if quotable else None,
                fixes=(fix,) if quotable else (),
            )
        )

    def second_document(self, event: Any) -> None:
        span = self.mark(event.end_mark.index - 3, 3)
        self.refuse(SECOND_DOCUMENT, "a second document begins here", span)
        raise _AbandonedError

    def mark(self, start: int, length: int = 1) -> Span:
        return Span(self.source, max(start, 0), min(start + length, len(self.source.text)))

    def refuse(self, code: Code, message: str, span: Span) -> None:
        self.is_usable = False
        self.diagnostics.append(Diagnostic(code=code, message=message, primary=Label(span=span)))
