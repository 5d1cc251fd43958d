"""Cuts rows into parts of bounded size, at places that stay while a table grows or changes.

Without a key a part ends with the last row by which it weighs at most `LARGEST` bytes
(`codecs/weights.py`): appended rows leave all parts but the last as they are. With a key, rows are
sorted by it, and a part ends with one of the rows by which it weighs between `SMALLEST` and
`LARGEST`, the one that `codecs/key_hash.py` picks by its key: after rows that come, go or change
in one place, the cuts soon fall between the same rows again.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from .key_hash import pick_row
from .weights import weight_ends

SMALLEST = 16 << 20
LARGEST = 32 << 20
"""What the rows of a part weigh, in bytes; the last part may weigh less, a single row more."""

Bounds = tuple[int, int]


def cut(
    blocks: Iterable[pa.Table],
    *,
    schema: pa.Schema,
    key: tuple[str, ...],
    bounds: Bounds = (SMALLEST, LARGEST),
) -> Iterator[pa.Table]:
    """Yield the rows of plain tables as parts, each column in one chunk; at least one part.

    Where blocks end leaves no trace. `key` is empty where the rows' order means nothing. Held are
    the rows of a part and of a block. `bounds` are `SMALLEST` and `LARGEST`, in bytes.
    """
    rest, ends, before = schema.empty_table(), pa.chunked_array([], pa.int64()), 0
    is_first = True
    for block in blocks:
        for batch in block.to_batches():
            weights = pc.add(weight_ends(pa.table(batch)), _last(ends, before))
            ends = pa.chunked_array([*ends.chunks, weights])
            rest = pa.concat_tables([rest, pa.Table.from_batches([batch], schema)])
        while _last(ends, before) - before > bounds[1] and rest.num_rows > 1:
            end = _end(rest, ends, key, (before + bounds[0], before + bounds[1]))
            yield rest.slice(0, end).combine_chunks()
            before = ends[end - 1].as_py()
            rest, ends, is_first = rest.slice(end), ends.slice(end), False
    if rest.num_rows or is_first:
        yield rest.combine_chunks()


def _last(ends: pa.ChunkedArray, before: int) -> int:
    return int(ends[-1].as_py()) if len(ends) else before


def _end(rows: pa.Table, ends: pa.ChunkedArray, key: tuple[str, ...], bounds: Bounds) -> int:
    """Return how many of the rows, which weigh more than a part may, are the next part."""

    def end_of(row: int) -> int:
        return int(ends[row].as_py())

    every = range(len(ends))
    most = max(1, bisect_right(every, bounds[1], key=end_of))
    if not key:
        return most
    least = min(most, 1 + bisect_left(every, bounds[0], key=end_of))
    return least + pick_row(rows.select(key).slice(least - 1, most - least + 1))
