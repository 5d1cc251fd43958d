"""Contracts: does a content hold what was promised of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ...compiler.canonical import CanonicalValue, Digest, digest_of
from ...compiler.plan import Contract, MetricContract
from ..codecs.metrics import MetricsValue
from .report import Violation

if TYPE_CHECKING:
    import pyarrow as pa


def check_table(table: pa.Table, contract: Contract) -> tuple[Violation, ...]:
    """Return every rule of a contract that a table breaks: columns by name, then rows, then key.

    Rows in the report are counted from 0.
    """
    from .table import table_violations

    return table_violations(table, contract)


def check_metrics(value: Mapping[str, MetricsValue], contract: Contract) -> tuple[Violation, ...]:
    """Return every requirement that metrics break, by path.

    A path is looked up name by name at the dots; a name that itself holds dots is found too, and
    a number picks an item of a list. What is missing, no number, or NaN breaks its requirement.
    """
    found = (_metric_violation(value, rule) for rule in contract.require)
    return tuple(violation for violation in found if violation is not None)


def contract_digest(contract: Contract) -> Digest:
    """Return the digest of what a contract demands, `contract1:`; descriptions do not count."""
    return digest_of("contract1", _record(contract))


def _record(contract: Contract) -> CanonicalValue:
    return {
        "columns": [
            {
                "name": column.name,
                "type": column.type,
                "nullable": column.nullable,
                "unique": column.unique,
                "minimum": column.minimum,
                "maximum": column.maximum,
                "values": None if column.values is None else list(column.values),
                "pattern": column.pattern,
                "severity": column.severity,
            }
            for column in contract.columns
        ],
        "additional_columns": contract.additional_columns,
        "rows": None
        if contract.rows is None
        else [contract.rows.minimum, contract.rows.maximum, contract.rows.severity],
        "key": list(contract.key),
        "require": [
            [rule.path, rule.minimum, rule.maximum, rule.severity] for rule in contract.require
        ],
    }


def _metric_violation(value: Mapping[str, MetricsValue], rule: MetricContract) -> Violation | None:
    is_there, metric = _look_up(value, rule.path.split("."))
    problem = _metric_problem(metric, rule) if is_there else "is missing"
    if problem is None:
        return None
    return Violation(
        subject=rule.path,
        message=f"`{rule.path}` {problem}",
        severity=rule.severity,
        count=1,
        rows=(),
    )


def _metric_problem(metric: MetricsValue, rule: MetricContract) -> str | None:
    if isinstance(metric, bool) or not isinstance(metric, int | float):
        return f"is {_kind(metric)}, not a number"
    if math.isnan(metric):
        return "is NaN"
    if rule.minimum is not None and metric < rule.minimum:
        return f"is {metric!r}, below {rule.minimum!r}"
    if rule.maximum is not None and metric > rule.maximum:
        return f"is {metric!r}, above {rule.maximum!r}"
    return None


def _kind(metric: MetricsValue) -> str:
    match metric:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "a mapping"


def _look_up(value: object, names: list[str]) -> tuple[bool, MetricsValue]:
    """Try the longest name first, so that a key with dots is found."""
    if not names:
        return True, value  # type: ignore[return-value]
    for end in range(len(names), 0, -1):
        name = ".".join(names[:end])
        if isinstance(value, Mapping) and name in value:
            is_there, found = _look_up(value[name], names[end:])
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            is_there, found = _look_up(value[int(name)], names[end:])
        else:
            continue
        if is_there:
            return True, found
    return False, None
