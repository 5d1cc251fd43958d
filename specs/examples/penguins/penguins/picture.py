"""A picture of where a forest errs."""

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure
from sklearn.metrics import ConfusionMatrixDisplay

from .columns import SPECIES
from .model import predict


def draw(model: Path, test: pd.DataFrame, confusion: Path) -> None:
    """Draw the species told against the true ones, and write the picture to `confusion`."""
    figure = Figure(figsize=(5, 4), dpi=120, layout="constrained")
    ConfusionMatrixDisplay.from_predictions(
        test[SPECIES], predict(model, test), ax=figure.subplots(), colorbar=False, cmap="Blues"
    )
    # The name of the library that drew it would make the bytes depend on its version.
    figure.savefig(confusion, metadata={"Software": None})
