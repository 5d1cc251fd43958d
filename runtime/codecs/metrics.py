"""Metrics in the store: one JSON object, canonically encoded.

The encoding is that of `compiler/canonical.py` with one addition: the numbers that JSON lacks are
the words `NaN`, `Infinity` and `-Infinity`, as Python writes and reads them.
"""

from __future__ import annotations

import json

from ...compiler.canonical import Digest, sha256_hex
from ..content import Content, Part
from ..store.backend import Backend, Damaged
from ..store.objects import get_bytes, put_bytes
from .unstorable import Unstorable

MetricsValue = None | bool | int | float | str | list["MetricsValue"] | dict[str, "MetricsValue"]

_ENCODER = json.JSONEncoder(
    ensure_ascii=False, allow_nan=True, sort_keys=True, separators=(",", ":")
)


def put_metrics(backend: Backend, value: object) -> Content:
    """Store metrics: a mapping with string keys of nested mappings, lists and plain values.

    Raises Unstorable, naming the path, for anything else; StoreError for the world.
    """
    put_bytes(backend, metrics_bytes(value))
    return metrics_content(value)


def metrics_content(value: object) -> Content:
    """Return the content that metrics have; nothing is stored. Raises Unstorable."""
    data = metrics_bytes(value)
    sha256 = sha256_hex(data)
    part = Part(sha256=sha256, size=len(data), rows=None, path="", executable=False)
    return Content(
        kind="metrics",
        layout="file",
        digest=Digest(f"sha256:{sha256}"),
        parts=(part,),
        rows=None,
        schema=None,
        suffix=".json",
    )


def metrics_bytes(value: object) -> bytes:
    """Return the encoding of metrics. Raises Unstorable for a value that is none."""
    if not isinstance(value, dict):
        raise Unstorable(f"metrics are a mapping, but this is {_kind(value)}")
    _check(value, ())
    try:
        return _ENCODER.encode(value).encode("utf-8")
    except UnicodeEncodeError as error:
        raise Unstorable("metrics hold text that is not valid Unicode") from error
    except RecursionError as error:
        raise Unstorable("metrics are nested too deeply") from error


def read_metrics(backend: Backend, content: Content) -> dict[str, MetricsValue]:
    """Read stored metrics back. Raises Missing and Damaged."""
    (part,) = content.parts
    try:
        value = json.loads(get_bytes(backend, part.sha256))
    except ValueError as error:
        raise _damaged(part) from error
    if not isinstance(value, dict):
        raise _damaged(part)
    return value


def _damaged(part: Part) -> Damaged:
    return Damaged(
        "an object that should hold metrics holds something else",
        place=part.sha256,
        remedy=None,
        can_retry=False,
    )


def _check(value: object, path: tuple[str, ...]) -> None:
    if len(path) > 100:
        raise Unstorable("metrics are nested too deeply")
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise Unstorable(f"the key `{key!r}` of {_place(path)} is not text")
            _check(inner, (*path, key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            _check(inner, (*path, str(index)))
    elif value is not None and not isinstance(value, bool | int | float | str):
        raise Unstorable(f"{_place(path)} is {_kind(value)}, which metrics cannot hold")


def _place(path: tuple[str, ...]) -> str:
    return f"metric `{'.'.join(path)}`" if path else "the metrics"


def _kind(value: object) -> str:
    if value is None:
        return "nothing"
    return f"a value of type `{type(value).__name__}`"
