"""What of a content fits a report: metrics, pictures and first rows, within bounds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ..content import Content
from ..store.backend import Backend, StoreError
from ..store.objects import get_bytes
from .description import Metric, Preview

MOST_ROWS = 5
MOST_COLUMNS = 30
LARGEST_PICTURE = 2 * 1024 * 1024
MOST_PICTURES = 20 * 1024 * 1024
"""Bytes of all pictures together."""
LARGEST_METRICS = 256 * 1024
_LARGEST_PART = 16 * 1024 * 1024
_MOST_PREVIEWS = 40
_MOST_METRICS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What can be shown of a content; `lacks` says why something cannot, or is empty."""

    metrics: tuple[Metric, ...] | None
    picture: bytes | None
    preview: Preview | None
    lacks: str


class Showing:
    """Reads contents for one report and keeps count of how much that report already holds."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._pictures = 0
        self._previews = 0

    def show(self, content: Content) -> Shown:
        """Return what there is to show; a content that is gone or damaged raises nothing."""
        metrics: tuple[Metric, ...] | None = None
        picture: bytes | None = None
        preview: Preview | None = None
        lacks = ""
        try:
            match content.kind:
                case "metrics":
                    metrics, lacks = self._metrics(content)
                case "figure":
                    picture, lacks = self._picture(content)
                case "table":
                    preview, lacks = self._preview(content)
                case _:
                    pass
        except StoreError as error:
            lacks = f"not in the store any more: {error.message}"
        return Shown(metrics=metrics, picture=picture, preview=preview, lacks=lacks)

    def _metrics(self, content: Content) -> tuple[tuple[Metric, ...] | None, str]:
        if content.size > LARGEST_METRICS:
            return None, "more than 256 KiB"
        value = json.loads(get_bytes(self._backend, content.parts[0].sha256))
        flat: list[Metric] = []
        _flatten(value, "", flat)
        left = len(flat) - _MOST_METRICS
        return tuple(flat[:_MOST_METRICS]), f"{left} more values are not shown" if left > 0 else ""

    def _picture(self, content: Content) -> tuple[bytes | None, str]:
        if len(content.parts) != 1:
            return None, "several files"
        if content.size > LARGEST_PICTURE:
            return None, "more than 2 MiB"
        if self._pictures + content.size > MOST_PICTURES:
            return None, "the figures before it fill the 20 MiB that a report holds"
        self._pictures += content.size
        return get_bytes(self._backend, content.parts[0].sha256), ""

    def _preview(self, content: Content) -> tuple[Preview | None, str]:
        if not content.parts or content.schema is None:
            return None, ""
        if content.parts[0].size > _LARGEST_PART:
            return None, "more than 16 MiB to read for a preview"
        if self._previews >= _MOST_PREVIEWS:
            return None, f"only {_MOST_PREVIEWS} tables of a report are previewed"
        self._previews += 1
        from ..codecs.preview import first_rows

        rows = first_rows(self._backend, content, rows=MOST_ROWS, columns=MOST_COLUMNS)
        names = tuple(name for name, _ in content.schema)
        preview = Preview(columns=names[:MOST_COLUMNS], width=len(names), rows=rows)
        return preview, ""


def _flatten(value: Any, path: str, flat: list[Metric]) -> None:
    match value:
        case dict():
            for name, inner in value.items():
                _flatten(inner, f"{path}.{name}" if path else str(name), flat)
        case list():
            for index, inner in enumerate(value):
                _flatten(inner, f"{path}.{index}" if path else str(index), flat)
        case _:
            flat.append((path, value))
