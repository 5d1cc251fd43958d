"""The graph: which transformation makes what, and in what order they can go."""

from __future__ import annotations

from dataclasses import dataclass

from .spec import Artifact, Gather, Input, Spec, Transformation


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """A spec whose references are resolved, as far as they are sound.

    `transformations` stand after all that they read, equals by name; what has an unknown or
    doubtful reference, or lies on or behind a cycle, is left out, and so is what nothing sound
    produces. `sources` come from outside. `producers` gives each produced artifact its
    transformation, sorted by artifact.
    """

    spec: Spec
    transformations: tuple[Transformation, ...]
    sources: tuple[Artifact, ...]
    producers: tuple[tuple[str, str], ...]


def reads_of(transformation: Transformation) -> tuple[Input | Gather, ...]:
    """Return everything that a transformation reads, plain inputs first."""
    return (*transformation.inputs, *transformation.gather)
