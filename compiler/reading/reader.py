"""Bytes to a tree of nodes with places: decoded, and read by the parsers that are there."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

from ..codes.yaml import NOT_UTF8, UNPRINTABLE_CHARACTER
from ..collector import collector_paused
from ..diagnostic import Diagnostic, Label, in_order
from ..document import Document
from ..source import Source, Span
from .builder import Builder
from .disputed import directive
from .events import EventSource, NotYamlError, event_sources

_REFUSED_CHARACTER = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


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
        return read_by(source, event_sources())


def read_by(
    source: Source, parsers: Iterable[EventSource]
) -> tuple[Document | None, tuple[Diagnostic, ...]]:
    """Read a text as `read` does, by the first of some parsers that can.

    What no parser can read is explained by the words of the last, which is always installed, so
    that neither the verdict nor the place depends on which others are.
    """
    refused = directive(source)
    if refused is not None:
        return None, (refused,)
    failed: list[Diagnostic] = []
    for parser in parsers:
        builder = Builder(source)
        try:
            builder.run(parser)
        except NotYamlError:
            failed = builder.diagnostics
            continue
        return builder.result()
    return None, in_order(failed)
