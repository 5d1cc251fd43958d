"""The first rows of a stored table as text, without reading all of it."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from ..content import Content
from ..store.backend import Backend
from ..store.objects import get_bytes

_LONGEST = 80


def first_rows(
    backend: Backend, content: Content, *, rows: int, columns: int
) -> tuple[tuple[str, ...], ...]:
    """Return the first `rows` rows of the first `columns` columns, each value as short text.

    A null is the word `null`; what is longer than 80 characters is cut. Only the first part
    is read. Raises Missing, Damaged.
    """
    if not content.parts or not content.rows:
        return ()
    data = get_bytes(backend, content.parts[0].sha256)
    batch = next(pq.ParquetFile(pa.BufferReader(data)).iter_batches(batch_size=rows), None)
    if batch is None:
        return ()
    texts = [[_text(value) for value in column[:rows]] for column in batch.columns[:columns]]
    return tuple(zip(*texts, strict=True))


def _text(value: pa.Scalar) -> str:
    if not value.is_valid:
        return "null"
    try:
        plain = value.as_py()
        text = plain if isinstance(plain, str) else str(plain)
    except (pa.ArrowException, ValueError, OverflowError):
        # Nanoseconds and the year 12000, which Python has not.
        text = str(value)
    text = " ".join(text.split()) if "\n" in text else text
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
