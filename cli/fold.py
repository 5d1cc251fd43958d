"""Many versions of one artifact in a few characters: `scores[depth=2,4,8]@1`."""

from __future__ import annotations

from collections.abc import Sequence

from ..compiler.point import Point, point_text, value_text

_MOST_VALUES = 5
_MOST_NUMBERS = 3


def fold_name(name: str, points: Sequence[Point]) -> str:
    """Write a name with points: one as it is, a few along one axis by their values, else counted.

    `points` are distinct and of the same axes.
    """
    if not points or points == [()] or points == ((),):
        return name
    values: dict[str, list[str]] = {}
    for point in points:
        for axis, value in point:
            found = values.setdefault(axis, [])
            if (text := value_text(value)) not in found:
                found.append(text)
    varying = [axis for axis, found in values.items() if len(found) > 1]
    if len(varying) > 1 or len(points) > _MOST_VALUES:
        return f"{name}[{len(points)} points]"
    inside = (f"{axis}={','.join(found)}" for axis, found in values.items())
    return f"{name}[{','.join(inside)}]"


def fold_numbers(numbers: Sequence[int]) -> str:
    """Write version numbers: `1`, `1,3`, or `1–40` where they are many."""
    found = sorted(set(numbers))
    if len(found) <= _MOST_NUMBERS:
        return ",".join(map(str, found))
    return f"{found[0]}–{found[-1]}"


def fold_versions(name: str, versions: Sequence[tuple[Point, int]], *, counted: bool = True) -> str:
    """Write versions of one artifact: `scores[depth=2,4]@1`, `report@1–40 (12 versions)`.

    Where not `counted`, how many they are is said elsewhere.
    """
    points = list({point_text(point): point for point, _ in versions}.values())
    numbers = [number for _, number in versions]
    text = f"{fold_name(name, points)}@{fold_numbers(numbers)}"
    if not counted or (len(set(numbers)) <= _MOST_NUMBERS and len(versions) <= len(points)):
        return text
    return f"{text} ({len(versions)} versions)"
