"""The logical digest: equal for equal values, however laid out; different for anything else."""

from __future__ import annotations

import decimal
import io
import math
import struct
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from drawn_tables import COLUMNS, tables
from hypothesis import given, settings
from hypothesis import strategies as st

from reprocc.runtime.codecs.plain import plain_table
from reprocc.runtime.codecs.types import arrow_type, type_text
from reprocc.runtime.codecs.unstorable import Unstorable
from reprocc.runtime.digest import TableDigest, table_digest


def in_chunks(table: pa.Table, size: int = 3) -> pa.Table:
    return pa.Table.from_batches(table.to_batches(max_chunksize=size), table.schema)


def sliced(table: pa.Table) -> pa.Table:
    """Give the same rows as a slice out of the middle of more."""
    return pa.concat_tables([table, table, table]).combine_chunks().slice(len(table), len(table))


def recast(name: str, type_: pa.DataType) -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        index = table.column_names.index(name)
        return table.set_column(index, name, table.column(name).cast(type_))

    return change


def list_views(table: pa.Table) -> pa.Table:
    values = table.column("lists").to_pylist()
    views = pa.array(values * 3, pa.list_view(pa.int64())).slice(len(values), len(values))
    return table.set_column(table.column_names.index("lists"), "lists", views)


def dictionaries(table: pa.Table) -> pa.Table:
    for name in ("texts", "integers", "bytes"):
        index = table.column_names.index(name)
        table = table.set_column(index, name, table.column(name).dictionary_encode())
    return table


def runs(table: pa.Table) -> pa.Table:
    for name in ("integers", "texts"):
        index = table.column_names.index(name)
        column = pc.run_end_encode(table.column(name).combine_chunks())
        table = table.set_column(index, name, column)
    return table


def through_parquet(table: pa.Table) -> pa.Table:
    sink = io.BytesIO()
    pq.write_table(table, sink, row_group_size=5, use_dictionary=True)
    return pq.ParquetFile(io.BytesIO(sink.getvalue())).read()


def through_ipc(table: pa.Table) -> pa.Table:
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=2)
    return pa.ipc.open_stream(sink.getvalue()).read_all()


def with_metadata(table: pa.Table) -> pa.Table:
    fields = [field.with_metadata({"note": "x"}) for field in table.schema]
    return table.cast(pa.schema(fields, metadata={"pandas": "{}"}))


def extensions(table: pa.Table) -> pa.Table:
    """Give columns a type that says more of them than how they are stored."""
    for name in ("texts", "lists", "structs"):
        index = table.column_names.index(name)
        column = table.column(name).combine_chunks()
        type_ = pa.opaque(column.type, "thing", "elsewhere")
        array = pa.ExtensionArray.from_storage(type_, column)
        table = table.set_column(index, name, pa.chunked_array([array], type_))
    return table


def through_duckdb(table: pa.Table) -> pa.Table:
    import duckdb

    engine = duckdb.connect()
    engine.execute("SET TimeZone = 'UTC'")
    # It knows no map with a key twice.
    kept = table.drop_columns(["maps", "deep"])
    engine.register("given", kept)
    back = engine.sql("SELECT * FROM given").to_arrow_table()
    for name in ("maps", "deep"):
        index = table.column_names.index(name)
        back = back.add_column(index, name, table.column(name))
    return back


def with_garbage_under_nulls(table: pa.Table) -> pa.Table:
    for name in ("integers", "floats"):
        index = table.column_names.index(name)
        column = table.column(name).combine_chunks()
        filled = column.fill_null(77)
        validity = pa.array(column.is_valid().to_pylist(), pa.bool_()).buffers()[1]
        buffers = [validity, filled.buffers()[1]]
        if len(column):
            array = pa.Array.from_buffers(column.type, len(column), buffers)
            table = table.set_column(index, name, array)
    return table


RELAID: dict[str, Callable[[pa.Table], pa.Table]] = {
    "chunks": in_chunks,
    "chunks of one row": lambda table: in_chunks(table, 1),
    "a slice": sliced,
    "chunks of a slice": lambda table: in_chunks(sliced(table)),
    "dictionaries": dictionaries,
    "dictionaries in chunks": lambda table: in_chunks(dictionaries(table)),
    "run-end encoding": runs,
    "wide strings": recast("texts", pa.large_string()),
    "string views": recast("texts", pa.string_view()),
    "wide binaries": recast("bytes", pa.large_binary()),
    "binary views": recast("bytes", pa.binary_view()),
    "wide lists": recast("lists", pa.large_list(pa.int64())),
    "wide decimals": recast("prices", pa.decimal256(20, 3)),
    "extension types": extensions,
    "slices of extension types": lambda table: in_chunks(sliced(extensions(table))),
    "slices of list views": list_views,
    "dates in milliseconds": recast("dates", pa.date64()),
    "metadata": with_metadata,
    "garbage under nulls": with_garbage_under_nulls,
    "parquet": through_parquet,
    "ipc": through_ipc,
    "duckdb": through_duckdb,
    "plain": plain_table,
}


@pytest.mark.parametrize("how", RELAID)
@settings(max_examples=12)
@given(table=tables())
def test_the_layout_of_a_table_leaves_no_trace(how: str, table: pa.Table) -> None:
    assert table_digest(RELAID[how](table)) == table_digest(table)


@settings(max_examples=20)
@given(table=tables(), size=st.integers(1, 5))
def test_blocks_leave_no_trace(table: pa.Table, size: int) -> None:
    table = plain_table(table)
    digest = TableDigest(table.schema)
    for start in range(0, len(table), size):
        digest.feed(table.slice(start, size))
    assert digest.result() == table_digest(table)


@settings(max_examples=30)
@given(table=tables(("integers", "floats", "texts", "booleans", "moments", "lists")))
def test_polars_and_back_is_the_same_table(table: pa.Table) -> None:
    import polars

    assert table_digest(polars.from_arrow(table).to_arrow()) == table_digest(table)  # type: ignore[union-attr]


@settings(max_examples=30)
@given(table=tables(("texts", "booleans", "moments")))
def test_pandas_and_back_is_the_same_table(table: pa.Table) -> None:
    import pandas

    frame = table.to_pandas(types_mapper=pandas.ArrowDtype)
    back = pa.Table.from_pandas(frame, preserve_index=False)
    assert back.schema.metadata is not None
    assert table_digest(back) == table_digest(table)


@settings(max_examples=60)
@given(table=tables(), data=st.data())
def test_any_single_change_of_a_value_changes_the_digest(
    table: pa.Table, data: st.DataObject
) -> None:
    if not table.num_rows:
        return
    name = data.draw(st.sampled_from(table.column_names))
    row = data.draw(st.integers(0, table.num_rows - 1))
    strategy, type_ = COLUMNS[name]
    values = table.column(name).to_pylist()
    other = data.draw(strategy.filter(lambda new: not _is_same(new, values[row])))
    values[row] = other
    changed = table.set_column(table.column_names.index(name), name, pa.array(values, type_))
    assert table_digest(changed) != table_digest(table)


def _is_same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        if math.isnan(one) and math.isnan(other):
            return True
        return struct.pack("<d", one) == struct.pack("<d", other)
    return one == other


@settings(max_examples=20)
@given(table=tables())
def test_names_and_the_order_of_columns_count(table: pa.Table) -> None:
    names = table.column_names
    renamed = table.rename_columns([f"{names[0]}_", *names[1:]])
    turned = table.select([names[1], names[0], *names[2:]])
    swapped = table.rename_columns([names[1], names[0], *names[2:]])
    assert len({table_digest(each) for each in (table, renamed, turned, swapped)}) == 4


def test_the_order_of_rows_counts() -> None:
    table = pa.table({"a": [1, 2, 3]})
    assert table_digest(table.take([1, 0, 2])) != table_digest(table)


def test_a_null_among_equal_values_counts_by_its_place() -> None:
    digests = {
        table_digest(pa.table({"a": pa.array(values, pa.int64())}))
        for values in ([1, 1, None], [1, None, 1], [None, 1, 1], [1, 1], [1, 1, 1])
    }
    assert len(digests) == 5


def test_lists_with_the_same_items_differ_by_their_boundaries() -> None:
    values = ([[1], [2]], [[1, 2], []], [[], [1, 2]], [[1, 2], None], [None, [1, 2]])
    digests = {
        table_digest(pa.table({"a": pa.array(each, pa.list_(pa.int8()))})) for each in values
    }
    assert len(digests) == len(values)


def test_strings_with_the_same_bytes_differ_by_their_boundaries() -> None:
    values = (["ab", ""], ["a", "b"], ["", "ab"], ["ab", None])
    assert len({table_digest(pa.table({"a": each})) for each in values}) == len(values)


def test_equal_numbers_of_different_types_are_different_tables() -> None:
    types = [
        pa.int8(), pa.int64(), pa.uint8(), pa.float16(), pa.float32(), pa.float64(),
        pa.decimal128(5, 0), pa.decimal128(6, 0), pa.duration("s"), pa.duration("ms"),
        pa.timestamp("s"), pa.timestamp("s", "UTC"), pa.date32(),
    ]  # fmt: skip
    tables = [pa.table({"a": pa.array([1], pa.int32()).cast(pa.int64())})] + [
        pa.table({"a": pa.array([1], type_)}) for type_ in types if type_ != pa.int64()
    ]
    assert len({table_digest(table) for table in tables}) == len(types)


@pytest.mark.parametrize("type_", [pa.float16(), pa.float32(), pa.float64()])
def test_every_nan_is_the_same_and_negative_zero_is_not_zero(type_: pa.DataType) -> None:
    width = type_.bit_width // 8
    quiet = {2: "007e", 4: "0000c07f", 8: "000000000000f87f"}[width]
    other = {2: "01fe", 4: "0100c0ff", 8: "010000000000f8ff"}[width]

    def digest(data: bytes) -> str:
        array = pa.Array.from_buffers(type_, 1, [None, pa.py_buffer(data)])
        return table_digest(pa.table({"a": array}))

    assert digest(bytes.fromhex(quiet)) == digest(bytes.fromhex(other))
    zero, minus = digest(bytes(width)), digest(bytes(width - 1) + b"\x80")
    assert len({zero, minus, digest(bytes.fromhex(quiet))}) == 3


def test_times_of_any_unit_are_one_type() -> None:
    seconds = pa.table({"a": pa.array([1, None], pa.time32("s"))})
    finer = pa.table({"a": pa.array([1_000_000, None], pa.time64("us"))})
    assert table_digest(seconds) == table_digest(finer)


def test_decimals_of_any_width_are_one_type() -> None:
    values = [decimal.Decimal("1.50"), None]
    types = (pa.decimal32(6, 2), pa.decimal64(6, 2), pa.decimal128(6, 2), pa.decimal256(6, 2))
    assert len({table_digest(pa.table({"a": pa.array(values, t)})) for t in types}) == 1


def test_fixed_size_lists_are_lists_and_fixed_size_binaries_are_binaries() -> None:
    rows, words = [[1, 2], None, [3, 4]], [b"ab", None, b"cd"]
    fixed = pa.table(
        {"l": pa.array(rows, pa.list_(pa.int32(), 2)), "b": pa.array(words, pa.binary(2))}
    )
    free = pa.table({"l": pa.array(rows, pa.list_(pa.int32())), "b": pa.array(words, pa.binary())})
    assert table_digest(fixed) == table_digest(free) == table_digest(sliced(fixed))


def test_dictionaries_deep_inside_are_no_type() -> None:
    inner = pa.dictionary(pa.int8(), pa.large_string())
    values = [{"x": ["a", None, "b"]}, None, {"x": None}, {"x": []}]
    coded = pa.table({"a": pa.array(values, pa.struct([("x", pa.large_list(inner))]))})
    free = pa.table({"a": pa.array(values, pa.struct([("x", pa.list_(pa.string()))]))})
    assert table_digest(coded) == table_digest(free) == table_digest(sliced(coded))


@pytest.mark.parametrize(
    "array",
    [
        pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array([1])]),
        pa.UnionArray.from_dense(
            pa.array([0], pa.int8()), pa.array([0], pa.int32()), [pa.array([1])]
        ),
        pa.array([(1, 2, 3)], pa.month_day_nano_interval()),
        pa.StructArray.from_arrays([pa.array([(1, 2, 3)], pa.month_day_nano_interval())], ["x"]),
    ],
    ids=["union", "dense union", "interval", "interval inside"],
)
def test_a_type_that_the_language_has_not_is_refused_by_its_name(array: pa.Array) -> None:
    with pytest.raises(Unstorable, match=r"^column `a`: tables cannot hold (unions|intervals)"):
        table_digest(pa.table({"a": array}))


@pytest.mark.parametrize(
    ("type_", "storage"),
    [
        (pa.uuid(), pa.array([b"0" * 16, None], pa.binary(16))),
        (pa.json_(), pa.array(["{}", None])),
        (pa.bool8(), pa.array([1, None], pa.int8())),
        (pa.fixed_shape_tensor(pa.int8(), [2]), pa.array([[1, 2], None], pa.list_(pa.int8(), 2))),
    ],
    ids=str,
)  # fmt: skip
def test_extension_types_are_what_they_are_stored_as(type_: pa.DataType, storage: pa.Array) -> None:
    named = pa.table({"a": pa.ExtensionArray.from_storage(type_, storage)})
    inside = pa.table({"a": pa.ListArray.from_arrays([0, 2], named["a"].combine_chunks())})
    plain = pa.table({"a": pa.ListArray.from_arrays([0, 2], storage)})
    assert table_digest(named) == table_digest(pa.table({"a": storage}))
    assert table_digest(inside) == table_digest(plain)


@pytest.mark.parametrize(
    "text",
    [
        "bool", "uint64", "float16", "decimal(10,2)", "decimal(76,3)", "string", "binary", "date",
        "time", "timestamp[ns]", "timestamp[us, Europe/Berlin]", "timestamp[s, +02:00]",
        "duration[ms]", "list<list<int64>>", "map<string, list<int8>>",
        "struct<a: int64, b: list<string>>", 'struct<"a b": int64>',
    ],
)  # fmt: skip
def test_a_column_type_reads_back_as_it_is_spelled(text: str) -> None:
    assert type_text(arrow_type(text)) == text


@pytest.mark.parametrize("text", ["", "int", "list<int64", "decimal(0,0)", "timestamp[h]", "a b"])
def test_what_is_no_column_type_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a column type"):
        arrow_type(text)
