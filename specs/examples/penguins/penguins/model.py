"""Forests: grown, scored and chosen from."""

from pathlib import Path

import joblib
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, recall_score

from .columns import MEASUREMENTS, SPECIES


def fit(train: pd.DataFrame, trees: int, depth: int, seed: int, model: Path) -> None:
    """Grow a forest of that many trees, none deeper than `depth`, and write it to `model`.

    The labels are fixed-width text: their bytes, unlike those of Python strings in a pickle,
    do not depend on which strings happen to be one object.
    """
    forest = RandomForestClassifier(
        n_estimators=trees, max_depth=depth, random_state=seed, n_jobs=1
    )
    forest.fit(train[MEASUREMENTS].to_numpy(), train[SPECIES].to_numpy(dtype=str))
    joblib.dump(forest, model)


def predict(model: Path, penguins: pd.DataFrame) -> pd.Series:
    """Return the species that a stored forest tells, in the order of the rows."""
    return pd.Series(joblib.load(model).predict(penguins[MEASUREMENTS].to_numpy()))


def evaluate(model: Path, test: pd.DataFrame) -> dict:
    """Return the accuracy, and for each species the share that was recognised."""
    told = predict(model, test)
    species = sorted(test[SPECIES].unique())
    recall = recall_score(test[SPECIES], told, labels=species, average=None)
    return {
        "accuracy": accuracy_score(test[SPECIES], told),
        "recall": dict(zip(species, recall.tolist(), strict=True)),
    }


def choose(models: dict[int, Path], scores: pd.DataFrame) -> Path:
    """Return the most accurate forest; among equals the shallowest."""
    ranked = scores.sort_values(["accuracy", "depth"], ascending=[False, True])
    return models[int(ranked["depth"].iloc[0])]
