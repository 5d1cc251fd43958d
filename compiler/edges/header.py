"""The columns of a CSV file, by its header line."""

from __future__ import annotations

import io
import re
from pathlib import Path, PurePosixPath

from ..workspace import Workspace

_LONGEST = 1 << 16
"""Bytes in which a header has to end; what is longer is left to the run."""

_LINE = re.compile(r"[\r\n]*([^\r\n]+)([\r\n]?)")
_PLAIN_SUFFIXES = frozenset({".csv", ".tsv", ".txt", ""})


def csv_header(workspace: Workspace, path: Path) -> tuple[str, ...] | None:
    """Return the names of the columns of an uncompressed CSV file, in order.

    None where they cannot be told, or where the file is no table: a name stands twice in it, or
    it is not there, empty, or not in UTF-8. What is wrong with it is said when it is read.
    """
    if PurePosixPath(path.name).suffix.lower() not in _PLAIN_SUFFIXES:
        return None
    try:
        data = workspace.beginning(path, _LONGEST)
    except OSError:
        return None
    is_whole = len(data) < _LONGEST
    if not is_whole:
        data = data[: data.rfind(b"\n") + 1]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    names = _first_record(text, "\t" if ".tsv" in path.suffixes else ",", is_whole=is_whole)
    return names if names is not None and len(set(names)) == len(names) else None


def _first_record(text: str, delimiter: str, *, is_whole: bool) -> tuple[str, ...] | None:
    """Return the first line that is not empty in its fields, None where its end is not seen."""
    line = _LINE.match(text)
    if line is not None and '"' not in line[1]:
        return tuple(line[1].split(delimiter)) if line[2] or is_whole else None
    import csv  # few headers have quotes

    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        fields = next(filter(None, reader), None)
        is_ended = is_whole or next(reader, None) is not None
    except csv.Error:
        return None
    return tuple(fields) if fields is not None and is_ended else None
