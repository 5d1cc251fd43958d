"""How the two values of a metric are written beside each other."""

from __future__ import annotations

import pytest

from reprocc.cli.differences.text import metrics_table
from reprocc.runtime.compare.metrics import compare_metrics


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (0.123456789, 0.2, ["0.123457", "0.2"]),
        (0.1234567891, 0.1234567892, ["0.1234567891", "0.1234567892"]),
        (12345678.25, 12345679.25, ["12345678", "12345679"]),
        (1, 1.0, ["1", "1.0"]),
        (123456789, 123456790, ["123456789", "123456790"]),
        (float("nan"), 0.5, ["NaN", "0.5"]),
        ("a", "b", ['"a"', '"b"']),
    ],
)
def test_values_are_as_short_as_tells_them_apart(old: object, new: object, shown: object) -> None:
    (change,) = compare_metrics({"x": old}, {"x": new}).changes  # type: ignore[dict-item]
    row = metrics_table([("", change)]).splitlines()[1]
    assert row.split()[1:3] == shown
