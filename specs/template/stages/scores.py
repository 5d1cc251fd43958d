"""How well curves foretell the days set aside, and which does best."""

from math import fsum
from pathlib import Path

import pyarrow as pa

from .model import predict


def evaluate(model: Path, test: pa.Table) -> dict:
    """Return the mean error in MWh, and how much of the variance is explained (r2)."""
    true = test["demand_mwh"].to_pylist()
    errors = [
        told - demand
        for told, demand in zip(
            predict(model, test["temperature_c"].to_pylist()), true, strict=True
        )
    ]
    mean = fsum(true) / len(true)
    left = fsum(error * error for error in errors)
    variance = fsum((demand - mean) * (demand - mean) for demand in true)
    return {
        "mean_error_mwh": fsum(abs(error) for error in errors) / len(errors),
        "r2": 1 - left / variance,
    }


def choose(models: dict[int, Path], scores: pa.Table) -> Path:
    """Return the model with the least error; among equals the one of the lowest degree."""
    best = min(scores.to_pylist(), key=lambda row: (row["mean_error_mwh"], row["degree"]))
    return models[best["degree"]]
