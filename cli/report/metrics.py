"""Metrics: a table with a row a point and a column a metric, and a curve over a numeric axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeGuard

from ...compiler.point import AxisValue, value_text
from ...runtime.description.description import Artifact, Description, Made, Rule
from .chart import chart
from .markup import Markup, element, join
from .pieces import anchor, framed, note, plural, section

Number = int | float
_MOST_COLUMNS = 60
_MOST_CHARTS = 6
_MOST_ROWS = 30
"""Rows of a table that has no frame of its own height."""
_MOST_MARKED = 3
"""Values of a column that share an extreme and are still marked."""
_FEWEST_POINTS = 3


def metrics_section(description: Description) -> Markup:
    """Return the section, or nothing where the run has no metrics."""
    made = [one for one in description.artifacts if one.kind == "metrics" and one.made]
    order = {one.name: place for place, one in enumerate(description.transformations)}
    # What the pipeline ends in is what one looks for first.
    found = sorted(made, key=lambda one: -order.get(one.producer, -1))
    if not found:
        return Markup("")
    return section("metrics", "Metrics", *[_artifact(one) for one in found])


def _artifact(artifact: Artifact) -> Markup:
    shown = [one for one in artifact.made if one.metrics is not None]
    paths = list(dict.fromkeys(path for one in shown for path, _ in one.metrics or ()))
    left = len(paths) - _MOST_COLUMNS
    paths = paths[:_MOST_COLUMNS]
    lacking = [(one, one.lacks) for one in artifact.made if one.lacks]
    parts: list[str] = [
        element("h3", artifact.name, id=anchor("artifact", artifact.name)),
        _single(artifact, shown[0], paths)
        if len(shown) == 1 and not artifact.axes
        else _table(artifact, shown, paths),
    ]
    if left > 0:
        parts.append(note(f"{plural(left, 'more metric')} not shown."))
    if artifact.count > len(artifact.made):
        parts.append(note(f"The first {len(artifact.made):,} of {artifact.count:,} points."))
    if lacking:
        parts.append(note(f"{plural(len(lacking), 'point')} incomplete: {lacking[0][1]}."))
    parts.append(_charts(artifact, shown, paths))
    return element("div", *parts, class_="artifact")


def _single(artifact: Artifact, made: Made, paths: list[str]) -> Markup:
    """Return metrics without axes: a row each reads better than one long row."""
    values = dict(made.metrics or ())
    rules = {rule.path: rule for rule in artifact.rules}
    rows = [
        element(
            "tr",
            element("th", path, scope="row"),
            element("td", number_text(values[path]), class_="num", title=repr(values[path])),
            element("td", _asked(rules.get(path))),
        )
        for path in paths
    ]
    heads = ("metric", "value", "required")
    head = element("tr", *[element("th", title, scope="col") for title in heads])
    caption = "One value each"
    return framed(
        element(
            "table",
            element("caption", caption),
            element("thead", head),
            element("tbody", *rows),
        ),
        caption,
    )


def _asked(rule: Rule | None) -> str:
    if rule is None:
        return ""
    if rule.minimum == rule.maximum:
        return f"= {number_text(rule.minimum)}"
    bounds = [
        f"{sign} {number_text(bound)}"
        for sign, bound in (("≥", rule.minimum), ("≤", rule.maximum))
        if bound is not None
    ]
    return " and ".join(bounds)


def _table(artifact: Artifact, shown: list[Made], paths: list[str]) -> Markup:
    rules = {rule.path: rule for rule in artifact.rules}
    columns = {path: [dict(one.metrics or ()).get(path) for one in shown] for path in paths}
    marks = {path: _marks(values) for path, values in columns.items()}
    rows = []
    for index, one in enumerate(shown):
        axes = [_axis(dict(one.point).get(axis, "")) for axis in artifact.axes]
        cells = [_cell(columns[path][index], marks[path]) for path in paths]
        rows.append(element("tr", *axes, *cells))
    heads = [_head(axis, "") for axis in artifact.axes]
    heads += [_head(path, _asked(rules.get(path))) for path in paths]
    caption = "A row for each point"
    table = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *heads)),
        element("tbody", *rows),
        class_="sortable",
    )
    is_marked = any(mark is not None for pair in marks.values() for mark in pair)
    legend = note("▲ highest and ▼ lowest of a column.") if is_marked else Markup("")
    return join([framed(table, caption, is_tall=len(rows) > _MOST_ROWS), legend])


def _head(title: str, asked: str) -> Markup:
    small = element("span", asked, class_="asked") if asked else Markup("")
    # A button once the script runs; without it the word alone.
    return element("th", element("span", title, class_="title"), small, scope="col", class_="num")


def _axis(value: AxisValue) -> Markup:
    shown = value_text(value) if value != "" else ""
    return element("th", shown, scope="row", class_="num", data_value=_sort_key(value))


def _cell(value: object, marks: tuple[Number | None, Number | None]) -> Markup:
    _, high = marks
    mark = ""
    if is_number(value) and value in marks:
        mark = "▲ " if value == high else "▼ "
    sign = element("span", mark, class_="extreme") if mark else Markup("")
    return element(
        "td",
        sign,
        number_text(value),
        class_="num",
        data_value=_sort_key(value),
        title=repr(value) if isinstance(value, float) else None,
    )


def _marks(values: Sequence[object]) -> tuple[Number | None, Number | None]:
    """Return the least and the greatest of a column; None for what too many share."""
    numbers = [value for value in values if is_number(value)]
    if len(numbers) < 2 or min(numbers) == max(numbers):
        return None, None
    low, high = min(numbers), max(numbers)
    return (
        low if numbers.count(low) <= _MOST_MARKED else None,
        high if numbers.count(high) <= _MOST_MARKED else None,
    )


def _sort_key(value: object) -> str:
    return repr(value) if is_number(value) else "" if value is None else str(value)


def is_number(value: object) -> TypeGuard[Number]:
    """Whether a value is a finite number; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value)


def number_text(value: object) -> str:
    """Write a value for people: six significant digits; the whole is on hover."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if not math.isfinite(value):
            return "NaN" if math.isnan(value) else "∞" if value > 0 else "−∞"
        case float():
            return f"{value:.6g}"
        case _:
            return str(value)


def _charts(artifact: Artifact, shown: list[Made], paths: list[str]) -> Markup:
    """Return curves where there is one axis, of numbers, with three points or more."""
    if len(artifact.axes) != 1 or len(shown) < _FEWEST_POINTS:
        return Markup("")
    axis = artifact.axes[0]
    points = [(dict(one.point).get(axis), dict(one.metrics or ())) for one in shown]
    drawn: list[Markup] = []
    for path in paths:
        pairs = [
            (place, value)
            for place, metrics in points
            if is_number(place) and is_number(value := metrics.get(path))
        ]
        if len(pairs) == len(points) and len({value for _, value in pairs}) > 1:
            drawn.append(chart(path, axis, sorted(pairs)))
    return element("div", *drawn[:_MOST_CHARTS], class_="charts") if drawn else Markup("")
