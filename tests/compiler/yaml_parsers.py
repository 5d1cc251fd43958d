"""A text read by each set of YAML parsers that may be installed, and by another reader."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from yaml12 import Yaml, parse_yaml

from reprocc.compiler.diagnostic import Diagnostic
from reprocc.compiler.document import Mapping, Node, Sequence, plain_value
from reprocc.compiler.reading.events import EventSource, event_sources
from reprocc.compiler.reading.reader import decode, read_by

PARSERS: tuple[EventSource, ...] = tuple(event_sources())
INSTALLATIONS = tuple(PARSERS[first:] for first in range(len(PARSERS)))
"""What may be installed: all, without PyYAML, without any parser in C; the last one always is."""


@dataclass(frozen=True)
class Reading:
    """What came of a text: its value as JSON with all places, or everything said against it."""

    value: str | None
    places: tuple[tuple[int, int], ...]
    said: tuple[tuple[str, int, int, str], ...]

    @property
    def codes(self) -> list[str]:
        """The codes of what is said, each once."""
        return list(dict.fromkeys(code for code, *_ in self.said))


def reading(text: str, parsers: tuple[EventSource, ...] = PARSERS) -> Reading:
    """Read a text as if only these parsers were installed."""
    source = decode("pipeline.yaml", text.encode("utf-8", "surrogatepass"))
    if isinstance(source, Diagnostic):
        return Reading(None, (), (_said(source),))
    document, diagnostics = read_by(source, parsers)
    said = tuple(map(_said, diagnostics))
    for _, start, end, _ in said:
        assert 0 <= start <= end <= len(source.text), "a place lies in the file"
    if document is None or said:
        assert said, "what is not read is explained"
        return Reading(None, (), said)
    return Reading(json.dumps(plain_value(document.root)), tuple(_places(document.root)), ())


def readings(text: str) -> list[Reading]:
    """Read a text by every set of parsers that may be installed."""
    return [reading(text, parsers) for parsers in INSTALLATIONS]


def is_mapping(found: Reading) -> bool:
    """Say whether a text was read as a mapping; nothing else is a pipeline."""
    return found.value is not None and found.value.startswith("{")


def elsewhere(text: str) -> list[Any] | None:
    """Read the documents of a text by py-yaml12; None where it refuses them."""
    try:
        found: list[Any] = parse_yaml(text, multi=True)
    except ValueError:
        return None
    return found


def as_json(value: Any) -> str | None:
    """Write what py-yaml12 read as JSON; None where JSON has no such value."""
    if isinstance(value, Yaml) or (
        isinstance(value, dict) and any(type(k) is not str for k in value)
    ):
        return None
    if isinstance(value, dict):
        inner = [(json.dumps(key), as_json(item)) for key, item in value.items()]
        if any(item is None for _, item in inner):
            return None
        return "{" + ", ".join(f"{key}: {item}" for key, item in inner) + "}"
    if isinstance(value, list):
        items = [as_json(item) for item in value]
        return None if None in items else "[" + ", ".join(str(item) for item in items) + "]"
    return json.dumps(value)


def _said(diagnostic: Diagnostic) -> tuple[str, int, int, str]:
    span = diagnostic.primary.span
    return diagnostic.code.name, span.start, span.end, diagnostic.message


def _places(node: Node) -> list[tuple[int, int]]:
    found = [(node.span.start, node.span.end)]
    if isinstance(node, Mapping):
        for entry in node.entries:
            found += [(entry.key_span.start, entry.key_span.end), *_places(entry.value)]
    elif isinstance(node, Sequence):
        for item in node.items:
            found += _places(item)
    return found
