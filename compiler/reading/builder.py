"""Nodes from YAML events: one loop, without recursion, and what is wrong on the way."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ..codes.yaml import (
    ALIAS_EXPANSION,
    DUPLICATE_KEY,
    EMPTY_FILE,
    MERGE_KEY,
    NON_FINITE_NUMBER,
    NON_STRING_KEY,
    NUMBER_TOO_LONG,
    SECOND_DOCUMENT,
    SELF_ALIAS,
    TOO_DEEP,
    UNPRINTABLE_CHARACTER,
    YAML_TAG,
)
from ..diagnostic import Code, Diagnostic, Label, in_order
from ..document import Document, Entry, Mapping, Node, Scalar, Sequence
from ..fixing.quoting import quote
from ..fixing.removal import remove_repeated
from ..source import Source, Span
from .disputed import Disputed, final_colon, lone_dash
from .events import EventSource, NotYamlError
from .extents import after_properties, empty_value, odd_name, tag_extent, whole_name
from .scalars import Refused, resolve
from .syntax import explain_syntax, glob_as_alias

DEEPEST = 64
"""How many lists and mappings may stand inside each other, aliases unfolded."""

MOST_REPEATED = 100_000
"""How many nodes all aliases of a file may repeat together."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_END = re.compile(r"^(\.\.\.)(?=\s|\Z)", re.MULTILINE)


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


class Builder:
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
        self.twins: dict[int, tuple[str, int]] = {}
        self.disputed = Disputed(source)

    def result(self) -> tuple[Document | None, tuple[Diagnostic, ...]]:
        if not self.is_usable or self.root is None:
            return None, in_order(self.diagnostics)
        return Document(source=self.source, root=self.root), in_order(self.diagnostics)

    def run(self, events: EventSource) -> None:
        """Read the text by one parser. Raises NotYamlError where that cannot, and keeps what
        is wrong before the place.
        """
        try:
            self.pull(events)
        except _AbandonedError:
            self.diagnostics.extend(self.disputed.judge(is_whole=False))
        except NotYamlError as problem:
            found = self.disputed.judge(is_whole=False, offset=problem.offset)
            self.diagnostics.extend(found or [explain_syntax(self.source, problem)])
            raise
        else:
            self.diagnostics.extend(self.disputed.judge())

    def pull(self, events: EventSource) -> None:
        text = self.source.text
        # Without a last line break a block text would end in none, and mean something else.
        whole = text if text.endswith(("\n", "\r")) else text + "\n"
        documents = 0
        for kind, event in events.pull(whole):
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
        self.end_of_document()
        is_empty = isinstance(self.root, Scalar) and self.root.value is None
        if self.is_usable and (self.root is None or is_empty):
            self.refuse(EMPTY_FILE, "the file holds no pipeline", Span(self.source, 0, 0))

    def scalar(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        text: str = event.value
        style: str | None = event.style
        if event.anchor is not None or event.tag is not None:
            start = self.after_properties(event, start, end)
        plain = event.implicit[0]
        if plain and not text:
            start = end = self.nothing(start, event.anchor is not None or event.tag is not None)
        elif style:
            end = self.disputed.text(style, start, end, self.around())
        span = Span(self.source, start, end)
        if self.disputed.collects:
            self.disputed.collect(start, end, style)
        value = resolve(text) if plain else text
        if plain and text[-1:] == ":":
            self.diagnostics.append(final_colon(span))
        if isinstance(value, Refused):
            self.refuse_scalar(value, span)
            value = 0
        if style == '"' and not text.isascii() and _SURROGATE.search(text):
            self.refuse(UNPRINTABLE_CHARACTER, "an escape stands for half a character", span)
            value = ""
        node = Scalar(value=value, span=span, plain=plain)
        self.count += 1
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, 1, 0)
        self.add(node, end, 0)

    def around(self) -> int | None:
        """Return where the innermost list or mapping begins that is being read."""
        return self.stack[-1].start if self.stack else None

    def nothing(self, start: int, has_properties: bool) -> int:
        """Return where an empty value stands: right behind what asks for it."""
        text = self.source.text
        if has_properties or not self.stack:
            return len(text[:start].rstrip())
        parent = self.stack[-1]
        if parent.keys is not None and parent.key_span is None:
            return parent.end
        return empty_value(text, parent.end, in_list=parent.keys is None)

    def refuse_scalar(self, value: Refused, span: Span) -> None:
        if value.reason == "dash":
            self.diagnostics.append(lone_dash(span))
        elif value.reason == "not-finite":
            self.refuse(NON_FINITE_NUMBER, "a number must be finite", span)
        else:
            self.refuse(NUMBER_TOO_LONG, "a number may have 400 characters at most", span)

    def after_properties(self, event: Any, start: int, end: int) -> int:
        """Return where a value begins behind its anchor; a tag is refused here."""
        if event.anchor is not None:
            self.disputed.anchor(start)
        if event.tag is not None:
            span = Span(self.source, *tag_extent(self.source.text, start))
            self.refuse(YAML_TAG, f"the tag `{span.text}` cannot stand in a pipeline file", span)
        return after_properties(self.source.text, start, end)

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
            self.disputed.lines(done.start, end, self.around(), closing="]}")
        elif done.keys and self.stack and self.source.text[self.stack[-1].start] == "[":
            self.disputed.pair(next(iter(done.keys.values())))
        span = Span(self.source, done.start, end)
        node: Node
        if done.keys is None:
            node = Sequence(items=tuple(done.items), span=span)
        else:
            node = Mapping(entries=tuple(done.items), span=span)
        if done.anchor is not None and self.anchors[done.anchor] is None:
            self.anchors[done.anchor] = (node, self.count - done.count, done.height)
        self.add(node, end, done.height)

    def alias(self, event: Any) -> None:
        start = event.start_mark.index
        span = Span(self.source, start, event.end_mark.index)
        if odd_name(self.source.text, start) or event.anchor not in self.anchors:
            span = Span(self.source, *whole_name(self.source.text, start))
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
            elif len(self.stack) in self.twins:
                self.repeat(parent, parent.key_span, node)
            parent.key_span = None

    def key_of(self, node: Node, keys: dict[str, Span]) -> str | None:
        """Return a key that may stand, and say what is wrong with any other."""
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            return self.refuse_key(node, keys)
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
            self.twins[len(self.stack)] = (key, len(self.diagnostics) - 1)
            return None
        return key

    def repeat(self, parent: _Open, span: Span, value: Node) -> None:
        """Offer to remove a key that is written again with the value that it has already."""
        key, index = self.twins.pop(len(self.stack))
        is_flow = self.source.text[parent.start : parent.start + 1] == "{"
        for entry in parent.items:
            if entry.key == key:
                fixes = remove_repeated(entry.value, span, value, is_flow=is_flow)
                said = replace(self.diagnostics[index], fixes=fixes)
                self.diagnostics[index] = replace(said, help="remove it") if fixes else said

    def refuse_key(self, node: Node, keys: dict[str, Span]) -> str | None:
        """Say that a key is no text, and return what it would be in quotes."""
        quotable = isinstance(node, Scalar) and node.plain and node.span.text != ""
        written = node.span.text if quotable else ""
        self.diagnostics.append(
            Diagnostic(
                code=NON_STRING_KEY,
                message=f"the key `{written}` is not text" if quotable else "a key must be text",
                primary=Label(span=node.span),
                help=f'quote it: `"{written}"`' if quotable else None,
                fixes=quote(node.span) if quotable else (),
            )
        )
        return written if written and keys.setdefault(written, node.span) is node.span else None

    def second_document(self, event: Any) -> None:
        at = event.end_mark.index
        written = self.source.text[at - 3 : at] == "---"
        span = self.mark(at - 3, 3) if written else self.mark(at, 3 if self.marks_end(at) else 1)
        self.refuse(SECOND_DOCUMENT, "a second document begins here", span)
        raise _AbandonedError

    def marks_end(self, at: int) -> bool:
        return self.source.text.startswith("...", at)

    def end_of_document(self) -> None:
        """Refuse a second `...`, which ends a second, empty document for some parsers."""
        text = self.source.text
        first = _END.search(text, 0 if self.root is None else self.root.span.end)
        second = first and _END.search(text, first.end())
        if second:
            span = Span(self.source, second.start(1), second.end(1))
            self.refuse(SECOND_DOCUMENT, "a second document begins here", span)

    def mark(self, start: int, length: int = 1) -> Span:
        return Span(self.source, max(start, 0), min(start + length, len(self.source.text)))

    def refuse(self, code: Code, message: str, span: Span) -> None:
        self.is_usable = False
        self.diagnostics.append(Diagnostic(code=code, message=message, primary=Label(span=span)))
