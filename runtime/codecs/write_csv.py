"""Tables as CSV files, the same bytes whenever the rows are the same.

UTF-8 without a byte order mark, a header line, `,` between fields, lines ended by a single line
feed. A null is the empty field; a field is in double quotes where it holds `"`, `,` or a line
break, or is text that would be read as null: empty, `NA`, `nan` and the like (`codecs/csv.py`).
The one column of a table that has only one is quoted where it is null, as empty lines are no rows.
How values are spelled is said in `codecs/spelled.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from .csv import NULLS
from .spelled import spelled

_ROWS = 1 << 16
"""Rows that are joined at once, so that their text is never too long for one array."""


def write_csv(table: pa.Table, path: Path) -> None:
    """Write a plain table as a new CSV file.

    Raises Unstorable where a column has no spelling, OSError.
    """
    names = pa.chunked_array([table.column_names], pa.string())
    texts = [spelled(field.name, table.column(field.name)) for field in table.schema]
    is_text = [pa.types.is_string(field.type) for field in table.schema]
    with path.open("xb") as file:
        if not names.length():
            return
        file.write((",".join(_quoted(names, is_text=True).to_pylist()) + "\n").encode())
        for start in range(0, table.num_rows, _ROWS):
            _write_rows(file, [text.slice(start, _ROWS) for text in texts], is_text)


def _write_rows(file: BinaryIO, texts: list[pa.ChunkedArray], is_text: list[bool]) -> None:
    columns = [
        pc.fill_null(_quoted(text, is_text=one) if one else text, "" if len(texts) > 1 else '""')
        for text, one in zip(texts, is_text, strict=True)
    ]
    lines = pc.binary_join_element_wise(*columns, ",") if len(columns) > 1 else columns[0]
    file.write(("\n".join(lines.to_pylist()) + "\n").encode())


def _quoted(text: pa.ChunkedArray, *, is_text: bool) -> pa.ChunkedArray:
    needs = pc.match_substring_regex(text, r'[",\r\n]')
    if is_text:
        needs = pc.or_kleene(needs, pc.is_in(text, pa.array(NULLS)))
    if not pc.any(needs).as_py():
        return text
    doubled = pc.replace_substring(text, '"', '""')
    return pc.if_else(needs, pc.binary_join_element_wise('"', doubled, '"', ""), text)
