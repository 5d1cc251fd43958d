"""Metrics as plain JSON values; scalars of numpy are taken as numbers."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from .failure import type_name

_DEEPEST = 100


class NotPlainError(Exception):
    """A value that JSON has no word for: `path` says where it stands, `what` what it is."""

    def __init__(self, path: str, what: str, action: str | None = None) -> None:
        super().__init__(path)
        self.path = path
        self.what = what
        self.action = action


def plain_metrics(value: Any, path: str, depth: int = 0) -> Any:
    """Return a value as nested dicts and lists of plain scalars; NaN is a number.

    `path` names the value in errors. Raises NotPlainError for whatever is none of that.
    """
    if depth > _DEEPEST:
        raise NotPlainError(path, f"more than {_DEEPEST} levels")
    if isinstance(value, Mapping):
        return {_key(key, path): _member(value[key], key, path, depth) for key in value}
    if isinstance(value, list | tuple):
        return [plain_metrics(each, f"{path}[{n}]", depth + 1) for n, each in enumerate(value)]
    return _scalar(value, path)


def _member(value: Any, key: str, path: str, depth: int) -> Any:
    return plain_metrics(value, f"{path}.{key}", depth + 1)


def _key(key: Any, path: str) -> str:
    if not isinstance(key, str):
        raise NotPlainError(path, f"the key `{key!r}`", "write the keys as text")
    return _text(key, path)


def _scalar(value: Any, path: str) -> Any:
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.generic):
        value = float(value) if isinstance(value, numpy.longdouble) else value.item()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value, path)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    action = "write it as a list with `.tolist()`" if hasattr(value, "tolist") else None
    raise NotPlainError(path, f"`{type_name(value)}`", action)


def _text(value: str, path: str) -> str:
    text = str.__str__(value)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise NotPlainError(path, "text that is not Unicode") from None
    return text
