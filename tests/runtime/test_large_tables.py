"""Tables that are too large for memory are what they would be in memory."""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reprocc.runtime.codecs import readers, table
from reprocc.runtime.codecs.readers import read_files
from reprocc.runtime.codecs.table import settled_table, write_settled, write_table
from reprocc.runtime.digest import table_digest
from reprocc.runtime.sources.files import IngestError, SourceFile
from reprocc.runtime.store.memory import MemoryBackend

ROWS = 300_000


@pytest.fixture
def file(tmp_path: Path) -> SourceFile:
    values = pa.array([str(n) for n in range(ROWS)])
    found = pa.table({"n": values, "s": values.dictionary_encode(), "x": pa.array([None] * ROWS)})
    pq.write_table(found, tmp_path / "t.parquet", row_group_size=70_000)
    return SourceFile(path=tmp_path / "t.parquet", name="t.parquet")


@pytest.fixture
def _everything_is_large(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(readers, "LARGE", 0)
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))


COLUMNS = [("n", "int64"), ("x", "float64")]


@pytest.mark.usefixtures("_everything_is_large")
def test_a_large_file_is_read_as_a_small_one_is(
    file: SourceFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = pa.total_allocated_bytes()
    large = read_files([file, file], format="parquet", columns=COLUMNS)
    assert pa.total_allocated_bytes() - before < large.nbytes // 10
    assert list((tmp_path / "scratch").iterdir()) == []
    monkeypatch.undo()
    small = read_files([file, file], format="parquet", columns=COLUMNS)
    assert large.schema == small.schema
    assert table_digest(large) == table_digest(small)


@pytest.mark.usefixtures("_everything_is_large")
def test_a_value_far_into_a_large_file_is_named_by_its_row(
    file: SourceFile, tmp_path: Path
) -> None:
    found = pq.read_table(file.path)
    words = found.column("n").to_pylist()
    words[250_000] = "many"
    pq.write_table(found.set_column(0, "n", pa.array(words)), file.path)
    with pytest.raises(IngestError, match=r"row 250001 of `t\.parquet`: `n` is `many`"):
        read_files([file], format="parquet", columns=COLUMNS)
    assert list((tmp_path / "scratch").iterdir()) == []


@pytest.mark.usefixtures("_everything_is_large")
def test_a_large_file_without_rows_is_a_table_without_rows(file: SourceFile) -> None:
    pq.write_table(pq.read_table(file.path).slice(0, 0), file.path)
    found = read_files([file], format="parquet", columns=COLUMNS)
    assert (found.num_rows, found.schema.field("n").type) == (0, pa.int64())


@pytest.mark.parametrize("key", [(), ("s",), ("x", "s")])
def test_a_large_table_is_settled_as_a_small_one_is(
    key: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = pa.array([f"{n % 977:03}" for n in range(ROWS)]).dictionary_encode()
    odd = pa.array([float("nan"), None, -0.0, 1.0] * (ROWS // 4))
    parts = pa.table({"s": words, "x": odd, "n": range(ROWS)})
    given = pa.concat_tables([parts.slice(0, 7), parts.slice(7)])
    small = settled_table(given, key=key)
    monkeypatch.setattr(table, "LARGE", 0)
    before = pa.total_allocated_bytes()
    large = settled_table(given, key=key)
    assert pa.total_allocated_bytes() - before < large.nbytes // 10
    assert large.schema == small.schema
    assert table_digest(large) == table_digest(small)
    backend = MemoryBackend(secrets.token_hex(8))
    assert write_settled(backend, large, key=key) == write_table(backend, given, key=key)
