"""Parts of tables: bounded, and cut where they stay while tables grow and change."""

from __future__ import annotations

import hashlib
import random
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from drawn_tables import tables
from hypothesis import given, settings
from hypothesis import strategies as st

from reprocc.runtime.codecs.blocks import blocks_of
from reprocc.runtime.codecs.cut import LARGEST, SMALLEST, cut
from reprocc.runtime.codecs.key_hash import pick_row
from reprocc.runtime.codecs.plain import plain_table
from reprocc.runtime.codecs.table import lay_ipc, lay_parquet, read_table, write_table
from reprocc.runtime.codecs.weights import weight_ends
from reprocc.runtime.content import Content
from reprocc.runtime.digest import table_digest
from reprocc.runtime.export import export
from reprocc.runtime.store.backend import Missing
from reprocc.runtime.store.layout import object_key
from reprocc.runtime.store.memory import MemoryBackend

ROW = 1024


@pytest.fixture
def backend() -> MemoryBackend:
    return MemoryBackend(secrets.token_hex(8))


def numbered(ids: Iterable[int]) -> pa.Table:
    """Return rows that weigh 1 KiB, each with a key of its own."""
    numbers = pa.array(ids, pa.int64())
    return pa.table({"id": numbers, "bytes": [b"x" * (ROW - 12)] * len(numbers)})


def pieces(table: pa.Table, key: tuple[str, ...], smallest: int, largest: int) -> list[pa.Table]:
    found = cut([table], schema=table.schema, key=key, bounds=(smallest, largest))
    return list(found)


def added(old: list[pa.Table], new: list[pa.Table]) -> float:
    """Return the share of the new parts' rows that no old part has."""
    known = {table_digest(part) for part in old}
    fresh = sum(part.num_rows for part in new if table_digest(part) not in known)
    return fresh / sum(part.num_rows for part in new)


def test_parts_without_a_key_weigh_as_much_as_a_part_may(backend: MemoryBackend) -> None:
    table = numbered(range(80_000))
    content = write_table(backend, table, key=())
    assert [part.rows for part in content.parts] == [32_768, 32_768, 80_000 - 2 * 32_768]
    assert read_table(backend, content).equals(table)


def test_appended_rows_leave_all_parts_but_the_last(backend: MemoryBackend) -> None:
    table = numbered(range(80_000))
    more = write_table(backend, table, key=())
    less = write_table(backend, table.slice(0, 70_000), key=())
    assert more.parts[:2] == less.parts[:2]
    assert more.parts[2] != less.parts[2]


def test_parts_with_a_key_weigh_from_the_smallest_to_the_largest(backend: MemoryBackend) -> None:
    content = write_table(backend, numbered(range(120_000)), key=("id",))
    rows = [part.rows or 0 for part in content.parts]
    assert sum(rows) == 120_000
    assert len(set(rows[:-1])) == len(rows) - 1 > 2
    assert all(SMALLEST <= ROW * count <= LARGEST for count in rows[:-1])
    assert ROW * rows[-1] <= LARGEST


EDITS = {
    "append": lambda ids: [*ids, *range(200_000, 200_400)],
    "insert": lambda ids: sorted([*ids, *(2 * n + 1 for n in range(13_000, 13_400))]),
    "delete": lambda ids: [n for n in ids if not 26_000 <= n < 26_800],
    "delete the first": lambda ids: list(ids)[400:],
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("kind", ["numbers", "texts", "texts that end alike"])
def test_a_change_of_one_place_leaves_most_parts_with_a_key(edit: str, kind: str) -> None:
    spelled = {"numbers": "{}", "texts": "{:08}", "texts that end alike": "{:08}@example.org"}[kind]

    def keyed(ids: Iterable[int]) -> list[pa.Table]:
        numbers = list(ids)
        keys = numbers if kind == "numbers" else [spelled.format(n) for n in numbers]
        table = pa.table({"k": keys, "v": [b"v" * 100] * len(numbers)})
        return pieces(table, ("k",), 60_000, 120_000)

    ids = range(0, 80_000, 2)
    before, after = keyed(ids), keyed(EDITS[edit](ids))
    assert len(before) > 40
    assert added(before, after) <= 0.1


def test_a_row_that_is_updated_changes_one_part() -> None:
    table = pa.table({"k": range(20_000), "v": [1.0] * 20_000})
    other = table.set_column(1, "v", pa.array([1.0] * 9_999 + [2.0] + [1.0] * 10_000))
    before, after = (pieces(each, ("k",), 16_000, 32_000) for each in (table, other))
    assert [len(part) for part in before] == [len(part) for part in after]
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


@settings(max_examples=25)
@given(table=tables(), data=st.data(), key=st.sampled_from([(), ("integers",), ("texts", "bytes")]))
def test_where_blocks_end_leaves_no_trace(
    table: pa.Table, data: st.DataObject, key: tuple[str, ...]
) -> None:
    table = plain_table(table)
    size = data.draw(st.integers(1, 4))
    whole = list(cut([table], schema=table.schema, key=key, bounds=(100, 400)))
    blocks = [table.slice(start, size) for start in range(0, len(table), size)]
    split = list(cut(blocks, schema=table.schema, key=key, bounds=(100, 400)))
    assert [table_digest(part) for part in split] == [table_digest(part) for part in whole]
    assert table_digest(pa.concat_tables(whole)) == table_digest(table)
    assert all(column.num_chunks <= 1 for part in split for column in part.columns)


def reference_weight(value: object, type_: pa.DataType) -> int:
    if pa.types.is_string(type_) or pa.types.is_binary(type_):
        data = value.encode() if isinstance(value, str) else value
        return 4 + len(data or b"")  # type: ignore[arg-type]
    if pa.types.is_list(type_):
        return 4 + sum(reference_weight(each, type_.value_type) for each in value or ())  # type: ignore[attr-defined]
    if pa.types.is_map(type_):
        return 4 + sum(
            reference_weight(key, type_.key_type) + reference_weight(item, type_.item_type)
            for key, item in value or ()  # type: ignore[attr-defined]
        )
    if pa.types.is_struct(type_):
        inner = value or {}
        return sum(reference_weight(inner.get(f.name), f.type) for f in type_)  # type: ignore[attr-defined]
    return 1 if pa.types.is_boolean(type_) else type_.bit_width // 8


@settings(max_examples=30)
@given(table=tables(), start=st.integers(0, 3))
def test_rows_weigh_what_the_specification_says(table: pa.Table, start: int) -> None:
    table = plain_table(table).slice(start)
    each = [
        sum(reference_weight(row[field.name], field.type) for field in table.schema)
        for row in table.to_pylist()
    ]
    sums = [sum(each[: row + 1]) for row in range(len(each))]
    assert weight_ends(table).to_pylist() == sums


def splitmix(word: int) -> int:
    mask = 2**64 - 1
    word = (word + 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9 & mask
    word = (word ^ word >> 29) * 0x94D049BB133111EB & mask
    return word ^ word >> 32


def reference_hash(row: dict[str, object]) -> tuple[int, bytes]:
    found, texts = None, hashlib.sha256()
    for value in row.values():
        if isinstance(value, str):
            data = value.encode()
            texts.update(len(data).to_bytes(8, "little") + data)
            word = int.from_bytes(data[-8:].rjust(8, b"\0"), "little")
        else:
            word = int(value or 0) % 2**64  # type: ignore[call-overload]
        mixed = splitmix(word)
        if found is not None:
            mixed = splitmix((found * 0x9E3779B97F4A7C15 % 2**64) ^ mixed)
        found = mixed
    return found or 0, texts.digest()


@given(
    rows=st.lists(st.tuples(st.integers(-3, 3), st.text("ab", max_size=10)), min_size=1),
    columns=st.sampled_from([["n"], ["t"], ["n", "t"]]),
)
def test_the_row_that_is_picked_is_the_one_of_the_specification(
    rows: list[tuple[int, str]], columns: list[str]
) -> None:
    numbers, texts = zip(*rows, strict=True)
    table = pa.table({"n": pa.array(numbers, pa.int64()), "t": texts}).select(columns)
    hashes = [reference_hash(row) for row in table.to_pylist()]
    assert pick_row(table) == hashes.index(min(hashes))


@pytest.mark.parametrize(
    "type_",
    [
        pa.int8(), pa.uint16(), pa.float32(), pa.float64(), pa.bool_(), pa.date32(),
        pa.timestamp("us", "UTC"), pa.decimal128(20, 2), pa.decimal256(60, 0), pa.binary(),
    ],
    ids=str,
)  # fmt: skip
def test_a_key_of_any_type_that_sorts_picks_a_row_wherever_it_lies(type_: pa.DataType) -> None:
    values = [0, 1, None, 1, 0, None, 1, 1, 0]
    array = pa.array(values, pa.int64()).cast(pa.string() if type_ == pa.binary() else pa.int64())
    if pa.types.is_decimal(type_):
        array = array.cast(pa.decimal256(76, type_.scale))
    elif type_ == pa.date32():
        array = array.cast(pa.int32())
    keys = pa.table({"k": array.cast(type_)})
    picked = pick_row(keys)
    assert 0 <= picked < 9
    assert pick_row(keys.slice(picked)) == 0
    assert pick_row(pa.concat_tables([keys.slice(picked, 1), keys])) == 0
    assert pick_row(pa.table({"k": pa.nulls(3, type_)})) == 0


def test_a_single_row_may_weigh_more_than_a_part(backend: MemoryBackend) -> None:
    table = pa.table({"v": [b"x", b"1" * (33 << 20), b"y"]})
    content = write_table(backend, table, key=())
    assert [part.rows for part in content.parts] == [1, 1, 1]
    assert content.digest == table_digest(table)


def noise_batches(count: int, seen: list[int]) -> Iterator[pa.RecordBatch]:
    """Yield batches of 16 MiB that share their memory, and note what else is held meanwhile."""
    noise = random.Random(7).randbytes(1 << 20)
    texts = pa.array([noise[n * ROW :][: ROW - 4] for n in range(1000)] * 16, pa.binary())
    for _ in range(count):
        seen.append(pa.total_allocated_bytes())
        yield pa.record_batch({"noise": texts})


def test_a_reader_is_stored_with_a_few_parts_in_memory(backend: MemoryBackend) -> None:
    seen: list[int] = []
    schema = pa.schema({"noise": pa.binary()})
    before = pa.total_allocated_bytes()
    reader = pa.RecordBatchReader.from_batches(schema, noise_batches(40, seen))
    content = write_table(backend, reader, key=())
    assert content.rows == 40 * 16_000
    assert len(content.parts) > 18
    assert max(seen) - before < 9 * LARGEST


def test_blocks_of_a_sorted_table_are_its_own_memory() -> None:
    table = numbered(range(3_000))
    before = pa.total_allocated_bytes()
    (block,) = blocks_of(table, key=("id",))
    assert block.equals(table)
    assert pa.total_allocated_bytes() - before < table.nbytes // 2


def test_a_key_sorts_whatever_chunks_and_types_a_table_has(backend: MemoryBackend) -> None:
    words = pa.array(["b", "a", None, "b"], pa.large_string()).dictionary_encode()
    table = pa.table({"k": words, "v": pa.array(["1", "2", "3", "4"], pa.string_view())})
    table = pa.concat_tables([table, table.slice(1, 2)])
    back = read_table(backend, write_table(backend, table, key=("k",)))
    assert back.to_pydict() == {
        "k": ["a", "a", "b", "b", None, None],
        "v": ["2", "2", "1", "4", "3", "3"],
    }


def parts_of(content: Content) -> set[str]:
    return {part.sha256 for part in content.parts}


def test_stored_parts_are_shared_by_versions_with_a_key(backend: MemoryBackend) -> None:
    old = write_table(backend, numbered(range(0, 300_000, 2)), key=("id",))
    ids = sorted([*range(0, 300_000, 2), *range(100_001, 103_001, 2)])
    new = write_table(backend, numbered(ids), key=("id",))
    assert len(parts_of(old) & parts_of(new)) >= len(new.parts) - 3


def test_a_table_of_many_parts_is_one_file_of_parquet(
    backend: MemoryBackend, tmp_path: Path
) -> None:
    table = numbered(range(70_000))
    for key in ((), ("id",)):
        content = write_table(backend, table, key=key)
        assert len(content.parts) == 3
        path = tmp_path / f"{len(key)}.parquet"
        export(backend, content, path)
        assert pq.read_table(path).equals(table)
    assert (tmp_path / "0.parquet").read_bytes() == (tmp_path / "1.parquet").read_bytes()


def test_a_table_that_cannot_be_read_whole_leaves_no_file(
    backend: MemoryBackend, tmp_path: Path
) -> None:
    content = write_table(backend, numbered(range(70_000)), key=())
    backend.delete(object_key(content.parts[1].sha256))
    for lay in (lay_ipc, lay_parquet):
        with pytest.raises(Missing):
            lay(backend, content, tmp_path / "t")
        assert list(tmp_path.iterdir()) == []
