"""What it takes to keep a large file and many small ones, beside DVC."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

from .figures import Cell, Table
from .measure import run
from .peer_tools import run_dvc

_PUT = """
import sys
from pathlib import Path
from reprocc.runtime.codecs.files import put_tree
from reprocc.runtime.store.store import Store
from reprocc.runtime.store.together import together

backend = Store.for_writing(sys.argv[2]).backend
with together(backend):
    put_tree(backend, Path(sys.argv[1]), kind="checkpoint", suffix="")
"""


def measure_publishing(folder: Path, *, size: int, files: int) -> Table:
    """Measure storing a file of `size` bytes and a folder of `files` files, as whole processes."""
    block = os.urandom(1 << 20)
    (folder / "many").mkdir(parents=True)
    for number in range(files):
        (folder / "many" / f"{number:05}").write_bytes(number.to_bytes(8, "little") + block[:4088])
    with (folder / "large").open("wb") as file:
        for number in range(size >> 20):
            file.write(number.to_bytes(8, "little") + block[8:])
    rows = [_row(folder, name) for name in ("large", "many")]
    titles = (f"a file of {size >> 20:,} MiB", f"{files:,} files of 4 KiB")
    shutil.rmtree(folder)
    return Table(
        title="Keeping files, from the shell",
        columns=("what", "reprocc, s", "`dvc add`, s", "`dvc push`, s"),
        rows=tuple((title, *row) for title, row in zip(titles, rows, strict=True)),
        notes=(
            "reprocc: a process that stores it, as a worker would; once, flushed to the disk",
            "DVC: `add` takes it into its cache, `push` into a remote in another folder",
        ),
    )


def _row(folder: Path, name: str) -> tuple[Cell, ...]:
    os.sync()
    put = [sys.executable, "-c", _PUT, str(folder / name), str(folder / f"store-{name}")]
    ours = run(put, folder=folder)
    shutil.rmtree(folder / f"store-{name}")
    place = folder / f"dvc-{name}"
    place.mkdir()
    (folder / name).rename(place / name)
    run_dvc(place, "init", "--no-scm")
    run_dvc(place, "remote", "add", "--default", "far", str(folder / f"remote-{name}"))
    return ours.wall, _seconds(place, "add", name), _seconds(place, "push")


def _seconds(folder: Path, *arguments: str) -> float:
    os.sync()
    began = time.perf_counter()
    run_dvc(folder, *arguments)
    return time.perf_counter() - began
