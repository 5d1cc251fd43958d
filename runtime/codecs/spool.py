"""Tables that are too large for memory, on the disk while they are used."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

LARGE = 256 << 20
"""Bytes from which a table is better on the disk."""


def spooled(pieces: Iterable[pa.Table], *, schema: pa.Schema) -> pa.Table:
    """Return tables below each other as one that lies in a file, which is gone when the table is.

    Raises OSError, and what `pieces` raises.
    """
    with tempfile.TemporaryDirectory(prefix="reprocc-") as folder:
        path = Path(folder) / "table.arrow"
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, schema) as writer:
            for piece in pieces:
                writer.write_table(piece)
        # What is mapped stays when its name goes.
        return pa.ipc.open_stream(pa.memory_map(str(path))).read_all()
