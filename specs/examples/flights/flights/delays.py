"""How late departures are, by the weather and by the hour."""

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure


def by_visibility(departures: pd.DataFrame, edges: list[float], late: int) -> pd.DataFrame:
    """Return departures, mean delay and share of late ones for each band of visibility.

    `edges` are in miles, ascending; a band holds its lower edge, the last one both. A departure is
    late from `late` minutes on.
    """
    known = departures.dropna(subset=["visib"])
    lower = pd.cut(known["visib"], [*edges[:-1], float("inf")], right=False, labels=edges[:-1])
    grouped = known.groupby(lower.astype("float64"))["dep_delay"]
    bands = grouped.agg(departures="size", delay="mean", late=lambda d: (d >= late).mean())
    return bands.rename_axis("from_miles").reset_index()


def compare(visibility: pd.DataFrame, by_carrier: pd.DataFrame) -> dict:
    """Return the numbers that a reader asks for first."""
    worst = by_carrier.sort_values(["late", "carrier"], ascending=[False, True]).iloc[0]
    return {
        "departures": int(by_carrier["departures"].sum()),
        "late": float((by_carrier["late"] * by_carrier["departures"]).sum())
        / float(by_carrier["departures"].sum()),
        "late_in_fog": float(visibility["late"].iloc[0]),
        "late_in_clear_air": float(visibility["late"].iloc[-1]),
        "worst_carrier": str(worst["name"]),
    }


def draw(by_hour: pd.DataFrame, delays: Path) -> None:
    """Draw the mean delay over the scheduled hour for each airport, and write it to `delays`."""
    figure = Figure(figsize=(7, 4), dpi=120, layout="constrained")
    axes = figure.subplots()
    for origin, hours in by_hour.groupby("origin"):
        axes.plot(hours["hour"], hours["delay"], marker="o", markersize=3, label=origin)
    axes.set(xlabel="scheduled hour", ylabel="mean delay at departure, minutes")
    axes.legend(frameon=False)
    # The name of the library that drew it would make the bytes depend on its version.
    figure.savefig(delays, metadata={"Software": None})
