"""Amounts of memory and time as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprocc.compiler.units import duration_seconds, memory_bytes


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0B", 0),
        ("1KB", 1_000),
        ("2MB", 2_000_000),
        ("3GB", 3 * 10**9),
        ("4TB", 4 * 10**12),
        ("1KiB", 1_024),
        ("512MiB", 512 * 2**20),
        ("1GiB", 2**30),
        ("1TiB", 2**40),
        (4096, 4096),
        (0, 0),
    ],
)
def test_memory_is_an_integer_with_a_unit(text: object, amount: int) -> None:
    assert memory_bytes(text) == amount


@pytest.mark.parametrize(
    "text",
    ["1", "GB", "1.5GiB", "1 GB", "1gb", "1kB", "-1GB", "1GB\n", "1GBs", -1, 1.5, True, None],
)
def test_what_is_no_memory_is_refused(text: object) -> None:
    assert memory_bytes(text) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("500ms", 0.5), ("30s", 30), ("10m", 600), ("2h", 7_200), ("1d", 86_400), (2.5, 2.5), (3, 3)],
)
def test_a_duration_is_an_integer_with_a_unit(text: object, seconds: float) -> None:
    assert duration_seconds(text) == seconds


@pytest.mark.parametrize(
    "text", ["30", "1h30m", "1.5h", "-1s", "1 s", "1S", "s", -1, True, None, float("nan"), 1e300]
)
def test_what_is_no_duration_is_refused(text: object) -> None:
    assert duration_seconds(text) is None


@given(st.integers(0, 10**15))
def test_memory_in_bytes_reads_back(amount: int) -> None:
    assert memory_bytes(f"{amount}B") == memory_bytes(amount) == amount
