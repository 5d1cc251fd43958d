"""What a task read, as records name it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..compiler.plan import Task
from ..compiler.point import with_point
from .binding import ArtifactPoint
from .content import Content
from .executor import BoundInput

MOST_LISTED = 64
"""Inputs up to which each version's manifest lists them; the run's record always does."""

ReadInputs = tuple[tuple[str, str, str], ...]
"""Parameter, artifact with its point (`fit[depth=4]`), and digest."""


def read_inputs(task: Task, contents: Mapping[ArtifactPoint, Content]) -> ReadInputs:
    """Return what a task reads, as far as `contents` knows it."""
    return tuple(
        (wanted.parameter, with_point(wanted.artifact, point), contents[key].digest)
        for wanted in task.inputs
        for point in wanted.points
        if (key := (wanted.artifact, point)) in contents
    )


def listed_inputs(task: Task, contents: Mapping[ArtifactPoint, Content]) -> ReadInputs | None:
    """Return what a manifest says that its version was made from; None where it is too much."""
    if sum(len(wanted.points) for wanted in task.inputs) > MOST_LISTED:
        return None
    return read_inputs(task, contents)


def listed_bound(inputs: Sequence[BoundInput]) -> ReadInputs | None:
    """Return the same of an attempt's inputs."""
    if sum(len(wanted.contents) for wanted in inputs) > MOST_LISTED:
        return None
    return tuple(
        (wanted.parameter, with_point(wanted.artifact.id, point), content.digest)
        for wanted in inputs
        for point, content in wanted.contents
    )
