"""The bytes of a source file, decompressed where its name says that it is compressed."""

from __future__ import annotations

import pyarrow as pa

from ..sources.files import IngestError, SourceFile, unreadable

_CODECS = {".gz": "gzip", ".bz2": "bz2", ".zst": "zstd", ".lz4": "lz4"}


def read_bytes(file: SourceFile) -> bytes:
    """Return a file's bytes, decompressed by its last suffix. Raises IngestError."""
    codec = _CODECS.get(file.path.suffix.lower())
    try:
        data = file.path.read_bytes()
        if codec is None:
            return data
        with pa.input_stream(pa.BufferReader(data), compression=codec) as stream:
            return bytes(stream.read())
    except pa.ArrowException as error:
        raise not_readable_as(file, f"a {codec} file") from error
    except OSError as error:
        if codec is not None and error.errno is None:
            raise not_readable_as(file, f"a {codec} file") from error
        raise unreadable(file.name, error) from error


def not_readable_as(file: SourceFile, what: str) -> IngestError:
    """Return the error for a file that is not what its name or the spec says."""
    return IngestError(f"`{file.name}` is not {what}", help=None, place=file.name)
