"""From rows of the table to what a model learns from."""

import numpy as np
import pyarrow as pa

DIGIT, FOLD = "digit", "fold"


def pixels_and_digits(digits: pa.Table) -> tuple[np.ndarray, np.ndarray]:
    """Return the 64 pixels of each picture, (n, 64), and the digit that it shows, (n,)."""
    pixels = digits.drop_columns([name for name in (DIGIT, FOLD) if name in digits.column_names])
    return np.column_stack([column.to_numpy() for column in pixels.columns]).astype(
        "float64"
    ), digits[DIGIT].to_numpy()
