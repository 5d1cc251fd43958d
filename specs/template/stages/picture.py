"""A picture of the days and of the curve through them, as SVG."""

from pathlib import Path

import pyarrow as pa

from .model import predict

WIDTH, HEIGHT, LEFT, BOTTOM, MARGIN = 640, 400, 60, 50, 20


def draw(best: Path, days: pa.Table) -> str:
    """Return a picture of demand over temperature, with the curve of the best model."""
    temperatures, demands = days["temperature_c"].to_pylist(), days["demand_mwh"].to_pylist()
    across = _scale(temperatures, LEFT, WIDTH - MARGIN, tick=5)
    up = _scale(demands, HEIGHT - BOTTOM, MARGIN, tick=25)
    low, high = min(temperatures), max(temperatures)
    told = [low + (high - low) * part / 100 for part in range(101)]
    line = " ".join(
        f"{across[0](t):.1f},{up[0](demand):.1f}"
        for t, demand in zip(told, predict(best, told), strict=True)
    )
    points = "\n".join(
        f'<circle cx="{across[0](t):.1f}" cy="{up[0](demand):.1f}" r="3"/>'
        for t, demand in zip(temperatures, demands, strict=True)
    )
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" \
font-family="sans-serif" font-size="13">
<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>
{_axes(across, up)}
<g fill="#4878a8" fill-opacity="0.45">
{points}
</g>
<polyline points="{line}" fill="none" stroke="#c44e52" stroke-width="3"/>
</svg>
"""


def _scale(values, start, end, *, tick):
    """Return a function from values to places, and the round values to be marked."""
    low = int(min(values) // tick) * tick
    high = -int(-max(values) // tick) * tick
    return (
        lambda value: start + (value - low) / (high - low) * (end - start),
        range(low, high + 1, tick),
    )


def _axes(across, up):
    parts = []
    for value in across[1]:
        x = across[0](value)
        parts.append(f'<path d="M{x:.1f} {MARGIN}V{HEIGHT - BOTTOM}" stroke="#e4e4e4"/>')
        parts.append(
            f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{value}</text>'
        )
    for value in up[1]:
        y = up[0](value)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - MARGIN}" stroke="#e4e4e4"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value}</text>')
    middle = (LEFT + WIDTH - MARGIN) / 2
    label = f'<text x="{middle:.0f}" y="{HEIGHT - 10}" text-anchor="middle">temperature, °C</text>'
    side = '<text transform="translate(16 175) rotate(-90)" text-anchor="middle">demand, MWh</text>'
    return "\n".join([*parts, label, side])
