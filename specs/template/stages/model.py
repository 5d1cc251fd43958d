"""Curves: fitted, and asked."""

import json
from pathlib import Path

import pyarrow as pa

from .polynomial import least_squares, value


def fit(train: pa.Table, degree: int, model: Path) -> None:
    """Fit a polynomial of that degree to the demand, and write it to `model`."""
    temperatures = train["temperature_c"].to_pylist()
    coefficients = least_squares(temperatures, train["demand_mwh"].to_pylist(), degree)
    print(f"fitted degree {degree} to {len(temperatures)} days")
    model.write_text(json.dumps({"coefficients": coefficients}))


def predict(model: Path, temperatures: list[float]) -> list[float]:
    """Return the demand that a stored model foretells at each temperature."""
    coefficients = json.loads(model.read_text())["coefficients"]
    return [value(coefficients, temperature) for temperature in temperatures]
