"""Places for the boxes of a graph: layers from top to bottom, few crossings, straight lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import pairwise

_SWEEPS = 8
_GAP = 28.0
_BEND_WIDTH = 10.0
"""What a line takes that passes through a layer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """Where things lie: `layers` of names in order, the middle of each, and each line's path.

    Names of bends, where a line passes a layer, are `source\\ntarget\\nlayer`.
    """

    layers: tuple[tuple[str, ...], ...]
    middle: Mapping[str, float]
    paths: Mapping[tuple[str, str], tuple[str, ...]]
    width: float


def lay(widths: Mapping[str, float], lines: Sequence[tuple[str, str]]) -> Laid:
    """Lay boxes of these widths, joined by lines without a circle, out in layers.

    The method is that of Sugiyama, Tagawa and Toda (1981): layers by the longest way, bends in
    long lines, order by barycentres; then places by least squares under the order.
    """
    depth = _depths(list(widths), lines)
    paths: dict[tuple[str, str], tuple[str, ...]] = {}
    sizes = dict(widths)
    layers: list[list[str]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for name, level in depth.items():
        layers[level].append(name)
    for source, target in lines:
        bends = [f"{source}\n{target}\n{one}" for one in range(depth[source] + 1, depth[target])]
        for level, bend in enumerate(bends, depth[source] + 1):
            sizes[bend] = _BEND_WIDTH
            layers[level].append(bend)
        paths[source, target] = (source, *bends, target)
    above, below = _neighbours(paths.values())
    _order(layers, above, below)
    middle = _places(layers, sizes, above, below)
    left = min((middle[name] - sizes[name] / 2 for name in middle), default=0.0)
    right = max((middle[name] + sizes[name] / 2 for name in middle), default=0.0)
    return Laid(
        layers=tuple(tuple(layer) for layer in layers),
        middle={name: place - left for name, place in middle.items()},
        paths=paths,
        width=right - left,
    )


def _depths(names: list[str], lines: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Give each name a layer: below all it needs; what needs nothing just above its readers."""
    needs: dict[str, list[str]] = {name: [] for name in names}
    readers: dict[str, list[str]] = {name: [] for name in names}
    for source, target in lines:
        needs[target].append(source)
        readers[source].append(target)
    order = list(TopologicalSorter(needs).static_order())
    found: dict[str, int] = {}
    for name in order:
        found[name] = max((found[one] + 1 for one in needs[name]), default=0)
    for name in reversed(order):
        if not needs[name] and readers[name]:
            found[name] = min(found[one] for one in readers[name]) - 1
    return {name: found[name] for name in names}


def _neighbours(
    paths: Iterable[tuple[str, ...]],
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    above: dict[str, list[str]] = {}
    below: dict[str, list[str]] = {}
    for path in paths:
        for upper, lower in pairwise(path):
            below.setdefault(upper, []).append(lower)
            above.setdefault(lower, []).append(upper)
    return above, below


def _order(
    layers: list[list[str]], above: dict[str, list[str]], below: dict[str, list[str]]
) -> None:
    place = {name: float(index) for layer in layers for index, name in enumerate(layer)}
    for sweep in range(_SWEEPS):
        is_down = sweep % 2 == 0
        towards = above if is_down else below
        for layer in layers if is_down else reversed(layers):
            layer.sort(key=lambda name: _mean(towards.get(name, ()), place, place[name]))
            place.update({name: float(index) for index, name in enumerate(layer)})


def _places(
    layers: list[list[str]],
    sizes: Mapping[str, float],
    above: dict[str, list[str]],
    below: dict[str, list[str]],
) -> dict[str, float]:
    place: dict[str, float] = {}
    for layer in layers:
        for name, middle in zip(layer, _apart([0.0] * len(layer), layer, sizes), strict=True):
            place[name] = middle
    for sweep in range(_SWEEPS * 2):
        is_down = sweep % 2 == 0
        for layer in layers if is_down else reversed(layers):
            wanted = [_wanted(name, place, above, below, is_down=is_down) for name in layer]
            place.update(zip(layer, _apart(wanted, layer, sizes), strict=True))
    return place


def _wanted(
    name: str,
    place: Mapping[str, float],
    above: Mapping[str, list[str]],
    below: Mapping[str, list[str]],
    *,
    is_down: bool,
) -> float:
    """Return where a name would like to be: amid its neighbours above or below; a bend at bends."""
    near: Sequence[str] = (above if is_down else below).get(name, ())
    if "\n" in name:
        near = [*above[name], *below[name]]
        near = [one for one in near if "\n" in one] or near
    return _mean(near, place, place[name])


def _apart(wanted: list[float], layer: list[str], sizes: Mapping[str, float]) -> list[float]:
    """Return the places nearest to those wanted that keep the order and the gaps.

    Pooling adjacent violators: least squares under an order.
    """
    offsets = [0.0]
    for left, right in pairwise(layer):
        offsets.append(offsets[-1] + (sizes[left] + sizes[right]) / 2 + _GAP)
    pools: list[tuple[float, int]] = []
    for value, offset in zip(wanted, offsets, strict=False):
        total, count = value - offset, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            more, number = pools.pop()
            total, count = total + more, count + number
        pools.append((total, count))
    flat = [total / count for total, count in pools for _ in range(count)]
    return [value + offset for value, offset in zip(flat, offsets, strict=False)]


def _mean(names: Sequence[str], place: Mapping[str, float], otherwise: float) -> float:
    return sum(place[name] for name in names) / len(names) if names else otherwise
