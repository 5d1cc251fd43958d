"""The rules of a contract that a table breaks."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from ...compiler.plan import ColumnContract, Contract
from ..codecs.plain import plain_column, plain_type
from ..codecs.types import type_text
from ..codecs.unstorable import Unstorable
from .bounds import Incomparable, above, below, one_of
from .report import Violation
from .sample import sample_rows

_MOST_NAMES = 5


def table_violations(table: pa.Table, contract: Contract) -> tuple[Violation, ...]:
    """Return every rule that the table breaks: columns by name, additional columns, rows, key."""
    found: list[Violation] = []
    for column in contract.columns:
        found.extend(_column_violations(table, column))
    found.extend(_additional(table, contract))
    found.extend(_rows(table, contract))
    found.extend(_key(table, contract))
    return tuple(found)


def _column_violations(table: pa.Table, rule: ColumnContract) -> list[Violation]:
    if table.column_names.count(rule.name) != 1:
        is_absent = rule.name not in table.column_names
        return [_plain_violation(rule, "is missing" if is_absent else "is there more than once")]
    column = table.column(rule.name)
    try:
        type_ = plain_type(column.type)
    except Unstorable:
        return [_plain_violation(rule, f"has type `{column.type}`, which tables cannot hold")]
    if rule.type is not None and type_text(type_) != rule.type:
        return [_plain_violation(rule, f"is `{type_text(type_)}`, not `{rule.type}`")]
    column = plain_column(column, type_)
    found: list[Violation] = []
    try:
        broken = _broken(column, rule)
    except Incomparable as error:
        return [_plain_violation(rule, f"cannot be checked: {error}")]
    for mask, words in broken:
        count = pc.sum(mask).as_py() or 0
        if count:
            found.append(_row_violation(table, rule, mask, words, count))
    return found


def _broken(column: pa.ChunkedArray, rule: ColumnContract) -> list[tuple[pa.ChunkedArray, str]]:
    """Return a mask of the offending rows for each rule, and what they are called."""
    found: list[tuple[pa.ChunkedArray, str]] = []
    if not rule.nullable:
        found.append((column.is_null(), "null#"))
    if rule.unique:
        found.append((_repeats([column], skip_null=True), "value# that occur# before"))
    if rule.minimum is not None or rule.maximum is not None:
        if pa.types.is_floating(column.type):
            found.append((pc.is_nan(column), "NaN value#"))
        if rule.minimum is not None:
            found.append((below(column, rule.minimum), f"value# below {_shown(rule.minimum)}"))
        if rule.maximum is not None:
            found.append((above(column, rule.maximum), f"value# above {_shown(rule.maximum)}"))
    if rule.values is not None:
        mask = pc.and_kleene(pc.invert(one_of(column, rule.values)), column.is_valid())
        found.append((mask, "value# outside the declared values"))
    if rule.pattern is not None and pa.types.is_string(column.type):
        found.append((pc.invert(_matches(column, rule.pattern)), f"value# unlike `{rule.pattern}`"))
    return found


def _matches(column: pa.ChunkedArray, pattern: str) -> pa.ChunkedArray:
    try:
        return pc.match_substring_regex(column, pattern=rf"\A(?:{pattern})\z")
    except pa.ArrowInvalid as error:
        raise Incomparable(f"`{pattern}` is no RE2 pattern") from error


def _shown(bound: object) -> str:
    return "true" if bound is True else "false" if bound is False else str(bound)


def _counted(words: str, count: int) -> str:
    """Put the number before the words: `1 value that occurs`, `2 values that occur`."""
    head, *rest = words.split("#")
    text = head + ("" if count == 1 else "s") + (rest[0] if rest else "")
    for more in rest[1:]:
        text += ("s" if count == 1 else "") + more
    return f"{count} {text}"


def _row_violation(
    table: pa.Table, rule: ColumnContract, mask: pa.ChunkedArray, words: str, count: int
) -> Violation:
    return Violation(
        subject=rule.name,
        message=f"`{rule.name}` has {_counted(words, count)}",
        severity=rule.severity,
        count=count,
        rows=sample_rows(table, mask, first=(rule.name,)),
    )


def _plain_violation(rule: ColumnContract, problem: str) -> Violation:
    return Violation(
        subject=rule.name,
        message=f"`{rule.name}` {problem}",
        severity=rule.severity,
        count=1,
        rows=(),
    )


def _additional(table: pa.Table, contract: Contract) -> list[Violation]:
    if contract.additional_columns == "allow":
        return []
    declared = {column.name for column in contract.columns} | set(contract.key)
    more = [name for name in table.column_names if name not in declared]
    if not more:
        return []
    names = ", ".join(f"`{name}`" for name in more[:_MOST_NAMES])
    names += ", …" if len(more) > _MOST_NAMES else ""
    noun = "an undeclared column" if len(more) == 1 else f"{len(more)} undeclared columns"
    return [_table_violation("additional_columns", f"the table has {noun}: {names}", len(more))]


def _rows(table: pa.Table, contract: Contract) -> list[Violation]:
    rule = contract.rows
    if rule is None:
        return []
    noun = "row" if table.num_rows == 1 else "rows"
    if rule.minimum is not None and table.num_rows < rule.minimum:
        problem = f"the table has {table.num_rows} {noun}, fewer than {rule.minimum}"
    elif rule.maximum is not None and table.num_rows > rule.maximum:
        problem = f"the table has {table.num_rows} {noun}, more than {rule.maximum}"
    else:
        return []
    return [
        Violation(
            subject="rows",
            message=problem,
            severity=rule.severity,
            count=table.num_rows,
            rows=(),
        )
    ]


def _key(table: pa.Table, contract: Contract) -> list[Violation]:
    if not contract.key:
        return []
    missing = [name for name in contract.key if name not in table.column_names]
    if missing:
        declared = {column.name for column in contract.columns}
        return [
            _table_violation("key", f"the key column `{name}` is missing", 1)
            for name in missing
            if name not in declared
        ]
    mask = _repeats([table.column(name) for name in contract.key], skip_null=False)
    count = pc.sum(mask).as_py() or 0
    if not count:
        return []
    names = ", ".join(f"`{name}`" for name in contract.key)
    noun = "row repeats" if count == 1 else "rows repeat"
    return [
        Violation(
            subject="key",
            message=f"{count} {noun} the key ({names}) of an earlier row",
            severity="error",
            count=count,
            rows=sample_rows(table, mask, first=contract.key),
        )
    ]


def _table_violation(subject: str, message: str, count: int) -> Violation:
    return Violation(subject=subject, message=message, severity="error", count=count, rows=())


def _repeats(columns: list[pa.ChunkedArray], *, skip_null: bool) -> pa.ChunkedArray:
    """Return a mask of the rows whose values, taken together, an earlier row has."""
    length = len(columns[0])
    position = pc.cumulative_sum(pa.repeat(pa.scalar(1, pa.int64()), length)) if length else None
    if position is None:
        return pa.chunked_array([], pa.bool_())
    names = [str(index) for index in range(len(columns))]
    flat = [_groupable(column) for column in columns]
    grouped = pa.Table.from_arrays([*flat, position], names=[*names, "position"])
    grouped = grouped.group_by(names).aggregate([("position", "min")])
    mask = pc.invert(pc.is_in(position, value_set=grouped.column("position_min")))
    if skip_null:
        mask = pc.and_(mask, columns[0].is_valid())
    return pa.chunked_array([mask.combine_chunks() if hasattr(mask, "chunks") else mask])


def _groupable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return what groups as the column does; nested values, which do not group, as their text."""
    if not pa.types.is_nested(plain_type(column.type)):
        return plain_column(column, plain_type(column.type))
    values = [None if value is None else repr(value) for value in column.to_pylist()]
    return pa.chunked_array([pa.array(values, pa.string())])
