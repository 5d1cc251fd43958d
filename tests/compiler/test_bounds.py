"""Bounds and values of columns, by type."""

from __future__ import annotations

import pytest

from reprocc.compiler.lowering.bounds import is_above, suits
from reprocc.compiler.plan import Scalar


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("uint8", 255),
        ("int8", -128),
        ("int64", 0.5),
        ("float64", 3),
        ("decimal(10,2)", "0.10"),
        ("string", "a"),
        ("date", "2026-01-31"),
        ("time", "12:30:00"),
        ("timestamp[us]", "2026-01-31T12:00:00"),
        ("timestamp[us]", "2026-01-31"),
        ("timestamp[us, UTC]", "2026-01-31T12:00:00+01:00"),
        ("duration[ms]", 250),
        (None, "anything"),
    ],
)
def test_a_bound_of_the_type_is_taken(kind: str | None, value: Scalar) -> None:
    assert suits(value, kind, is_bound=True)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("uint8", 256),
        ("uint8", -1),
        ("int64", 2**63),
        ("int64", "1"),
        ("int64", True),
        ("float64", "1.5"),
        ("decimal(10,2)", "cheap"),
        ("decimal(10,2)", "NaN"),
        ("string", 1),
        ("date", "tomorrow"),
        ("date", "2026-02-30"),
        ("date", 20260131),
        ("time", "noon"),
        ("timestamp[us]", "2026-01-31T12:00:00Z"),
        ("duration[ms]", "5s"),
        ("bool", True),
        ("list<int64>", 1),
        ("struct<a: int64>", "a"),
        (None, True),
        ("int64", None),
    ],
)
def test_a_bound_of_another_type_or_beyond_its_range_is_refused(
    kind: str | None, value: Scalar
) -> None:
    assert not suits(value, kind, is_bound=True)


def test_a_value_of_an_integer_column_is_whole() -> None:
    assert suits(0.5, "int8", is_bound=True)
    assert not suits(0.5, "int8", is_bound=False)
    assert suits(2.0, "int8", is_bound=False)


def test_a_value_of_a_boolean_column_is_a_boolean_and_null_is_any_column_s() -> None:
    assert suits(True, "bool", is_bound=False)
    assert not suits(1, "bool", is_bound=False)
    assert suits(None, "int8", is_bound=False)


@pytest.mark.parametrize(
    ("kind", "low", "high", "expected"),
    [
        ("int8", 2, 1, True),
        ("int8", 1, 1, False),
        ("decimal(4,2)", "10", "9", True),
        ("decimal(4,2)", "9", "10", False),
        ("date", "2026-02-01", "2026-01-01", True),
        ("timestamp[us, UTC]", "2026-01-01T01:00:00+02:00", "2026-01-01T00:00:00Z", False),
        ("timestamp[us, UTC]", "2026-01-01T00:00:00-02:00", "2026-01-01T01:00:00Z", True),
        ("time", "12:00:00", "11:59:59.5", True),
        ("string", "b", "a", True),
        (None, "b", "a", False),
    ],
)
def test_bounds_compare_as_the_column_does(
    kind: str | None, low: Scalar, high: Scalar, expected: bool
) -> None:
    assert is_above(low, high, kind) is expected
