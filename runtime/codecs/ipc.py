"""Tables as Arrow IPC files, uncompressed, so that they can be memory-mapped."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import pyarrow as pa


def write_ipc_file(blocks: Iterable[pa.Table], path: Path, *, schema: pa.Schema) -> tuple[str, int]:
    """Write tables below each other as a new Arrow IPC file, a batch for each of their chunks.

    Returns the file's sha256 in hexadecimal and its size in bytes. What fails leaves no file.
    Raises OSError, and what `blocks` raises.
    """
    with _Hashed(path) as file, removed_on_failure(path):
        with pa.PythonFile(file, mode="w") as sink, pa.ipc.new_file(sink, schema) as writer:
            for block in blocks:
                writer.write_table(block)
        return file.sha256, file.size


@contextmanager
def removed_on_failure(path: Path) -> Iterator[None]:
    """Remove a file that is written within the block where that fails."""
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


class _Hashed:
    """A new file that is hashed while it is written."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb", buffering=0)
        self._digest = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    @property
    def closed(self) -> bool:
        return self._file.closed

    def write(self, data: bytes | pa.Buffer) -> int:
        rest = memoryview(data)
        self._digest.update(rest)
        count = rest.nbytes
        self.size += count
        while rest:
            rest = rest[self._file.write(rest) or 0 :]
        return count

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> _Hashed:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()
