"""What is different between two sets of metrics."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .change import Change

if TYPE_CHECKING:
    from ..codecs.metrics import MetricsValue

_Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricChange:
    """One metric that is not what it was, by dotted path.

    `old` and `new` are JSON, with the words `NaN`, `Infinity` and `-Infinity`; None where there
    is none. `difference` is new less old, and `relative` that by the size of the old, where both
    are finite numbers, and the old is not 0.
    """

    path: str
    change: Change
    old: str | None
    new: str | None
    difference: float | None
    relative: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsDifference:
    """All changes, in order of path, and how many metrics are the same."""

    changes: tuple[MetricChange, ...]
    same: int


def compare_metrics(
    old: dict[str, MetricsValue], new: dict[str, MetricsValue]
) -> MetricsDifference:
    """Compare leaf by leaf; items of lists are leaves by their index.

    Two values are the same where their JSON is: a NaN is a NaN, −0.0 is not 0.0, 1 is not 1.0.
    """
    before, after = dict(_leaves(old)), dict(_leaves(new))
    paths = [*before, *(path for path in after if path not in before)]
    changes = [
        _change(path, before.get(path), after.get(path))
        for path in sorted(paths, key=_order)
        if before.get(path) != after.get(path)
    ]
    return MetricsDifference(changes=tuple(changes), same=len(paths) - len(changes))


def _leaves(value: MetricsValue) -> list[tuple[_Path, str]]:
    """Return every leaf as JSON by its path; an empty mapping or list is a leaf."""
    found: list[tuple[_Path, str]] = []
    left: list[tuple[_Path, MetricsValue]] = [((), value)]
    while left:
        path, inner = left.pop()
        if isinstance(inner, dict) and inner:
            left += [((*path, name), item) for name, item in inner.items()]
        elif isinstance(inner, list) and inner:
            left += [((*path, str(index)), item) for index, item in enumerate(inner)]
        else:
            found.append((path, json.dumps(inner, ensure_ascii=False)))
    return found


def _order(path: _Path) -> list[tuple[bool, int, str]]:
    """Sort indices as numbers."""
    return [(not name.isdecimal(), int(name) if name.isdecimal() else 0, name) for name in path]


def _change(path: _Path, old: str | None, new: str | None) -> MetricChange:
    before, after = _number(old), _number(new)
    difference = relative = None
    if before is not None and after is not None and math.isfinite(after - before):
        difference = after - before
        relative = difference / abs(before) if before else None
    return MetricChange(
        path=".".join(path),
        change="added" if old is None else "removed" if new is None else "changed",
        old=old,
        new=new,
        difference=difference,
        relative=relative if relative is None or math.isfinite(relative) else None,
    )


def _number(text: str | None) -> float | None:
    value = None if text is None else json.loads(text)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None
