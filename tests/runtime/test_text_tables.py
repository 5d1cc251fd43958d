"""Tables as CSV files and JSON lines: what they look like, and that they read back."""

from __future__ import annotations

import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from drawn_tables import tables
from hypothesis import given

from reprocc.compiler.plan import FileForm
from reprocc.runtime.codecs.plain import plain_table
from reprocc.runtime.codecs.readers import read_files
from reprocc.runtime.codecs.table_file import write_table_file
from reprocc.runtime.codecs.types import type_text
from reprocc.runtime.codecs.unstorable import Unstorable
from reprocc.runtime.digest import table_digest
from reprocc.runtime.sources.files import SourceFile

EVERY = pa.table(
    {
        "i": pa.array([1, None, -3], pa.int16()),
        "f": [1.0, 0.1, float("nan")],
        "g": pa.array([1e20, 0.1, -0.0], pa.float32()),
        "h": pa.array([0.1, float("-inf"), None], pa.float16()),
        "s": ['a,"b"', None, "NA"],
        "b": [True, None, False],
        "d": [date(2026, 1, 31), None, None],
        "t": pa.array([0, 1_500_000, None], pa.timestamp("us")),
        "w": pa.array([0, 86_400_000_000, None], pa.timestamp("us")),
        "z": pa.array([0, 1, None], pa.timestamp("s", "Europe/Berlin")),
        "m": pa.array([34_200_000_000_000, None, None], pa.time64("ns")),
        "x": pa.array([90, None, None], pa.duration("s")),
        "c": [Decimal("1.50"), None, Decimal("-0.01")],
    }
)


def written(table: pa.Table, form: FileForm) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table")
        write_table_file(table, path, form=form)
        return path.read_bytes()


def test_values_are_spelled_in_csv_as_said() -> None:
    assert written(EVERY, "csv").decode().splitlines() == [
        "i,f,g,h,s,b,d,t,w,z,m,x,c",
        '1,1.0,1e+20,0.1,"a,""b""",true,2026-01-31,1970-01-01T00:00:00.000000,'
        "1970-01-01T00:00:00,1970-01-01T00:00:00Z,09:30:00,90,1.50",
        ",0.1,0.1,-inf,,,,1970-01-01T00:00:01.500000,1970-01-02T00:00:00,1970-01-01T00:00:01Z,,,",
        '-3,nan,-0.0,,"NA",false,,,,,,,-0.01',
    ]


def test_values_are_spelled_in_json_lines_as_said() -> None:
    table = EVERY.select(["i", "f", "g", "s", "b", "z", "x", "c"]).append_column(
        "l", pa.array([[{"a": 1.5}], [], None])
    )
    assert written(table, "jsonl").decode().splitlines() == [
        '{"i": 1, "f": 1.0, "g": 1e+20, "s": "a,\\"b\\"", "b": true, '
        '"z": "1970-01-01T00:00:00Z", "x": 90, "c": "1.50", "l": [{"a": 1.5}]}',
        '{"i": null, "f": 0.1, "g": 0.1, "s": null, "b": null, '
        '"z": "1970-01-01T00:00:01Z", "x": null, "c": null, "l": []}',
        '{"i": -3, "f": null, "g": -0.0, "s": "NA", "b": false, '
        '"z": null, "x": null, "c": "-0.01", "l": null}',
    ]


def test_a_table_of_one_column_keeps_its_rows_and_one_without_columns_is_empty() -> None:
    assert written(pa.table({"s": ["a", None, ""]}), "csv") == b's\na\n""\n""\n'
    assert written(pa.table({"s": pa.array([], pa.int64())}), "csv") == b"s\n"
    assert written(pa.table({}), "csv") == b""


TEXTUAL = ("integers", "floats", "texts", "booleans", "dates", "times", "moments")


@given(tables(TEXTUAL))
def test_csv_reads_back_as_what_was_written(table: pa.Table) -> None:
    assert table_digest(read_back(table, "csv")) == table_digest(without_nan(table))


@given(tables(("integers", "texts", "booleans", "dates", "moments")))
def test_json_lines_read_back_as_what_was_written(table: pa.Table) -> None:
    if table.num_rows:
        assert table_digest(read_back(table, "jsonl")) == table_digest(plain_table(table))


def without_nan(table: pa.Table) -> pa.Table:
    """What spells NaN is read as null."""
    values = [None if each != each else each for each in table["floats"].to_pylist()]
    return plain_table(table.set_column(1, "floats", pa.array(values, pa.float64())))


def read_back(table: pa.Table, form: FileForm) -> pa.Table:
    columns = [(field.name, type_text(field.type)) for field in table.schema]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table")
        write_table_file(table, path, form=form)
        return read_files([SourceFile(path=path, name="table")], format=form, columns=columns)


@given(tables())
def test_layouts_of_equal_rows_give_equal_bytes(table: pa.Table) -> None:
    pieces = [table.slice(start, 3) for start in range(0, table.num_rows, 3)]
    cut = pa.concat_tables([table.schema.empty_table(), *pieces])
    assert written(cut, "parquet") == written(table, "parquet")
    textual = table.select(list(TEXTUAL))
    assert written(cut.select(list(TEXTUAL)), "csv") == written(textual, "csv")


@pytest.mark.parametrize(
    ("form", "column"),
    [
        ("csv", pa.array([[1]])),
        ("csv", pa.array([b"a"])),
        ("csv", pa.array([{"a": 1}])),
        ("jsonl", pa.array([b"a"])),
        ("jsonl", pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64()))),
        ("jsonl", pa.array([[date(2026, 1, 1)]])),
    ],
)
def test_what_a_form_cannot_hold_is_refused(form: FileForm, column: pa.Array) -> None:
    with pytest.raises(Unstorable, match=r"column `x` is .*, which (text|JSON) cannot hold"):
        written(pa.table({"x": column}), form)
