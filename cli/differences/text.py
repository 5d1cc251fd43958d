"""Differences as text: what a person would paste into a message."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..terminal import size, table

if TYPE_CHECKING:
    from ...runtime.compare.metrics import MetricChange
    from ...runtime.compare.tables import Cell, RowChange, TableDifference
    from ...runtime.compare.versions import FilesDifference

_NONE = "–"
_LONGEST = 40
_FRACTION = re.compile(r"-?\d+(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+)")


def metrics_table(changes: Sequence[tuple[str, MetricChange]], *, head: str = "POINT") -> str:
    """Lay changes of metrics out; what each belongs to stands under `head`, unless all is empty."""
    has_points = any(point for point, _ in changes)
    rows = [
        (
            *((point,) if has_points else ()),
            change.path,
            *_values_of(change),
            _amount(change),
        )
        for point, change in changes
    ]
    names = (*((head,) if has_points else ()), "METRIC", "OLD", "NEW", "CHANGE")
    return table(rows, head=names)


def _values_of(change: MetricChange) -> tuple[str, str]:
    """Write both values, fractions with six digits or as many more as tell them apart."""
    for digits in range(6, 17):
        old, new = _rounded(change.old, digits), _rounded(change.new, digits)
        if old != new:
            return _cut(old), _cut(new)
    return _cut(change.old or _NONE), _cut(change.new or _NONE)


def _rounded(text: str | None, digits: int) -> str:
    """Round what is written as a fraction; its digits before the point stay."""
    if text is None:
        return _NONE
    if not _FRACTION.fullmatch(text):
        return text
    return f"{float(text):.{max(digits, len(text.lstrip('-').partition('.')[0]))}g}"


def files_table(difference: FilesDifference) -> str:
    """Lay changed files out with their sizes."""
    rows = [
        (
            change.path or "(the file)",
            change.change,
            _NONE if change.old_size is None else size(change.old_size),
            _NONE if change.new_size is None else size(change.new_size),
        )
        for change in difference.changes
    ]
    return table(rows, head=("FILE", "CHANGE", "OLD", "NEW"))


def table_text(difference: TableDifference) -> str:
    """Write the differences of two tables, block by block."""
    blocks = [_rows_line(difference)]
    if difference.columns or difference.is_reordered:
        blocks.append(_columns(difference))
    if difference.values:
        blocks.append(_values(difference))
    for change, count in (
        ("changed", difference.changed),
        ("added", difference.added),
        ("removed", difference.removed),
    ):
        rows = [row for row in difference.rows if row.change == change]
        # Without a key, rows at the end that the other table lacks have nothing to be known by.
        if rows and (difference.key or change == "changed"):
            blocks.append(_sample(change, count, rows))
    return "\n\n".join(blocks)


def _rows_line(difference: TableDifference) -> str:
    by = f"by {', '.join(difference.key)}" if difference.key else "by position"
    counts = [
        f"{count:,} {word}"
        for word, count in (
            ("added", difference.added),
            ("removed", difference.removed),
            ("changed", difference.changed),
            ("the same", difference.same),
        )
        if count
    ]
    line = f"rows {difference.old_rows:,} → {difference.new_rows:,}, {by}"
    text = f"{line}: {', '.join(counts)}" if counts else line
    note = difference.note
    if not note and not difference.key and difference.changed:
        note = "`--key COLUMNS` tells rows apart by what they hold"
    return f"{text}\n({note})" if note else text


def _columns(difference: TableDifference) -> str:
    rows = [
        (one.column, one.change, one.old_type or _NONE, one.new_type or _NONE)
        for one in difference.columns
    ]
    text = table(rows, head=("COLUMN", "CHANGE", "OLD TYPE", "NEW TYPE")) if rows else ""
    moved = "the columns are in another order" if difference.is_reordered else ""
    return "\n".join(part for part in (text, moved) if part)


def _values(difference: TableDifference) -> str:
    rows = [
        (
            one.column,
            f"{one.count:,}",
            "" if one.largest is None else _number(one.largest),
            "" if one.largest_relative is None else _percent(one.largest_relative),
        )
        for one in difference.values
    ]
    return table(rows, head=("COLUMN", "VALUES CHANGED", "LARGEST CHANGE", "RELATIVE"))


def _sample(change: str, count: int, rows: list[RowChange]) -> str:
    names = [name for name, _ in rows[0].key] or ["row"]
    changed = change == "changed"
    body: list[list[str]] = []
    for row in rows:
        where = [_cell(value) for _, value in row.key] or [str(row.position)]
        for index, (name, old, new) in enumerate(row.cells if changed else [("", None, None)]):
            first = where if index == 0 else [""] * len(where)
            body.append([*first, *([name, _cell(old), _cell(new)] if changed else [])])
    head = [*(name.upper() for name in names), *(["COLUMN", "OLD", "NEW"] if changed else [])]
    of = f" (first {len(rows)} of {count:,})" if count > len(rows) else ""
    return f"{change} rows{of}\n{table(body, head=head)}"


def _cell(value: Cell) -> str:
    if value is None:
        return "null"
    return _cut(value if isinstance(value, str) else json.dumps(value))


def _cut(text: str) -> str:
    text = " ".join(text.split()) if any(c in text for c in "\n\r\t") else text
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _amount(change: MetricChange) -> str:
    if change.difference is None:
        return "" if change.change == "changed" else change.change
    sign = "+" if change.difference >= 0 else "−"
    text = f"{sign}{_number(abs(change.difference))}"
    if change.relative is None:
        return text
    return f"{text} ({sign}{_percent(abs(change.relative))})"


def _number(value: float) -> str:
    return f"{value:.6g}"


def _percent(value: float) -> str:
    return f"{value * 100:.3g}%" if value < 10 else f"{value:.3g}×"
