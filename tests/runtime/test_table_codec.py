"""Tables in the store: what goes in comes out, in parts, as plain Parquet."""

from __future__ import annotations

import datetime
import decimal
import secrets
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from reprocc.runtime.codecs.gather import gather_metrics, gather_tables
from reprocc.runtime.codecs.metrics import put_metrics, read_metrics
from reprocc.runtime.codecs.parquet import parquet_bytes
from reprocc.runtime.codecs.table import (
    lay_ipc,
    lay_parts,
    read_table,
    settled_table,
    with_columns,
    write_table,
)
from reprocc.runtime.codecs.unstorable import Unstorable
from reprocc.runtime.digest import table_digest
from reprocc.runtime.store.backend import Damaged
from reprocc.runtime.store.layout import object_key
from reprocc.runtime.store.memory import MemoryBackend
from reprocc.runtime.store.objects import hash_path


@pytest.fixture
def backend() -> MemoryBackend:
    return MemoryBackend(secrets.token_hex(8))


def every_type() -> pa.Table:
    moment = datetime.datetime(2026, 1, 2, 3, 4, 5)
    return pa.table(
        {
            "nothing": pa.nulls(2),
            "flag": [True, None],
            "tiny": pa.array([-1, None], pa.int8()),
            "huge": pa.array([2**64 - 1, None], pa.uint64()),
            "half": pa.array([1.5, None], pa.float16()),
            "single": pa.array([0.1, None], pa.float32()),
            "double": pa.array([-0.0, None]),
            "price": pa.array([decimal.Decimal("1.50"), None], pa.decimal128(9, 2)),
            "wide": pa.array([decimal.Decimal(10) ** 50, None], pa.decimal256(60, 0)),
            "text": pa.array(["ä", None]),
            "bytes": pa.array([b"\xff", None]),
            "day": pa.array([moment.date(), None]),
            "time": pa.array([moment.time(), None], pa.time64("ns")),
            "seconds": pa.array([moment, None], pa.timestamp("s")),
            "nanos": pa.array([moment, None], pa.timestamp("ns", "Europe/Berlin")),
            "span": pa.array([datetime.timedelta(1), None], pa.duration("ms")),
            "list": pa.array([[1, None], None], pa.list_(pa.int16())),
            "map": pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int64())),
            "struct": pa.array([{"x": {"y": [b"z"]}}, None]),
        }
    )


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_every_type_comes_back_as_it_was(backend: MemoryBackend, rows: int) -> None:
    table = every_type().slice(0, rows)
    content = write_table(backend, table, key=())
    back = read_table(backend, content)
    assert back.schema.equals(table.schema)
    assert back.equals(table)
    assert content.digest == table_digest(table)
    assert content.rows == rows
    assert content.schema is not None
    assert dict(content.schema)["nanos"] == "timestamp[ns, Europe/Berlin]"


def test_a_table_without_columns_and_rows_is_a_table(backend: MemoryBackend) -> None:
    content = write_table(backend, pa.table({}), key=())
    assert read_table(backend, content).shape == (0, 0)


def test_equal_tables_give_the_same_objects_however_they_are_laid_out(
    backend: MemoryBackend,
) -> None:
    table = pa.table({"a": [3, 1, 2], "b": ["x", None, "y"]})
    coded = pa.table({"a": table["a"], "b": table["b"].cast(pa.large_string())})
    coded = pa.concat_tables([coded.slice(0, 1), coded.slice(1)]).replace_schema_metadata(
        {"pandas": secrets.token_hex()}
    )
    assert write_table(backend, coded, key=()) == write_table(backend, table, key=())


def test_a_reader_of_batches_is_stored_like_the_table(backend: MemoryBackend) -> None:
    table = pa.table({"a": list(range(10))})
    reader = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=3))
    assert write_table(backend, reader, key=()) == write_table(backend, table, key=())


def test_rows_are_sorted_by_the_key_and_equal_keys_keep_their_order(
    backend: MemoryBackend,
) -> None:
    table = pa.table({"k": ["b", None, "a", "b"], "n": [2, 0, 1, 1], "v": [0, 1, 2, 3]})
    back = read_table(backend, write_table(backend, table, key=("k",)))
    assert back["v"].to_pylist() == [2, 0, 3, 1]
    back = read_table(backend, write_table(backend, table, key=("k", "n")))
    assert back["v"].to_pylist() == [2, 3, 0, 1]


def test_a_key_that_the_table_lacks_sorts_nothing() -> None:
    table = pa.table({"a": [2, 1]})
    assert settled_table(table, key=("a", "b")).equals(table)


def test_a_key_of_lists_is_refused() -> None:
    with pytest.raises(Unstorable, match="cannot be sorted"):
        settled_table(pa.table({"a": [[1]]}), key=("a",))


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (
            pa.array([decimal.Decimal(1200)], pa.decimal128(5, -2)),
            "column `a` is `decimal(5,-2)`, which Parquet cannot hold",
        ),
        (
            pa.array([[{"x": {}}]], pa.list_(pa.struct([("x", pa.struct([]))]))).slice(1),
            "column `a` is a struct without fields, which Parquet cannot hold",
        ),
        (
            pa.array([2**62], pa.timestamp("s")),
            "a moment in seconds is beyond what Parquet holds",
        ),
    ],
    ids=["decimal", "struct", "moment"],
)
def test_what_parquet_cannot_hold_is_refused(
    backend: MemoryBackend, array: pa.Array, message: str
) -> None:
    with pytest.raises(Unstorable) as refused:
        write_table(backend, pa.table({"a": array}), key=())
    assert refused.value.message == message


def test_two_columns_of_one_name_are_refused(backend: MemoryBackend) -> None:
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    with pytest.raises(Unstorable, match="two columns are called `a`"):
        write_table(backend, table, key=())


def keyed_table(rows: int) -> pa.Table:
    """Return rows of 1 KiB, each with a number of its own."""
    return pa.table({"id": range(rows), "bytes": [b"x" * 1012] * rows})


def test_a_damaged_part_is_never_read(backend: MemoryBackend) -> None:
    content = write_table(backend, pa.table({"a": [1]}), key=())
    key = object_key(content.parts[0].sha256)
    backend.put(key, backend.get(key)[:-1] + b"x")
    with pytest.raises(Damaged):
        read_table(backend, content)


def test_other_tools_read_the_parts_as_plain_parquet(
    backend: MemoryBackend, tmp_path: Path
) -> None:
    import duckdb
    import pandas
    import polars

    prices = pa.array([decimal.Decimal("1.5"), None, decimal.Decimal(2)], pa.decimal128(20, 2))
    halves = pa.array([0.5, None, 1.5], pa.float16())
    table = pa.table(
        {"i": [1, 2, None], "f": [0.5, None, 1.5], "s": ["a", "a", "b"], "p": prices, "h": halves}
    )
    lay_parts(backend, write_table(backend, table, key=()), tmp_path / "out")
    (file,) = (tmp_path / "out").iterdir()
    assert file.name == "part-00000.parquet"
    assert polars.read_parquet(file).to_dict(as_series=False) == table.to_pydict()
    assert pandas.read_parquet(file)["s"].tolist() == ["a", "a", "b"]
    rows = duckdb.sql(f"SELECT i, f, s, p, h FROM '{file}'").fetchall()
    assert rows[2] == (None, 1.5, "b", decimal.Decimal(2), 1.5)
    assert pq.read_table(file).schema.metadata is None


def test_encodings_are_chosen_by_what_columns_hold() -> None:
    rows = 2000
    table = pa.table(
        {
            "number": pa.array(range(rows)),
            "share": pa.array([i / 7 for i in range(rows)]),
            "name": [f"n{i}" for i in range(rows)],
            "label": ["a", "b"] * (rows // 2),
            "price": pa.array([i % 400 / 4 for i in range(rows)]),
            "list": [[{"tag": "x", "n": i}] for i in range(rows)],
        }
    )
    group = pq.ParquetFile(pa.BufferReader(parquet_bytes(table))).metadata.row_group(0)
    columns = [group.column(number) for number in range(group.num_columns)]
    assert all(each.is_stats_set and each.has_column_index for each in columns)
    encodings = {each.path_in_schema: each.encodings for each in columns}
    assert "DELTA_BINARY_PACKED" in encodings["number"]
    assert "BYTE_STREAM_SPLIT" in encodings["share"]
    assert "RLE_DICTIONARY" in encodings["label"]
    assert "RLE_DICTIONARY" not in encodings["name"]
    assert "RLE_DICTIONARY" in encodings["price"]
    assert "RLE_DICTIONARY" in encodings["list.list.element.tag"]
    assert "DELTA_BINARY_PACKED" in encodings["list.list.element.n"]


def test_a_table_is_laid_as_ipc_in_chunks_that_say_nothing_of_its_parts(
    backend: MemoryBackend, tmp_path: Path
) -> None:
    table = keyed_table(60_000)
    layouts = set()
    for name, key in (("free", ()), ("keyed", ("id",))):
        content = write_table(backend, table, key=key)
        sha256, size = lay_ipc(backend, content, tmp_path / name)
        assert (sha256, size) == hash_path(tmp_path / name)
        assert pa.ipc.open_file(pa.memory_map(str(tmp_path / name))).read_all().equals(table)
        layouts.add((sha256, content.digest))
    assert len(layouts) == 1


def test_an_axis_column_that_is_there_must_hold_the_axis_value() -> None:
    table = pa.table({"fold": [3, 3]})
    assert with_columns(table, (("fold", 3), ("kind", "x"))).to_pydict() == {
        "fold": [3, 3],
        "kind": ["x", "x"],
    }
    with pytest.raises(Unstorable, match="column `fold` holds other values"):
        with_columns(table, (("fold", 4),))


def test_gathered_tables_stand_below_each_other_with_their_axes(backend: MemoryBackend) -> None:
    one = write_table(backend, pa.table({"a": [1]}), key=())
    two = write_table(backend, pa.table({"a": [2.5], "b": ["x"]}), key=())
    points = (((("depth", 2), ("fold", 1)), one), ((("depth", 2), ("fold", 2)), two))
    table = gather_tables(backend, points, axes=("fold",))
    assert table.to_pydict() == {"a": [1.0, 2.5], "fold": [1, 2], "b": [None, "x"]}


def test_gathered_tables_whose_types_clash_are_refused_by_the_column(
    backend: MemoryBackend,
) -> None:
    one = write_table(backend, pa.table({"a": [1]}), key=())
    two = write_table(backend, pa.table({"a": ["x"]}), key=())
    with pytest.raises(Unstorable, match="column `a` is `int64` at one point and `string`"):
        gather_tables(backend, (((("f", 1),), one), ((("f", 2),), two)), axes=("f",))


def test_gathered_metrics_are_a_row_a_point(backend: MemoryBackend) -> None:
    one = put_metrics(backend, {"loss": 1, "by": {"a": 0.5}, "curve": [1, 2]})
    two = put_metrics(backend, {"loss": 1.5, "note": "x", "curve": []})
    points = (((("depth", 2),), one), ((("depth", 4),), two))
    table = gather_metrics(backend, points, axes=("depth",))
    assert table.sort_by("depth").to_pydict() == {
        "depth": [2, 4],
        "by.a": [0.5, None],
        "curve": [[1, 2], []],
        "loss": [1.0, 1.5],
        "note": [None, "x"],
    }


def test_a_gathered_metric_of_several_types_is_refused(backend: MemoryBackend) -> None:
    one, two = put_metrics(backend, {"a": 1}), put_metrics(backend, {"a": "x"})
    with pytest.raises(Unstorable, match="metric `a` has different types"):
        gather_metrics(backend, (((("f", 1),), one), ((("f", 2),), two)), axes=("f",))


def test_metrics_come_back_nan_and_infinities_included(backend: MemoryBackend) -> None:
    value = {"z": 1, "a": {"b": [1.0, None, True, "ä"]}, "n": float("nan"), "i": float("-inf")}
    content = put_metrics(backend, value)
    assert repr(read_metrics(backend, content)) == repr(dict(sorted(value.items())))
    assert put_metrics(backend, dict(reversed(value.items()))) == content
    assert content.digest == f"sha256:{content.parts[0].sha256}"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([1], "metrics are a mapping, but this is a value of type `list`"),
        ({"a": {"b": {1}}}, "metric `a.b` is a value of type `set`"),
        ({"a": {1: 2}}, "the key `1` of metric `a` is not text"),
        ({"a": "\ud800"}, "not valid Unicode"),
    ],
)
def test_what_metrics_cannot_hold_is_named(
    backend: MemoryBackend, value: object, message: str
) -> None:
    with pytest.raises(Unstorable, match=message):
        put_metrics(backend, value)


def test_nan_payloads_are_not_stored(backend: MemoryBackend) -> None:
    odd = pa.Array.from_buffers(
        pa.float64(), 1, [None, pa.py_buffer(bytes.fromhex("010000000000f8ff"))]
    )
    table = pa.table({"a": odd, "l": pa.ListArray.from_arrays(pa.array([0, 1], pa.int32()), odd)})
    back = read_table(backend, write_table(backend, table, key=()))
    for name in ("a", "l"):
        values = back[name].combine_chunks()
        values = values.flatten() if name == "l" else values
        assert bytes(pc.cast(values, pa.float64()).buffers()[1])[:8].hex() == "000000000000f87f"
