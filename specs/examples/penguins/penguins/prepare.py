"""From raw measurements to a table for training and one for testing."""

import pandas as pd
from sklearn.model_selection import train_test_split

from .columns import MEASUREMENTS, SPECIES


def clean(measurements: pd.DataFrame) -> pd.DataFrame:
    """Keep the penguins that were measured, and of them what the model uses."""
    known = measurements[[SPECIES, *MEASUREMENTS]].dropna()
    return known.astype(dict.fromkeys(MEASUREMENTS, "float64")).reset_index(drop=True)


def split(
    penguins: pd.DataFrame, test_fraction: float, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Set a fraction aside for testing, with the same share of each species on both sides."""
    train, test = train_test_split(
        penguins, test_size=test_fraction, stratify=penguins[SPECIES], random_state=seed
    )
    return train.reset_index(drop=True), test.reset_index(drop=True)
