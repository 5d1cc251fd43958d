"""The logical digest of a table, `table1:`: what its values are, not how they are laid out.

The digest is `digest_of("table1", record)` (`compiler/canonical.py`) over

    {"columns": [{"name": ..., "streams": [...], "type": ...}, ...], "rows": n}

with columns in their order and types as the language spells them (`codecs/types.py`). `streams`
holds sha256 digests in hexadecimal, of byte streams that are made of the whole column from its
first row to its last; all numbers are little-endian. An array of values gives, in this order:

1. **nulls**: the positions of null values, counted from 0 within this array, 8 bytes each. From
   here on null values do not exist: nothing that lies under a null counts.
2. by type, of the values that are left:
   - `null`: nothing further; `bool`: one stream, a byte per value, 0 or 1;
   - integers: one stream, each value at its width;
   - `float32`, `float64`: one stream, IEEE 754 at their width; every NaN is the one with sign 0,
     the quiet bit set and no payload; -0.0 is not 0.0. `float16` as the `float32` of equal value;
   - `decimal`: one stream, the unscaled integer, 16 bytes up to precision 38, else 32;
   - `date`: days since 1970-01-01 in 4 bytes; `time`: nanoseconds since midnight in 8;
     `timestamp`, `duration`: in their unit, since 1970-01-01 UTC (or the wall clock's), in 8;
   - `string` (UTF-8), `binary`: a stream of lengths in bytes, 8 bytes each; a stream of all bytes;
   - `list`: a stream of lengths in items, 8 bytes each; then the streams of the array of all items;
   - `map`: the same, entries being structs of key and value in the order they have;
   - `struct`: the streams of each field's array, in order.

So chunks, slices, dictionaries, views, wide or narrow offsets, metadata, parts and the version of
any library leave no trace; any change of a value, a null, a name, a type, or an order does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from ..compiler.canonical import CanonicalValue, Digest, digest_of
from .codecs.blocks import blocks_of
from .codecs.plain import as_list_of_entries, plain_schema
from .codecs.types import is_list, type_text
from .parallel import in_threads

_LARGE = 1 << 20
"""Bytes from which it is faster to hash columns beside each other."""


def table_digest(table: pa.Table) -> Digest:
    """Return the logical digest of a table. Raises Unstorable for types the language has not."""
    digest = TableDigest(plain_schema(table.schema))
    for block in blocks_of(table, key=()):
        digest.feed(block)
    return digest.result()


class TableDigest:
    """The logical digest of a table whose rows come in blocks; where blocks end leaves no trace."""

    def __init__(self, schema: pa.Schema) -> None:
        """Begin with the plain schema of the table."""
        self._schema = schema
        self._columns = [_streams_of(field.type) for field in schema]
        self._rows = 0

    def feed(self, block: pa.Table) -> None:
        """Take the next rows, a plain table (`codecs/plain.py`)."""
        pairs = list(zip(self._columns, block.columns, strict=True))
        if block.nbytes < _LARGE:
            for pair in pairs:
                _feed_column(pair)
        else:
            for _ in in_threads(_feed_column, pairs):
                pass
        self._rows += block.num_rows

    def result(self) -> Digest:
        """Return the digest of the rows so far."""
        columns: list[CanonicalValue] = [
            {
                "name": field.name,
                "type": type_text(field.type),
                "streams": list(streams.digests()),
            }
            for field, streams in zip(self._schema, self._columns, strict=True)
        ]
        return digest_of("table1", {"columns": columns, "rows": self._rows})


def _feed_column(pair: tuple[_Streams, pa.ChunkedArray]) -> None:
    streams, column = pair
    for chunk in column.chunks:
        streams.feed(chunk)


class _Streams:
    """The streams of one array of values: nulls, then what its type adds."""

    def __init__(self) -> None:
        self._nulls = hashlib.sha256()
        self._seen = 0

    def feed(self, array: pa.Array) -> None:
        if array.null_count and not pa.types.is_null(array.type):
            is_null = array.is_null()
            positions = pc.add(pc.indices_nonzero(is_null), pa.scalar(self._seen, pa.uint64()))
            self._nulls.update(_fixed_bytes(positions, 8))
            self.feed_valid(array, pc.invert(is_null))
        else:
            self.feed_valid(array, None)
        self._seen += len(array)

    def feed_valid(self, array: pa.Array, valid: pa.BooleanArray | None) -> None:
        """Take the values where `valid` is true, or all of them where it is None."""

    def digests(self) -> Iterator[str]:
        yield self._nulls.hexdigest()


class _Fixed(_Streams):
    """Values of one width in bytes."""

    def __init__(self, width: int, *, through: pa.DataType | None) -> None:
        super().__init__()
        self._values = hashlib.sha256()
        self._width = width
        self._through = through

    def feed_valid(self, array: pa.Array, valid: pa.BooleanArray | None) -> None:
        kept = array if valid is None else array.filter(valid)
        if self._through is not None:
            kept = kept.cast(self._through)
        self._values.update(_fixed_bytes(kept, self._width))

    def digests(self) -> Iterator[str]:
        yield from super().digests()
        yield self._values.hexdigest()


class _Text(_Streams):
    """Strings and binaries."""

    def __init__(self) -> None:
        super().__init__()
        self._lengths = hashlib.sha256()
        self._bytes = hashlib.sha256()

    def feed_valid(self, array: pa.Array, valid: pa.BooleanArray | None) -> None:
        kept = array if valid is None else array.filter(valid)
        if not len(kept):
            return
        lengths = pc.binary_length(kept).cast(pa.int64())
        self._lengths.update(_fixed_bytes(lengths, 8))
        offsets = memoryview(kept.buffers()[1]).cast("i")
        start, end = offsets[kept.offset], offsets[kept.offset + len(kept)]
        if kept.buffers()[2] is not None:
            self._bytes.update(memoryview(kept.buffers()[2])[start:end])

    def digests(self) -> Iterator[str]:
        yield from super().digests()
        yield self._lengths.hexdigest()
        yield self._bytes.hexdigest()


class _Lists(_Streams):
    """Lists and maps."""

    def __init__(self, items: _Streams) -> None:
        super().__init__()
        self._lengths = hashlib.sha256()
        self._items = items

    def feed_valid(self, array: pa.Array, valid: pa.BooleanArray | None) -> None:
        listed = as_list_of_entries(array) if pa.types.is_map(array.type) else array
        lengths = pc.list_value_length(listed)
        if valid is not None:
            lengths = lengths.filter(valid)
        self._lengths.update(_fixed_bytes(lengths.cast(pa.int64()), 8))
        self._items.feed(listed.flatten())

    def digests(self) -> Iterator[str]:
        yield from super().digests()
        yield self._lengths.hexdigest()
        yield from self._items.digests()


class _Structs(_Streams):
    """Structs."""

    def __init__(self, fields: list[_Streams]) -> None:
        super().__init__()
        self._fields = fields

    def feed_valid(self, array: pa.Array, valid: pa.BooleanArray | None) -> None:
        for index, streams in enumerate(self._fields):
            child = array.field(index)
            streams.feed(child if valid is None else child.filter(valid))

    def digests(self) -> Iterator[str]:
        yield from super().digests()
        for streams in self._fields:
            yield from streams.digests()


def _streams_of(type_: pa.DataType) -> _Streams:
    if pa.types.is_null(type_):
        return _Streams()
    if pa.types.is_boolean(type_):
        return _Fixed(1, through=pa.uint8())
    if pa.types.is_float16(type_):
        return _Fixed(4, through=pa.float32())
    if pa.types.is_string(type_) or pa.types.is_binary(type_):
        return _Text()
    if is_list(type_):
        return _Lists(_streams_of(type_.value_type))
    if pa.types.is_map(type_):
        entry = _Structs([_streams_of(type_.key_type), _streams_of(type_.item_type)])
        return _Lists(entry)
    if pa.types.is_struct(type_):
        return _Structs([_streams_of(field.type) for field in type_])
    return _Fixed(type_.bit_width // 8, through=None)


def _fixed_bytes(array: pa.Array, width: int) -> memoryview:
    values = array.buffers()[1]
    if values is None or not len(array):
        return memoryview(b"")
    return memoryview(values)[array.offset * width : (array.offset + len(array)) * width]
