"""Cross-validation: folds assigned once, a model and its score for each point of the grid."""

from pathlib import Path

import joblib
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import SVC

from .pixels import DIGIT, FOLD, pixels_and_digits


def assign_folds(digits: pa.Table, folds: int, seed: int) -> pa.Table:
    """Add a column with the fold, from 0, in which each row is tested; every digit in each."""
    fold = np.empty(digits.num_rows, dtype="int64")
    splitter = StratifiedKFold(n_splits=folds, shuffle=True, random_state=seed)
    for number, (_, tested) in enumerate(splitter.split(digits, digits[DIGIT].to_numpy())):
        fold[tested] = number
    return digits.append_column(FOLD, pa.array(fold))


def fit(folded: pa.Table, gamma: float, c: float, fold: int, model: Path) -> None:
    """Fit a support vector machine to all folds but one, and write it to `model`."""
    pixels, digits = pixels_and_digits(folded.filter(pc.field(FOLD) != fold))
    joblib.dump(SVC(gamma=gamma, C=c).fit(pixels, digits), model)


def score(model: Path, folded: pa.Table, fold: int) -> dict:
    """Return how many of the pictures left out the model tells right."""
    pixels, digits = pixels_and_digits(folded.filter(pc.field(FOLD) == fold))
    right = int((joblib.load(model).predict(pixels) == digits).sum())
    return {"right": right, "of": len(digits), "accuracy": right / len(digits)}
