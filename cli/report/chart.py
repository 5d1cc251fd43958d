"""A small curve of one metric over one axis."""

from __future__ import annotations

from collections.abc import Sequence

from .markup import Markup, element

_WIDTH, _HEIGHT = 300.0, 170.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, 14.0, 12.0, 40.0


def chart(metric: str, axis: str, points: Sequence[tuple[float, float]]) -> Markup:
    """Return a figure of (axis, metric) pairs, sorted by axis; there are two values or more."""
    xs = [x for x, _ in points]
    ys = [y for _, y in points]
    low, high = min(ys), max(ys)
    first, last = xs[0], xs[-1]
    wide, tall = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def place(x: float, y: float) -> tuple[float, float]:
        across = (x - first) / (last - first or 1)
        up = (y - low) / (high - low or 1)
        return _LEFT + across * wide, _TOP + tall * (1 - up)

    spots = [place(x, y) for x, y in points]
    base = _TOP + tall
    drawn = [
        element("title", f"{metric} over {axis}: {low:.6g} to {high:.6g}"),
        element("path", d=f"M{_LEFT - 8} {_TOP - 4}V{base + 6}H{_WIDTH - 6}", class_="frame"),
        element("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in spots)),
        *[
            element("circle", element("title", f"{axis} {x:g}: {y:.6g}"), cx=at[0], cy=at[1], r=3.5)
            for (x, y), at in zip(points, spots, strict=True)
        ],
        _label(_LEFT - 13, _TOP + 4, f"{high:.4g}", "end"),
        _label(_LEFT - 13, base + 4, f"{low:.4g}", "end"),
        *[_label(at[0], base + 20, f"{x:g}", "middle") for x, at in _labelled(xs, spots)],
        _label(_LEFT + wide / 2, _HEIGHT - 4, axis, "middle"),
    ]
    svg = element("svg", *drawn, viewBox=f"0 0 {_WIDTH:g} {_HEIGHT:g}", role="img")
    return element("figure", element("figcaption", metric), svg, class_="chart")


def _labelled(
    xs: list[float], spots: list[tuple[float, float]]
) -> list[tuple[float, tuple[float, float]]]:
    """Return the values of the axis that have room for a label, first and last surely."""
    found = [(xs[0], spots[0])]
    for x, at in zip(xs[1:-1], spots[1:-1], strict=True):
        if at[0] - found[-1][1][0] >= 34 and spots[-1][0] - at[0] >= 34:
            found.append((x, at))
    return [*found, (xs[-1], spots[-1])]


def _label(x: float, y: float, words: str, side: str) -> Markup:
    return element("text", words, x=x, y=y, text_anchor=side)
