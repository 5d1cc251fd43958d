"""Which Parquet encoding each column of a part gets, by its type and what it holds.

A dictionary where it is worth its size: on other columns it costs up to 40 %. Else differences for
integers and moments, and split bytes for numbers of floating point, which are smaller than plain
values and faster to write. Only what DuckDB, polars and pandas read: split bytes of decimals and
half floats are not among it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from .plain import as_list_of_entries
from .types import is_list

_SAMPLE_ROWS = 1 << 14
_SURELY_REPEATED = 8
"""Values for each distinct one, in a sample, from which a dictionary is worth it."""
_DICTIONARY_BYTES = 1 << 20
"""What a dictionary may take in a Parquet file; beyond it, values are written plain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encodings:
    """Paths of Parquet columns: those with a dictionary, and the encodings of others."""

    dictionaries: tuple[str, ...]
    others: tuple[tuple[str, str], ...]


def choose_encodings(part: pa.Table) -> Encodings:
    """Return the encodings for the columns, nested ones included, of a plain table."""
    dictionaries: list[str] = []
    others: dict[str, str] = {}
    for name in part.column_names:
        for path, leaf in _leaves(name, part.column(name).combine_chunks()):
            if _is_repetitive(leaf):
                dictionaries.append(path)
            elif (encoding := _encoding(leaf.type)) is not None:
                others[path] = encoding
    return Encodings(dictionaries=tuple(dictionaries), others=tuple(others.items()))


def _leaves(path: str, array: pa.Array) -> Iterator[tuple[str, pa.Array]]:
    """Yield the columns that Parquet makes of one, under their paths there."""
    type_ = array.type
    if pa.types.is_map(type_):
        entries = as_list_of_entries(array).flatten()
        yield from _leaves(f"{path}.key_value.key", entries.field(0))
        yield from _leaves(f"{path}.key_value.value", entries.field(1))
    elif is_list(type_):
        yield from _leaves(f"{path}.list.element", array.flatten())
    elif pa.types.is_struct(type_):
        for field, child in zip(type_, array.flatten(), strict=True):
            yield from _leaves(f"{path}.{field.name}", child)
    else:
        yield path, array


def _is_repetitive(leaf: pa.Array) -> bool:
    type_ = leaf.type
    unlikely = (pa.types.is_null, pa.types.is_boolean, pa.types.is_float16)
    if not len(leaf) or any(is_one(type_) for is_one in unlikely):
        return False
    sample = leaf.slice(0, _SAMPLE_ROWS)
    distinct = len(sample.unique())
    if distinct * _SURELY_REPEATED <= len(sample):
        return True
    if 4 * distinct > 3 * len(sample):
        return False
    return _is_dictionary_worth(leaf)


def _is_dictionary_worth(leaf: pa.Array) -> bool:
    """Whether the dictionary with the numbers into it takes at most half of the plain values."""
    distinct = leaf.unique()
    numbers = len(leaf) * len(distinct).bit_length() // 8
    size = int(distinct.nbytes)
    return size <= _DICTIONARY_BYTES and 2 * (size + numbers) <= int(leaf.nbytes)


def _encoding(type_: pa.DataType) -> str | None:
    if pa.types.is_integer(type_) or pa.types.is_temporal(type_):
        return "DELTA_BINARY_PACKED"
    if pa.types.is_float32(type_) or pa.types.is_float64(type_):
        return "BYTE_STREAM_SPLIT"
    return None
