"""What the grid says, as a table and as a picture."""

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure


def summarise(scores: pd.DataFrame) -> pd.DataFrame:
    """Return accuracy over the folds for each gamma and C: mean, least, and spread (ddof 1)."""
    grouped = scores.groupby(["gamma", "c"])["accuracy"]
    summary = grouped.agg(mean="mean", least="min", spread="std").reset_index()
    return summary.sort_values(["gamma", "c"], ignore_index=True)


def draw(summary: pd.DataFrame, heat: Path) -> None:
    """Draw the mean accuracy over the grid, and write the picture to `heat`."""
    grid = summary.pivot(index="gamma", columns="c", values="mean")
    figure = Figure(figsize=(5, 4), dpi=120, layout="constrained")
    axes = figure.subplots()
    axes.imshow(grid, cmap="Blues", vmin=grid.min().min() - 0.05, vmax=1)
    axes.set_xticks(range(len(grid.columns)), [f"{c:g}" for c in grid.columns])
    axes.set_yticks(range(len(grid.index)), [f"{gamma:g}" for gamma in grid.index])
    axes.set(xlabel="C", ylabel="gamma", title="Mean accuracy over the folds")
    best = grid.max().max()
    for row, gamma in enumerate(grid.index):
        for column, c in enumerate(grid.columns):
            mean = grid.loc[gamma, c]
            weight = "bold" if mean == best else "normal"
            colour = "white" if mean > 0.7 else "black"
            axes.text(
                column, row, f"{mean:.3f}", ha="center", va="center", weight=weight, color=colour
            )
    # The name of the library that drew it would make the bytes depend on its version.
    figure.savefig(heat, metadata={"Software": None})
