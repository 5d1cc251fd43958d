"""Where YAML events come from: the fastest parser that is installed first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

EventKind = Literal["scalar", "alias", "sequence", "mapping", "end", "document", "other"]

_KINDS: dict[str, EventKind] = {
    "ScalarEvent": "scalar",
    "AliasEvent": "alias",
    "SequenceStartEvent": "sequence",
    "MappingStartEvent": "mapping",
    "SequenceEndEvent": "end",
    "MappingEndEvent": "end",
    "DocumentStartEvent": "document",
}


class NotYamlError(Exception):
    """Text that a parser cannot read: its words, the offset, and where the construct began."""

    def __init__(self, *, words: str, offset: int | None, began: int | None) -> None:
        super().__init__(words)
        self.words = words
        self.offset = offset
        self.began = began


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSource:
    """One parser: `pull` yields kind and event, and raises NotYamlError.

    An event has `start_mark.index` and `end_mark.index` in code points and, by its kind, `value`,
    `implicit`, `anchor`, `tag` and `flow_style`; nothing else of it may be relied upon.
    """

    name: str
    pull: Callable[[str], Iterator[tuple[EventKind, Any]]]


def event_sources() -> Iterator[EventSource]:
    """Yield the parsers that are installed, the fastest first; the last one always is."""
    for find in (_pyyaml, _ruamel_c):
        try:
            found = find()
        except ImportError:
            continue
        yield found
    yield _ruamel()


def _pyyaml() -> EventSource:
    from yaml import YAMLError  # type: ignore[import-untyped,unused-ignore]
    from yaml._yaml import CParser  # type: ignore[import-untyped,import-not-found,unused-ignore]

    return EventSource(name="pyyaml-c", pull=_puller(CParser, YAMLError))


def _ruamel_c() -> EventSource:
    from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined,unused-ignore]
    from ruamel.yaml.error import YAMLError

    return EventSource(name="ruamel-c", pull=_puller(CParser, YAMLError))


def _ruamel() -> EventSource:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    def pull(text: str) -> Iterator[tuple[EventKind, Any]]:
        try:
            for event in YAML(typ="safe", pure=True).parse(text):
                yield _KINDS.get(type(event).__name__, "other"), event
        except YAMLError as error:
            raise _problem(error) from None
        except Exception as error:  # it asserts and indexes where a text is not as it expects
            raise NotYamlError(words=type(error).__name__, offset=None, began=None) from None

    return EventSource(name="ruamel", pull=pull)


def _puller(parser: Any, error_type: type[Exception]) -> Any:
    def pull(text: str) -> Iterator[tuple[EventKind, Any]]:
        kinds: dict[type, EventKind] = {}
        try:
            get_event = parser(text).get_event
            while (event := get_event()) is not None:
                kind = kinds.get(type(event))
                if kind is None:
                    kind = kinds[type(event)] = _KINDS.get(type(event).__name__, "other")
                yield kind, event
        except error_type as error:
            raise _problem(error) from None

    return pull


def _problem(error: Exception) -> NotYamlError:
    began = getattr(error, "context_mark", None)
    mark = getattr(error, "problem_mark", None) or began
    words = (getattr(error, "context", None), getattr(error, "problem", None))
    return NotYamlError(
        words=": ".join(str(part) for part in words if part),
        offset=None if mark is None else mark.index,
        began=None if began is None else began.index,
    )
