"""From the days of a year to a table for fitting and one for testing."""

import random

import pyarrow as pa


def split(days: pa.Table, test_fraction: float, seed: int) -> tuple[pa.Table, pa.Table]:
    """Set a fraction of the days aside for testing, chosen at random by the task's own seed."""
    rows = list(range(days.num_rows))
    random.Random(seed).shuffle(rows)
    tested = round(test_fraction * len(rows))
    return days.take(sorted(rows[tested:])), days.take(sorted(rows[:tested]))
