"""Differences of tables: by key and by position, against a comparison in plain Python."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reprocc.runtime.codecs.table import write_table
from reprocc.runtime.compare.tables import NoKey, TableDifference, compare_tables
from reprocc.runtime.store.backend import Backend, Damaged
from reprocc.runtime.store.memory import MemoryBackend
from reprocc.runtime.store.store import Store

NAN, NONE = float("nan"), None
MAP = pa.map_(pa.string(), pa.int64())


@pytest.fixture(scope="session")
def tables_store(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    """Open a store whose path has what a query must quote."""
    return Store.open(str(tmp_path_factory.mktemp("it's [a] *store?"))).backend


def compare(
    backend: Backend, old: pa.Table, new: pa.Table, *key: str, given: bool = False, limit: int = 10
) -> TableDifference:
    contents = [write_table(backend, table, key=()) for table in (old, new)]
    return compare_tables(backend, *contents, key=key, is_key_given=given, limit=limit)


def counts(found: TableDifference) -> tuple[int, int, int, int]:
    return found.added, found.removed, found.changed, found.same


def test_rows_are_told_apart_by_key(tables_store: Backend) -> None:
    old = pa.table({"id": [3, 1, 2], "x": [0.5, 1.5, 2.5], "s": ["a", "b", "c"]})
    new = pa.table({"id": [1, 2, 4], "x": [1.0, 2.5, 9.0], "s": ["b", "c", "d"]})
    found = compare(tables_store, old, new, "id")
    assert counts(found) == (1, 1, 1, 1)
    (value,) = found.values
    assert (value.column, value.count, value.largest) == ("x", 1, 0.5)
    assert value.largest_relative == pytest.approx(1 / 3)
    assert [(row.change, row.key, row.cells) for row in found.rows] == [
        ("changed", (("id", 1),), (("x", 1.5, 1.0),)),
        ("added", (("id", 4),), ()),
        ("removed", (("id", 3),), ()),
    ]


def test_rows_are_told_apart_by_position_without_a_key(tables_store: Backend) -> None:
    old = pa.table({"x": list(range(3000))})
    new = pa.table({"x": [*range(1500), -1, *range(1501, 3000), 7, 8]})
    found = compare(tables_store, old, new, limit=1)
    assert (counts(found), found.key, found.note) == ((2, 0, 1, 2999), (), None)
    assert [(row.change, row.position, row.cells) for row in found.rows] == [
        ("changed", 1500, (("x", 1500, -1),)),
        ("added", 3000, ()),
    ]


@pytest.mark.parametrize("type_", [pa.float64(), pa.float32(), pa.float16()])
def test_floats_are_compared_as_their_digests_are(
    tables_store: Backend, type_: pa.DataType
) -> None:
    old = pa.array([NAN, 0.0, 1.0, NONE, NONE, math.inf, -0.0], pa.float32()).cast(type_)
    new = pa.array([NAN, -0.0, NAN, NONE, 0.0, 1.0, -0.0], pa.float32()).cast(type_)
    found = compare(tables_store, pa.table({"x": old}), pa.table({"x": new}))
    assert counts(found) == (0, 0, 4, 3)
    assert [row.position for row in found.rows] == [1, 2, 4, 5]
    (value,) = found.values
    assert (value.count, value.largest, value.largest_relative) == (4, None, None)


def test_null_and_nan_are_keys_like_any_other(tables_store: Backend) -> None:
    old = pa.table({"k": [1.0, NONE, NAN], "x": [1, 2, 3]})
    new = pa.table({"k": [NAN, NONE, 1.0], "x": [4, 2, 1]})
    found = compare(tables_store, old, new, "k")
    assert counts(found) == (0, 0, 1, 2)


def test_what_changes_in_the_schema_is_said_and_not_compared(tables_store: Backend) -> None:
    old = pa.table({"id": [1], "gone": [1], "x": [1], "y": [1]})
    new = pa.table({"x": [2.0], "id": [1], "y": [2], "more": [1]})
    found = compare(tables_store, old, new, "id")
    assert [(c.column, c.change, c.old_type, c.new_type) for c in found.columns] == [
        ("gone", "removed", "int64", None),
        ("x", "changed", "int64", "float64"),
        ("more", "added", None, "int64"),
    ]
    assert found.is_reordered
    assert [one.column for one in found.values] == ["y"]


def test_names_that_differ_in_case_or_hold_quotes_are_columns_of_their_own(
    tables_store: Backend,
) -> None:
    names = ("a", "A", 'say "a"', "h", "c0", "it's")
    old = pa.table({name: [1] for name in names})
    new = pa.table({name: [1 + (name == "A")] for name in names})
    found = compare(tables_store, old, new)
    assert [(one.column, one.count) for one in found.values] == [("A", 1)]


def test_a_key_that_cannot_serve_is_refused_where_it_is_given(tables_store: Backend) -> None:
    old, new = pa.table({"id": [1, 1], "x": [1, 2]}), pa.table({"id": [1, 2], "x": [1, 3]})
    found = compare(tables_store, old, new, "id")
    assert (found.key, found.note) == ((), "`id` is not unique in the old table")
    assert counts(found) == (0, 0, 1, 1)
    with pytest.raises(NoKey, match="`id` is not unique in the old table"):
        compare(tables_store, old, new, "id", given=True)
    with pytest.raises(NoKey, match="the key column `no` is not in both tables with one type"):
        compare(tables_store, old, new, "no", given=True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (pa.array([2**63], pa.uint64()), pa.array([0], pa.uint64())),
        (pa.array([b"\xff"]), pa.array([b"\x00"])),
        (pa.array(["a\0b"]), pa.array(["a\0c"])),
        (pa.array([[1.0, None]]), pa.array([[1.0, 2.0]])),
        (pa.array([{"a": 1}]), pa.array([{"a": 2}])),
        (pa.array([[("a", 1)]], MAP), pa.array([[("a", 2)]], MAP)),
        (pa.array([1], pa.timestamp("ns", "UTC")), pa.array([1001], pa.timestamp("ns", "UTC"))),
        (pa.array([1], pa.duration("ns")), pa.array([2], pa.duration("ns"))),
        (pa.array([1], pa.time64("ns")), pa.array([2], pa.time64("ns"))),
        (pa.array([1], pa.date32()), pa.array([2], pa.date32())),
        (pa.array([True]), pa.array([None], pa.bool_())),
    ],
    ids=lambda one: str(one.type),
)
def test_every_type_is_compared_and_shown(
    tables_store: Backend, old: pa.Array, new: pa.Array
) -> None:
    found = compare(tables_store, pa.table({"x": old}), pa.table({"x": new}))
    assert counts(found) == (0, 0, 1, 0)
    ((name, one, other),) = found.rows[0].cells
    assert name == "x"
    assert isinstance(one, None | bool | int | float | str)
    assert one != other or "timestamp" in str(old.type), "shown to the microsecond"


def test_tables_without_rows_or_columns_have_differences(tables_store: Backend) -> None:
    some, none = pa.table({"x": [1, 2]}), pa.table({"x": pa.array([], pa.int64())})
    assert counts(compare(tables_store, none, some)) == (2, 0, 0, 0)
    assert counts(compare(tables_store, some, none, "x")) == (0, 2, 0, 0)
    assert counts(compare(tables_store, some, pa.table({}))) == (0, 2, 0, 0)


def test_a_store_elsewhere_is_compared_as_well() -> None:
    backend = MemoryBackend("compare-elsewhere")
    found = compare(backend, pa.table({"x": [1, 2]}), pa.table({"x": [1, 3]}))
    assert counts(found) == (0, 0, 1, 1)


def test_a_damaged_part_is_never_compared(tmp_path: Path) -> None:
    backend = Store.open(str(tmp_path / "store")).backend
    old = write_table(backend, pa.table({"x": [1]}), key=())
    new = write_table(backend, pa.table({"x": [2]}), key=())
    path = backend.path(f"objects/sha256/{new.parts[0].sha256[:2]}/{new.parts[0].sha256}")
    assert path is not None
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    with pytest.raises(Damaged):
        compare_tables(backend, old, new, key=(), is_key_given=False, limit=1)


ROWS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, 6)),
        st.one_of(st.none(), st.sampled_from([0.0, -0.0, 1.0, NAN, math.inf])),
        st.sampled_from(["", "a"]),
    ),
    max_size=6,
)


def table_of(rows: list[tuple[Any, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    types = (pa.int64(), pa.float64(), pa.string())
    return pa.table({n: pa.array(c, t) for n, c, t in zip("kxs", columns, types, strict=True)})


@settings(max_examples=40)
@given(ROWS, ROWS, st.booleans())
def test_counts_are_those_of_a_plain_comparison(
    old: list[tuple[Any, ...]], new: list[tuple[Any, ...]], by_key: bool
) -> None:
    backend = MemoryBackend("compare-drawn")
    found = compare(backend, table_of(old), table_of(new), *(("k",) if by_key else ()))
    keys = [Counter(row[0] for row in rows) for rows in (old, new)]
    if by_key and all(count == 1 for each in keys for count in each.values()):
        before, after = ({row[0]: repr(row) for row in rows} for rows in (old, new))
    else:
        assert found.key == ()
        before, after = (dict(enumerate(map(repr, rows))) for rows in (old, new))
    both = before.keys() & after.keys()
    changed = sum(before[key] != after[key] for key in both)
    assert counts(found) == (
        *(len(after.keys() - both), len(before.keys() - both), changed, len(both) - changed),
    )
