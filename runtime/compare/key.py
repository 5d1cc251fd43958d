"""The key of a stored table, as its spec declared it when the table was made."""

from __future__ import annotations

import json
from typing import Any

from ..store import reuse
from ..store.backend import Backend, StoreError
from ..store.records import Version


def declared_key(backend: Backend, version: Version) -> tuple[str, ...]:
    """Return the columns of the key; empty where there is none, or no record is left of it."""
    try:
        record = reuse.latest(backend, version.fingerprint)
        if record is None:
            return ()
        identity = json.loads(record.identity)
        if not version.task:
            return _texts(identity["key"])
        names = [name for name, one in record.outputs if one.digest == version.content.digest]
        outputs = {one["name"]: one for one in identity["outputs"]}
        # Where two outputs are equal, either's key tells the rows of both apart, or neither does.
        return _texts(outputs[names[0]]["key"]) if names else ()
    except (StoreError, ValueError, KeyError, TypeError):
        return ()


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in value)
