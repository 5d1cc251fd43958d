"""CSV files as tables.

UTF-8 with or without a byte order mark, a header line, `,` between fields (a tab in `.tsv`), `"`
around fields that need it, line breaks within quotes allowed, empty lines skipped. Unquoted fields
that spell null are null, in columns of text too: the empty field, `NA`, `N/A`, `n/a`, `NaN`, `nan`,
`-NaN`, `-nan`, `NULL`, `null`, `#N/A`, `#NA`, `#N/A N/A`, `1.#IND`, `-1.#IND`, `1.#QNAN`,
`-1.#QNAN`. In quotes they are text. Columns without a declared type get one from all their
values: integer, boolean, date, time, timestamp, number or text, the first that fits; text where
all are null.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.csv as arrow_csv

from ..sources.files import IngestError, SourceFile
from .conform import Unfit, conform
from .decompress import read_bytes

NULLS = (
    *("", "NA", "N/A", "n/a", "NaN", "nan", "-NaN", "-nan", "NULL", "null"),
    *("#N/A", "#NA", "#N/A N/A", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN"),
)


def read_csv(file: SourceFile, columns: Mapping[str, pa.DataType]) -> pa.Table:
    """Read a CSV file; `columns` gives declared types by name.

    Raises IngestError, with file and line, for a file that is none, and for a value that is not of
    its declared type.
    """
    data = read_bytes(file)
    _refuse_other_encodings(file, data)
    delimiter = "\t" if ".tsv" in file.path.suffixes else ","
    names = _header(file, data, delimiter)
    table = _parse(file, data, delimiter, [name for name in names if name in columns])
    for index, field in enumerate(table.schema):
        if field.name in columns:
            column = _declared(file, data, delimiter, table, field.name, columns[field.name])
            table = table.set_column(index, field.name, column)
        elif pa.types.is_null(field.type):
            table = table.set_column(index, field.name, table.column(index).cast(pa.string()))
    return table


def _header(file: SourceFile, data: bytes, delimiter: str) -> list[str]:
    for _, fields in _lines(data, delimiter):
        for name in fields:
            if fields.count(name) > 1:
                raise IngestError(
                    f"`{file.name}` has two columns called `{name}`", help=None, place=file.name
                )
        return fields
    raise IngestError(f"`{file.name}` is empty", help="it needs a header line", place=file.name)


def _parse(file: SourceFile, data: bytes, delimiter: str, text_columns: list[str]) -> pa.Table:
    if not data.endswith((b"\n", b"\r")):
        data += b"\n"
    ragged: list[arrow_csv.InvalidRow] = []

    def note(row: arrow_csv.InvalidRow) -> str:
        ragged.append(row)
        return "error"

    try:
        return arrow_csv.read_csv(
            pa.BufferReader(data),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=note
            ),
            convert_options=arrow_csv.ConvertOptions(
                null_values=list(NULLS),
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
                column_types=dict.fromkeys(text_columns, pa.string()),
            ),
        )
    except pa.ArrowInvalid as error:
        raise _unparsable(file, data, delimiter) from error


def _unparsable(file: SourceFile, data: bytes, delimiter: str) -> IngestError:
    width: int | None = None
    for line, fields in _lines(data, delimiter):
        width = len(fields) if width is None else width
        if len(fields) != width:
            noun = "field" if len(fields) == 1 else "fields"
            return IngestError(
                f"line {line} of `{file.name}` has {len(fields)} {noun}, but the header {width}",
                help="put fields that hold a comma or a line break in double quotes",
                place=f"{file.name}:{line}",
            )
    return IngestError(f"`{file.name}` is not a CSV file", help=None, place=file.name)


def _declared(
    file: SourceFile,
    data: bytes,
    delimiter: str,
    table: pa.Table,
    name: str,
    type_: pa.DataType,
) -> pa.ChunkedArray:
    try:
        return conform(table.column(name), type_)
    except Unfit as unfit:
        line = _line_of_row(data, delimiter, unfit.row or 0)
        raise unfit_value(file, f"line {line}", f"{file.name}:{line}", name, unfit, type_) from None


def unfit_value(
    file: SourceFile, where: str, place: str, column: str, unfit: Unfit, type_: pa.DataType
) -> IngestError:
    """Return the error for a value that is none of its column's declared type."""
    from .types import type_text

    shown = unfit.text if len(unfit.text) <= 40 else unfit.text[:40] + "…"
    return IngestError(
        f"{where} of `{file.name}`: `{column}` is `{shown}`, which is no `{type_text(type_)}`",
        help=None,
        place=place,
    )


def _line_of_row(data: bytes, delimiter: str, row: int) -> int:
    """Return the line, from 1, on which a data row, from 0, begins."""
    for index, (line, _) in enumerate(_lines(data, delimiter)):
        if index == row + 1:
            return line
    return 1


def _lines(data: bytes, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the fields of each line that is not empty, with the line on which they begin."""
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", errors="replace", newline="")
    reader = csv.reader(text, delimiter=delimiter)
    before = 0
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error:
            fields = []
        if fields:
            yield before + 1, fields
        before = reader.line_num


def _refuse_other_encodings(file: SourceFile, data: bytes) -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise IngestError(
            f"line {line} of `{file.name}` is not UTF-8",
            help="save the file in UTF-8",
            place=f"{file.name}:{line}",
        ) from None
