"""Who uses the code that is looked at: functions, and what commands run as programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..code import Entry
from ..graph import reads_of
from ..pipeline import Pipeline
from ..plan import Code
from ..spec import CommandLine, Function, Transformation


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A transformation with the code that it reaches, and where that begins.

    `entry` is the function that it calls, None for a command, of which `programs` are the files
    that it runs.
    """

    transformation: Transformation
    entry: Entry | None
    code: Code
    programs: tuple[str, ...]


def users_of(pipeline: Pipeline) -> Iterator[User]:
    """Go through the transformations to be looked at; of those that are alike, the first."""
    seen: set[object] = set()
    for transformation in pipeline.spec.transformations:
        name = transformation.name.text
        code = pipeline.entries.codes.get(name)
        if code is None or not transformation.deterministic:
            continue
        entry = pipeline.entries.functions.get(name)
        programs = pipeline.entries.programs.get(name, ())
        match transformation.body:
            case Function() if entry is not None:
                key: object = _function_key(pipeline, transformation, entry)
            case CommandLine() if programs:
                key = programs, _settings(transformation)
            case _:
                continue
        if key not in seen:
            seen.add(key)
            yield User(transformation=transformation, entry=entry, code=code, programs=programs)


def _function_key(pipeline: Pipeline, transformation: Transformation, entry: Entry) -> object:
    kinds = pipeline.kinds
    return (
        entry.module,
        entry.function,
        _settings(transformation),
        tuple((r.parameter.text, kinds.get(r.artifact.text)) for r in reads_of(transformation)),
        tuple((o.name.text, kinds.get(o.artifact.text)) for o in transformation.outputs),
    )


def _settings(transformation: Transformation) -> object:
    environment = transformation.environment
    return (
        tuple(glob.text for glob in transformation.code),
        None if environment is None else environment.text,
    )
