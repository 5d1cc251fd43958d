"""Picks one row among many by its key alone, so that the same rows give the same pick anywhere."""

from __future__ import annotations

import hashlib
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

_WORD = 8
_FACTORS = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
"""Odd numbers that spread bits, of the generator splitmix64 (Steele and others, 2014)."""


def pick_row(keys: pa.Table) -> int:
    """Return the position, from 0, of one of at least one rows, given their plain key columns.

    It is the row with the smallest hash; of several, the one whose texts have the smallest sha256;
    of several, the first. What a key is hashed by: its fixed-width columns up to eight bytes each,
    and the last eight bytes of its texts. So which row is picked says nothing about where it lies
    or what else is in it, and stays the same while the rows around it come and go.
    """
    hashes = reduce(_mixed, [_words(_joined(column)) for column in keys.columns])
    least = pc.min(hashes)
    candidates = pc.indices_nonzero(pc.equal(hashes, least))
    texts = [column for column in keys.columns if _is_text(column.type)]
    if len(candidates) == 1 or not texts:
        return int(candidates[0].as_py())
    rows = zip(*(column.take(candidates).to_pylist() for column in texts), strict=True)
    digests = [_sha256(row) for row in rows]
    return int(candidates[digests.index(min(digests))].as_py())


def _joined(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _is_text(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_binary(type_))


def _words(array: pa.Array) -> pa.Array:
    """Return eight bytes of each value, spread; 0 for nulls."""
    type_ = array.type
    if pa.types.is_null(type_):
        return _spread(pa.repeat(pa.scalar(0, pa.uint64()), len(array)))
    if pa.types.is_boolean(type_):
        words = array.cast(pa.uint64())
    elif _is_text(type_):
        words = _last_words(array.cast(pa.binary()))
    else:
        words = _low_words(array)
    return _spread(words.fill_null(0))


def _last_words(array: pa.Array) -> pa.Array:
    ends = pc.binary_slice(array, -_WORD)
    padded = pc.binary_join_element_wise(b"\0" * _WORD, ends.fill_null(b""), b"")
    fixed = pc.binary_slice(padded, -_WORD).cast(pa.binary(_WORD))
    return pa.Array.from_buffers(
        pa.uint64(), len(fixed), [None, fixed.buffers()[1]], offset=fixed.offset
    )


def _low_words(array: pa.Array) -> pa.Array:
    """Read the little-endian bytes of numbers and moments as unsigned integers."""
    width = array.type.bit_width // 8
    unsigned = {1: pa.uint8(), 2: pa.uint16(), 4: pa.uint32()}.get(width, pa.uint64())
    each = max(1, width // _WORD)
    words = pa.Array.from_buffers(
        unsigned, len(array) * each, [None, array.buffers()[1]], offset=array.offset * each
    )
    if each > 1:
        rows = pc.cumulative_sum(pa.repeat(pa.scalar(each, pa.int64()), len(array)))
        words = words.take(pc.subtract(rows, each))
    words = words.cast(pa.uint64())
    return pc.if_else(array.is_valid(), words, pa.scalar(None, pa.uint64()))


def _mixed(one: pa.Array, other: pa.Array) -> pa.Array:
    return _spread(pc.bit_wise_xor(pc.multiply(one, _factor(0)), other))


def _spread(words: pa.Array) -> pa.Array:
    """Let every bit count in every bit; different words stay different."""
    words = pc.multiply(pc.add(words, _factor(0)), _factor(1))
    words = pc.multiply(pc.bit_wise_xor(words, _shifted(words, 29)), _factor(2))
    return pc.bit_wise_xor(words, _shifted(words, 32))


def _shifted(words: pa.Array, bits: int) -> pa.Array:
    return pc.shift_right(words, pa.scalar(bits, pa.uint64()))


def _factor(number: int) -> pa.Scalar:
    return pa.scalar(_FACTORS[number], pa.uint64())


def _sha256(texts: tuple[str | bytes | None, ...]) -> bytes:
    digest = hashlib.sha256()
    for text in texts:
        data = text.encode() if isinstance(text, str) else text or b""
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.digest()
