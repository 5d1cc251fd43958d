"""Splits the measurements."""

import numpy as np
import pandas as pd


def split(measurements: pd.DataFrame, test_fraction: float, rng: np.random.Generator):
    is_test = rng.random(len(measurements)) < test_fraction
    return (
        measurements[~is_test].reset_index(drop=True),
        measurements[is_test].reset_index(drop=True),
    )
