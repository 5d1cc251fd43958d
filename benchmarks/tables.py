"""Tables and checkpoints: what it costs to keep them, and what a second version adds."""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from ..runtime.codecs.files import lay_tree, put_tree
from ..runtime.codecs.table import read_table, write_table
from ..runtime.content import Content
from ..runtime.store.backend import Backend
from ..runtime.store.local import LocalBackend
from ..runtime.store.together import together
from .figures import Cell, Table

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")

_ROW = 64
"""About what a row of `_table` takes in memory, in bytes."""
_JUDGED = 1 << 30
"""Bytes from which the bounds are about more than the cost of a call."""
_SCATTERED = "update 1 % of the rows, scattered"
_COLUMNS = ("", "plain, s", "reprocc, s", "ratio", "plain, CPU s", "reprocc, CPU s")


def measure_tables(folder: Path, *, size: int, files: int, repeats: int) -> Iterator[Table]:
    """Yield the figures: a table and a checkpoint of `size` bytes, a folder of `files` files."""
    yield _measure_table(folder / "table", size, repeats)
    yield _measure_checkpoint(folder / "checkpoint", size, repeats)
    yield _measure_folder(folder / "folder", files, repeats)
    yield _measure_versions(folder / "versions", size)


class _Laps:
    """Wall and CPU seconds of one thing that this process does again and again."""

    def __init__(self) -> None:
        self._laps: list[tuple[float, float]] = []

    def time(
        self, act: Callable[_Given, _Result], *given: _Given.args, **named: _Given.kwargs
    ) -> _Result:
        """Do it once more and return what it gives."""
        # What others left to be written must not be waited for here.
        os.sync()
        cpu, began = _cpu(), time.perf_counter()
        found = act(*given, **named)
        self._laps.append((time.perf_counter() - began, _cpu() - cpu))
        return found

    @property
    def median(self) -> tuple[float, float]:
        """Wall and CPU seconds of the lap whose wall time is the median."""
        return sorted(self._laps)[len(self._laps) // 2]


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _row(name: str, plain: _Laps, ours: _Laps) -> tuple[Cell, ...]:
    (one, one_cpu), (other, other_cpu) = plain.median, ours.median
    return (name, one, other, other / one, one_cpu, other_cpu)


def _holds(size: int, figures: list[Cell], bound: float) -> bool | None:
    """Say whether no figure is above the bound; None for sizes that it is not about."""
    if size < _JUDGED:
        return None
    return all(isinstance(figure, float) and figure <= bound for figure in figures)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _measure_table(folder: Path, size: int, repeats: int) -> Table:
    folder.mkdir()
    table, file = _table(size), folder / "plain.parquet"
    writes, publishes, plain_reads, reads = _Laps(), _Laps(), _Laps(), _Laps()
    kept = 0
    for number in range(repeats):
        backend = LocalBackend(folder / f"store{number}")
        writes.time(_write_plainly, table, file)
        content = publishes.time(_publish, backend, table)
        plain_reads.time(_read_plainly, file)
        reads.time(read_table, backend, content)
        kept = content.size
        shutil.rmtree(folder / f"store{number}")
    plain = file.stat().st_size
    shutil.rmtree(folder)
    rows = (_row("publish", writes, publishes), _row("read", plain_reads, reads))
    return Table(
        title=f"A table of {_mib(size)}, beside pyarrow and sha256",
        columns=_COLUMNS,
        rows=rows,
        notes=(
            "plain: `pyarrow.parquet.write_table` into one file, then its sha256; the sha256 again,"
            " then `read_table`; nothing is flushed to the disk",
            "reprocc: logical digest, parts, their sha256, flushed; each part verified when read",
            f"{_mib(table.nbytes)} in memory, {_mib(plain)} plain, {_mib(kept)} in the store",
        ),
        bound="publishing and reading take at most 1.3 times as long",
        holds=_holds(size, [row[3] for row in rows], 1.3),
    )


def _write_plainly(table: Any, file: Path) -> str:
    import pyarrow.parquet as pq

    pq.write_table(table, file)
    return _sha256(file)


def _read_plainly(file: Path) -> Any:
    import pyarrow.parquet as pq

    _sha256(file)
    return pq.read_table(file)


def _publish(backend: Backend, table: Any) -> Content:
    with together(backend):
        return write_table(backend, table, key=())


def _measure_checkpoint(folder: Path, size: int, repeats: int) -> Table:
    folder.mkdir()
    block = os.urandom(1 << 20)
    with (folder / "model").open("wb") as file:
        for number in range(size >> 20):
            file.write(number.to_bytes(8, "little") + block[8:])
    rows = _stored_and_restored(folder, folder / "model", repeats)
    return Table(
        title=f"A checkpoint of {_mib(size)} in one file, beside cp and sha256",
        columns=_COLUMNS,
        rows=rows,
        notes=("plain: the file is copied, the copy hashed; nothing is flushed to the disk",),
        bound="storing and restoring take at most 1.5 times as long",
        holds=_holds(size, [row[3] for row in rows], 1.5),
    )


def _measure_folder(folder: Path, files: int, repeats: int) -> Table:
    folder.mkdir()
    block = os.urandom(4096)
    for number in range(files):
        path = folder / "many" / f"{number // 100:03}" / f"{number:05}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(number.to_bytes(8, "little") + block[8:])
    return Table(
        title=f"A folder of {files:,} files of 4 KiB, beside cp and sha256",
        columns=_COLUMNS,
        rows=_stored_and_restored(folder, folder / "many", repeats),
        notes=(
            "plain: the tree is copied, each copy hashed; nothing is flushed to the disk",
            "reprocc: each file is flushed before it has its name",
        ),
    )


def _stored_and_restored(folder: Path, path: Path, repeats: int) -> tuple[tuple[Cell, ...], ...]:
    """Measure for a file or folder, and remove what is there in the end."""
    copies, puts, lays = _Laps(), _Laps(), _Laps()
    for number in range(repeats):
        backend = LocalBackend(folder / f"store{number}")
        copies.time(_copy_and_hash, path, folder / "copy")
        content = puts.time(_put, backend, path)
        lays.time(lay_tree, backend, content, folder / "laid")
        for name in ("copy", "laid", f"store{number}"):
            _remove(folder / name)
    _remove(folder)
    return _row("store", copies, puts), _row("restore", copies, lays)


def _put(backend: Backend, path: Path) -> Content:
    with together(backend):
        return put_tree(backend, path, kind="checkpoint", suffix="")


def _copy_and_hash(source: Path, copy: Path) -> None:
    if source.is_file():
        shutil.copyfile(source, copy)
        _sha256(copy)
        return
    shutil.copytree(source, copy)
    for path in copy.rglob("*"):
        if path.is_file():
            _sha256(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _measure_versions(folder: Path, size: int) -> Table:
    table = _table(size)
    rows = list(_added(folder, table))
    judged = [row[1] for row in rows if row[0] != _SCATTERED]
    return Table(
        title=f"What a second version of a table of {_mib(size)} adds to the store",
        columns=("change", "with a key, % of its bytes", "without"),
        rows=tuple(rows),
        notes=(
            "insert, delete and update change 1 % of the rows in one place in the middle",
            "updates that are scattered over all rows change every part, with any boundaries",
        ),
        bound="with a key, a change in one place adds at most 10 % of the bytes",
        holds=_holds(size, judged, 10.0),
    )


def _added(folder: Path, table: Any) -> Iterator[tuple[Cell, ...]]:
    """Yield for each change the bytes added with a key and without, in percent of the version."""
    backends = {key: LocalBackend(folder / "-".join(("store", *key))) for key in (("id",), ())}
    known = {
        key: {part.sha256 for part in write_table(backend, table, key=key).parts}
        for key, backend in backends.items()
    }
    for name, changed in _changes(table):
        cells: list[Cell] = [name]
        for key, backend in backends.items():
            content = write_table(backend, changed, key=key)
            added = sum(part.size for part in content.parts if part.sha256 not in known[key])
            cells.append(100 * added / content.size)
        yield tuple(cells)
    shutil.rmtree(folder)


def _changes(table: Any) -> Iterator[tuple[str, Any]]:
    """Yield the table with 1 % of its rows appended, inserted, deleted, and updated."""
    import numpy
    import pyarrow as pa

    rows, few = table.num_rows, table.num_rows // 100
    middle = rows // 2
    before, after = table.slice(0, middle), table.slice(middle)
    ids = table.column("id").to_numpy()
    yield "append 1 %", pa.concat_tables([table, _rows(ids[-1] + 2 + 2 * numpy.arange(few))])
    # Keys count by twos, so there is room for others between them.
    inserted = _rows(ids[middle] - 1 + 2 * numpy.arange(few))
    both = pa.concat_tables([before, inserted, after]).sort_by("id")
    yield "insert 1 % in one place", both
    yield "delete 1 % in one place", pa.concat_tables([before, after.slice(few)])
    updated = _rows(ids[middle : middle + few])
    yield "update 1 % in one place", pa.concat_tables([before, updated, after.slice(few)])
    price = table.column("price").to_numpy() + (numpy.arange(rows) % 100 == 0)
    index = table.column_names.index("price")
    yield _SCATTERED, table.set_column(index, "price", pa.array(price))


def _table(size: int) -> Any:
    """Return about `size` bytes of a table, rows by a key, as a day's measurements might be."""
    import numpy

    return _rows(2 * numpy.arange(max(1000, size // _ROW)))


def _rows(ids: Any) -> Any:
    """Return a row for each key: moments, measurements, counts, prices, kinds, names."""
    import numpy
    import pyarrow as pa
    import pyarrow.compute as pc

    random, count = numpy.random.default_rng(len(ids)), len(ids)
    moments = ids * 1_000_003 + random.integers(0, 1_000_000, count)
    kinds = pa.array(["bus", "tram", "train"]).take(pa.array(random.integers(0, 3, count)))
    numbers = pa.array(random.integers(10**7, 10**8, count)).cast(pa.string())
    return pa.table(
        {
            "id": ids,
            "moment": pa.array(moments).cast(pa.timestamp("us")),
            "value": random.normal(size=count),
            "error": random.normal(size=count).astype("float32"),
            "count": random.integers(0, 1000, count),
            "price": random.gamma(2, 20, count).round(2),
            "kind": kinds,
            "name": pc.binary_join_element_wise("user", numbers, "-"),
        }
    )


def _mib(size: int) -> str:
    return f"{size / 2**30:.1f} GiB" if size >= 1 << 30 else f"{size / 2**20:.0f} MiB"
