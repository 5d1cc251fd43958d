"""What the names of an expression stand for, and which of them exist where it is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from .value import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Values of `parameters.NAME`, `matrix.AXIS` and `seed`, as far as they exist."""

    parameters: Mapping[str, Value]
    matrix: Mapping[str, Value] = field(default_factory=dict)
    seed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names that exist at a place.

    `axes` is None where no axis can be named, and `seed` is False where there is none; `place`
    says in words where that is. Names in `broken` were declared badly: they are not unknown, and
    what uses them has no value. Where `axes_are_known` is False an error upstream hides the axes,
    and any may be named.
    """

    place: str
    parameters: Collection[str]
    axes: frozenset[str] | None
    seed: bool
    broken: frozenset[str]
    axes_are_known: bool = True
