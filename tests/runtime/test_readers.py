"""Source files as tables: declared types, null spellings, and errors that name the place."""

from __future__ import annotations

import datetime
import decimal
import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprocc.runtime.codecs.conform import Unfit, conform
from reprocc.runtime.codecs.readers import read_files
from reprocc.runtime.codecs.types import arrow_type, type_text
from reprocc.runtime.sources.files import IngestError, SourceFile, source_files


def source(path: Path, data: bytes) -> SourceFile:
    path.write_bytes(data)
    return SourceFile(path=path, name=path.name)


def read_csv(folder: Path, text: str, **columns: str) -> pa.Table:
    file = source(folder / "t.csv", text.encode())
    return read_files([file], format="csv", columns=list(columns.items()))


def read_jsonl(folder: Path, *lines: str, **columns: str) -> pa.Table:
    file = source(folder / "t.jsonl", "\n".join(lines).encode())
    return read_files([file], format="jsonl", columns=list(columns.items()))


def types(table: pa.Table) -> dict[str, str]:
    return {field.name: type_text(field.type) for field in table.schema}


def test_undeclared_csv_columns_get_the_type_that_fits_all_values(tmp_path: Path) -> None:
    text = "i,f,s,b,d,t,n\n1,1,1,true,2026-01-01,2026-01-01 10:00,\n2,1.5,x,false,2026-01-02,,\n"
    table = read_csv(tmp_path, text)
    assert types(table) == {
        "i": "int64", "f": "float64", "s": "string", "b": "bool", "d": "date",
        "t": "timestamp[s]", "n": "string",
    }  # fmt: skip


def test_the_last_of_many_rows_still_decides_an_inferred_type(tmp_path: Path) -> None:
    text = "a\n" + "1\n" * 1_500_000 + "x\n"
    table = read_csv(tmp_path, text)
    assert types(table) == {"a": "string"}
    assert table.num_rows == 1_500_001


def test_text_becomes_every_declared_type(tmp_path: Path) -> None:
    columns = {
        "bool": (" TRUE ", True), "int8": ("-5", -5), "uint64": (str(2**64 - 1), 2**64 - 1),
        "float16": ("1.5", 1.5), "float64": (" 1e3 ", 1000.0), "string": (" x ", " x "),
        "decimal(10,2)": ("1.5", decimal.Decimal("1.50")), "binary": ("ä", "ä".encode()),
        "date": ("2026-01-02", datetime.date(2026, 1, 2)),
        "time": ("12:30:01.5", datetime.time(12, 30, 1, 500000)),
        "timestamp[us]": ("2026-01-02 03:04:05", datetime.datetime(2026, 1, 2, 3, 4, 5)),
        "timestamp[ms, UTC]": (
            "2026-01-02T03:04:05+01:00",
            datetime.datetime(2026, 1, 2, 2, 4, 5, tzinfo=datetime.UTC),
        ),
        "duration[s]": ("90", datetime.timedelta(seconds=90)),
    }  # fmt: skip
    names = [f"c{index}" for index in range(len(columns))]
    text = ",".join(names) + "\n" + ",".join(text for text, _ in columns.values()) + "\n"
    table = read_csv(tmp_path, text, **dict(zip(names, columns, strict=True)))
    assert list(types(table).values()) == list(columns)
    assert list(table.to_pylist()[0].values()) == [value for _, value in columns.values()]


@pytest.mark.parametrize("spelling", ["", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "#N/A"])
def test_unquoted_null_spellings_are_null_and_quoted_ones_are_text(
    tmp_path: Path, spelling: str
) -> None:
    text = f'i,s,q\n{spelling},{spelling},"{spelling}"\n1,x,y\n'
    table = read_csv(tmp_path, text, i="int64", s="string", q="string")
    assert table.to_pylist()[0] == {"i": None, "s": None, "q": spelling}
    assert read_csv(tmp_path, text).to_pylist()[0] == {"i": None, "s": None, "q": spelling}


@pytest.mark.parametrize(
    ("text", "type_", "line", "value"),
    [
        ("a,b\n1,2\n3,x\n", "int64", 3, "x"),
        ('a,b\n"two\nlines",1\n\n1,1.5\n', "int64", 5, "1.5"),
        ("a,b\n1,300\n", "uint8", 2, "300"),
        ("a,b\n1,1.234\n", "decimal(10,2)", 2, "1.234"),
        ("a,b\n1,2026-13-01\n", "date", 2, "2026-13-01"),
        ("a,b\n1,25:00\n", "time", 2, "25:00"),
        ("a,b\n1,2026-01-01T00:00:00Z\n", "timestamp[us]", 2, "2026-01-01T00:00:00Z"),
        ("a,b\n1,2026-01-01T00:00:00\n", "timestamp[us, UTC]", 2, "2026-01-01T00:00:00"),
        ("a,b\n1,yes\n", "bool", 2, "yes"),
    ],
)
def test_a_csv_value_that_is_none_of_its_type_is_named_with_its_line(
    tmp_path: Path, text: str, type_: str, line: int, value: str
) -> None:
    with pytest.raises(IngestError) as caught:
        read_csv(tmp_path, text, b=type_)
    error = caught.value
    assert error.message == f"line {line} of `t.csv`: `b` is `{value}`, which is no `{type_}`"
    assert error.place == f"t.csv:{line}"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "`t.csv` is empty"),
        (b"\n\n", "`t.csv` is empty"),
        (b"a,b,a\n1,2,3\n", "`t.csv` has two columns called `a`"),
        (b"a,b\n1,2\n3\n", "line 3 of `t.csv` has 1 field, but the header 2"),
        (b"a\n1\n\xe9\n", "line 3 of `t.csv` is not UTF-8"),
        ("a\n1\n".encode("utf-16"), "line 1 of `t.csv` is not UTF-8"),
    ],
)
def test_what_is_no_csv_file_is_refused_with_the_reason(
    tmp_path: Path, data: bytes, message: str
) -> None:
    with pytest.raises(IngestError) as caught:
        read_files([source(tmp_path / "t.csv", data)], format="csv", columns=[])
    assert caught.value.message == message


@pytest.mark.parametrize("text", ["a,b\n", "a,b", "\ufeffa,b\r\n"])
def test_a_header_alone_is_a_table_without_rows(tmp_path: Path, text: str) -> None:
    table = read_csv(tmp_path, text, a="int64")
    assert types(table) == {"a": "int64", "b": "string"}
    assert table.num_rows == 0


def test_a_declared_column_that_is_missing_is_left_to_the_contract(tmp_path: Path) -> None:
    assert read_csv(tmp_path, "a\n1\n", z="int64").column_names == ["a"]
    assert read_jsonl(tmp_path, '{"a": 1}', z="int64").column_names == ["a"]


def test_compressed_files_are_read_by_their_last_suffix(tmp_path: Path) -> None:
    file = source(tmp_path / "t.csv.gz", gzip.compress(b"a\n1\n"))
    assert read_files([file], format="csv", columns=[]).to_pydict() == {"a": [1]}
    broken = source(tmp_path / "u.csv.gz", b"a\n1\n")
    with pytest.raises(IngestError, match=r"`u\.csv\.gz` is not a gzip file"):
        read_files([broken], format="csv", columns=[])


def test_tabs_separate_in_a_tsv_file(tmp_path: Path) -> None:
    file = source(tmp_path / "t.tsv", b"a\tb\n1,5\tx\n")
    table = read_files([file], format="csv", columns=[])
    assert table.to_pydict() == {"a": ["1,5"], "b": ["x"]}


def test_json_lines_keep_the_order_of_their_names(tmp_path: Path) -> None:
    table = read_jsonl(
        tmp_path, '{"z": 1, "a": "x"}', "", '{"a": "y", "m": [1], "z": 1.5}', a="string"
    )
    assert table.to_pydict() == {"z": [1.0, 1.5], "a": ["x", "y"], "m": [None, [1]]}


def test_json_values_become_every_declared_type(tmp_path: Path) -> None:
    columns: dict[str, tuple[Any, Any]] = {
        "bool": (True, True), "int8": (5, 5), "float16": (1.5, 1.5), "float32": (2, 2.0),
        "decimal(10,2)": (1.25, decimal.Decimal("1.25")), "string": ("1", "1"),
        "date": ("2026-01-02", datetime.date(2026, 1, 2)),
        "time": ("12:30:00", datetime.time(12, 30)),
        "timestamp[us]": ("2026-01-02T03:04:05", datetime.datetime(2026, 1, 2, 3, 4, 5)),
        "timestamp[us, UTC]": (
            "2026-01-02T03:04:05Z",
            datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC),
        ),
        "duration[s]": (90, datetime.timedelta(seconds=90)),
        "list<int16>": ([1, None], [1, None]),
        "struct<a: int64, b: string>": ({"a": 1, "b": "x"}, {"a": 1, "b": "x"}),
    }  # fmt: skip
    names = [f"c{index}" for index in range(len(columns))]
    row = dict(zip(names, (value for value, _ in columns.values()), strict=True))
    table = read_jsonl(
        tmp_path, json.dumps(row), json.dumps(dict.fromkeys(names)),
        **dict(zip(names, columns, strict=True)),
    )  # fmt: skip
    assert list(types(table).values()) == list(columns)
    assert list(table.to_pylist()[0].values()) == [value for _, value in columns.values()]
    assert set(table.to_pylist()[1].values()) == {None}


@pytest.mark.parametrize(
    ("lines", "columns", "message"),
    [
        (['{"a": 1}', "", '{"a": "x"}'], {"a": "int64"},
         'line 3 of `t.jsonl`: `a` is `"x"`, which is no `int64`'),
        (['{"a": 1.5}'], {"a": "int64"}, "line 1 of `t.jsonl`: `a` is `1.5`, which is no `int64`"),
        (['{"a": 1}'], {"a": "string"}, "line 1 of `t.jsonl`: `a` is `1`, which is no `string`"),
        (['{"a": "2026-01-01"}', '{"a": "x"}'], {"a": "date"},
         "line 2 of `t.jsonl`: `a` is `x`, which is no `date`"),
        (['{"a": 1}', '{"a": "x"}'], {},
         "line 2 of `t.jsonl`: `a` is text, before it was a number"),
        (['{"a": 1}', '{"a":'], {}, "line 2 of `t.jsonl` is not a JSON object"),
        (["[1]"], {}, "line 1 of `t.jsonl` is not a JSON object"),
    ],
)  # fmt: skip
def test_a_json_line_that_cannot_be_read_is_named(
    tmp_path: Path, lines: list[str], columns: dict[str, str], message: str
) -> None:
    with pytest.raises(IngestError) as caught:
        read_jsonl(tmp_path, *lines, **columns)
    assert caught.value.message == message


def test_a_file_of_json_lines_may_be_empty(tmp_path: Path) -> None:
    assert read_jsonl(tmp_path, "").shape == (0, 0)


@pytest.mark.parametrize("form", ["parquet", "arrow", "stream"])
def test_text_in_typed_files_becomes_the_declared_type(tmp_path: Path, form: str) -> None:
    table = pa.table({"a": ["1", None], "b": pa.array([1, 2], pa.int32()), "c": [0.5, 1.0]})
    path = tmp_path / "t"
    if form == "parquet":
        pq.write_table(table, path)
    else:
        opened = pa.ipc.new_file if form == "arrow" else pa.ipc.new_stream
        with opened(str(path), table.schema) as writer:
            writer.write_table(table)
    file = SourceFile(path=path, name="t")
    declared = [("a", "int64"), ("b", "int64"), ("c", "int64")]
    found = read_files([file], format="parquet" if form == "parquet" else "arrow", columns=declared)
    assert types(found) == {"a": "int64", "b": "int64", "c": "float64"}
    with pytest.raises(IngestError) as caught:
        read_files([file], format="parquet" if form == "parquet" else "arrow",
                   columns=[("b", "decimal(2,2)")])  # fmt: skip
    assert caught.value.message == "row 1 of `t`: `b` is `1`, which is no `decimal(2,2)`"


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_a_file_that_is_not_what_its_format_says_is_refused(tmp_path: Path, form: str) -> None:
    file = source(tmp_path / "t.x", b"a,b\n1,2\n")
    with pytest.raises(IngestError, match=r"`t\.x` is not an? (Parquet|Arrow IPC) file"):
        read_files([file], format=form, columns=[])


def test_several_files_stand_below_each_other_in_the_order_of_the_first_ones_columns(
    tmp_path: Path,
) -> None:
    one, two = (
        source(tmp_path / "1.csv", b"a,b\n1,x\n"),
        source(tmp_path / "2.csv", b"b,a\ny,1.5\n"),
    )
    table = read_files([one, two], format="csv", columns=[])
    assert table.to_pydict() == {"a": [1.0, 1.5], "b": ["x", "y"]}


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (b"a\n1\n", "`2.csv` has no column `b`, but `1.csv` has"),
        (b"a,b,c\n1,x,2\n", "`1.csv` has no column `c`, but `2.csv` has"),
        (b"a,b\nx,x\n", "`a` is `int64` in `1.csv`, but `string` in `2.csv`"),
    ],
)
def test_files_that_do_not_go_together_are_refused(
    tmp_path: Path, second: bytes, message: str
) -> None:
    files = [source(tmp_path / "1.csv", b"a,b\n1,x\n"), source(tmp_path / "2.csv", second)]
    with pytest.raises(IngestError) as caught:
        read_files(files, format="csv", columns=[])
    assert caught.value.message == message


@given(st.lists(st.one_of(st.none(), st.text("01a ", max_size=3)), max_size=40))
def test_the_first_value_that_does_not_convert_is_found(values: list[str | None]) -> None:
    def is_fit(value: str | None) -> bool:
        return value is None or (value.strip(" ").isdecimal())

    column = pa.chunked_array([pa.array(values, pa.string())])
    first = next((i for i, value in enumerate(values) if not is_fit(value)), None)
    if first is None:
        found = conform(column, arrow_type("int64"))
        assert found.to_pylist() == [None if v is None else int(v) for v in values]
    else:
        with pytest.raises(Unfit) as caught:
            conform(column, arrow_type("int64"))
        assert (caught.value.row, caught.value.text) == (first, values[first])


def test_what_would_lose_something_is_never_converted() -> None:
    for values, want in (
        (pa.array([2**53 + 1]), "float64"),
        (pa.array([300]), "uint8"),
        (pa.array([1500], pa.timestamp("ms")), "timestamp[s]"),
    ):
        with pytest.raises(Unfit):
            conform(pa.chunked_array([values]), arrow_type(want))
    narrow = conform(pa.chunked_array([pa.array([0.1])]), arrow_type("float32"))
    assert narrow.type == pa.float64()


def test_a_folder_gives_its_files_of_the_format_sorted_and_hidden_ones_not(
    tmp_path: Path,
) -> None:
    for name in ("b.csv", "a/z.csv", "a.csv", ".hidden.csv", "notes.txt", "c.csv.gz"):
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / name).write_bytes(b"")
    found = source_files(tmp_path, "data", suffixes=(".csv",))
    assert [file.name for file in found] == [
        "data/a/z.csv", "data/a.csv", "data/b.csv", "data/c.csv.gz"
    ]  # fmt: skip
    found = source_files(tmp_path, "data/*.csv", suffixes=(".csv",))
    assert [file.name for file in found] == ["data/a.csv", "data/b.csv"]
    assert [f.name for f in source_files(tmp_path, "data/b.csv", suffixes=())] == ["data/b.csv"]


def test_a_file_whose_name_looks_like_a_pattern_is_itself(tmp_path: Path) -> None:
    (tmp_path / "a[1].csv").write_bytes(b"")
    (tmp_path / "a1.csv").write_bytes(b"")
    found = source_files(tmp_path, "a[1].csv", suffixes=(".csv",))
    assert [file.name for file in found] == ["a[1].csv"]


def test_patterns_may_lead_upward_or_be_absolute(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "spec").mkdir()
    (tmp_path / "data" / "a.csv").write_bytes(b"")
    for location in ("../data/*.csv", f"{tmp_path}/data/*.csv", "../*/a.csv"):
        (found,) = source_files(tmp_path / "spec", location, suffixes=(".csv",))
        assert found.path.samefile(tmp_path / "data" / "a.csv")


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("missing.csv", "there is no `missing.csv`"),
        ("*.nothing", "no file matches `*.nothing`"),
        ("empty", "the folder `empty` holds no file that ends in `.csv` or `.tsv`"),
    ],
)
def test_a_location_that_names_nothing_is_refused(
    tmp_path: Path, location: str, message: str
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(IngestError) as caught:
        source_files(tmp_path, location, suffixes=(".csv", ".tsv"))
    assert caught.value.message == message
