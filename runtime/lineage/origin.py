"""How a version was made: what was called, with what, in what."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ...compiler.canonical import Json, encode_text
from ..store import reuse
from ..store.backend import Backend, StoreError
from ..store.records import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a task's identity says of it.

    `call` is the entry point of a function, else the text of a query or the words of a command.
    `arguments` is a canonical mapping; `code` and `environment` are digests.
    """

    kind: str
    call: str
    arguments: Json
    seed: int
    code: str
    environment: str


def origin_of(backend: Backend, version: Version) -> Origin | None:
    """Return how a version was made; None for a source, and where no record is left."""
    if not version.task:
        return None
    try:
        record = reuse.latest(backend, version.fingerprint)
        return None if record is None else _read(json.loads(record.identity))
    except (StoreError, ValueError, KeyError, TypeError, IndexError):
        return None


def _read(identity: dict[str, Any]) -> Origin:
    arguments = identity["arguments"]
    return Origin(
        kind=str(identity["kind"]),
        call=_call(identity),
        # The arguments are canonical text already.
        arguments=Json(arguments) if isinstance(arguments, str) else encode_text(arguments),
        seed=int(identity["seed"][0]),
        code=str(identity["code"]),
        environment=str(identity["environment"]),
    )


def _call(identity: dict[str, Any]) -> str:
    if "entry_point" in identity:
        return str(identity["entry_point"])
    if "query" in identity:
        return str(identity["query"])
    words = identity["command"]["words"]
    return " ".join("".join(map(_word, word)) for word in words)


def _word(part: Any) -> str:
    if isinstance(part, str):
        return part
    ((of, name),) = part.items()
    return f"<{of} {name}>" if name else f"<{of}>"
