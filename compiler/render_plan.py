"""The bytes of a plan: everything that a run needs, as canonical JSON.

The top level holds `format`, `language`, `pipeline`, `seed`, `parameters` (name → value),
`artifacts`, `sources`, `transformations` (what tasks share), `tasks` in the one total order, and
`points`. A point is a mapping from axes to values. A gathered input may have very many, and many
tasks the same: each distinct list of them stands once in `points`, as texts (`depth=4,fold=1`), in
the order in which tasks first use them, and `points` of a gathered input is the index of its list
there, from 0. A plain input has its one `point`.

The task of a command has `command`: `words`, each a text, or a list of texts and paths
(`{"of": "input", "name": …}`), and `shell`. The task of a query has `query`, its text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import assert_never

from .canonical import CanonicalValue, Digest, Json, encode, sha256_hex
from .plan import (
    Artifact,
    Call,
    Command,
    CommandCall,
    FunctionCall,
    Plan,
    QueryCall,
    Resources,
    SourceBinding,
    Task,
    TaskInput,
    Transformation,
    Word,
)
from .point import Point, point_text


def plan_bytes(plan: Plan) -> bytes:
    """Return a plan as canonical JSON, without a line break at the end."""
    return encode(plan_value(plan))


def plan_digest(data: bytes) -> Digest:
    """Return the digest of a plan by its bytes: `sha256:` and the hash of exactly these."""
    return Digest(f"sha256:{sha256_hex(data)}")


def plan_value(plan: Plan) -> dict[str, CanonicalValue]:
    """Return a plan as a canonical value."""
    writer = _Writer()
    tasks = [writer.task(task) for task in plan.tasks]
    return {
        "format": plan.format,
        "language": plan.language,
        "pipeline": plan.pipeline,
        "seed": plan.seed,
        "parameters": {value.name: json.loads(value.value) for value in plan.parameters},
        "artifacts": [_artifact(artifact) for artifact in plan.artifacts],
        "sources": [_source(binding) for binding in plan.sources],
        "transformations": [_transformation(definition) for definition in plan.transformations],
        "tasks": tasks,
        "points": writer.points,
    }


class _Writer:
    """Writes tasks; what many of them share is turned into a value once."""

    def __init__(self) -> None:
        self.points: list[CanonicalValue] = []
        self._lists: dict[tuple[str, ...], int] = {}
        self._arguments: dict[str, CanonicalValue] = {}
        self._inputs: dict[int, CanonicalValue] = {}
        self._shared: dict[int, CanonicalValue] = {}

    def task(self, task: Task) -> CanonicalValue:
        written: dict[str, CanonicalValue] = {
            "task": task.id,
            "transformation": task.transformation,
            "point": _point(task.point),
            "seed": task.seed,
            "entropy": task.entropy,
            "arguments": self._parsed(task.arguments),
            "inputs": {read.parameter: self._input(read) for read in task.inputs},
            "outputs": self._record(task.outputs),
            "resources": self._record(task.resources),
            "threads": task.threads,
            "timeout": task.timeout,
        }
        # Left out where there is none, so that the plans of functions stay as they are.
        if task.command is not None:
            written["command"] = self._command(task.command)
        if task.query is not None:
            written["query"] = task.query
        return written

    def _command(self, command: Command) -> CanonicalValue:
        found = self._shared.get(id(command))
        if found is None:
            words = [_word(word) for word in command.words]
            found = self._shared[id(command)] = {"words": words, "shell": command.shell}
        return found

    def _parsed(self, text: Json) -> CanonicalValue:
        if text not in self._arguments:
            self._arguments[text] = json.loads(text)
        return self._arguments[text]

    def _input(self, read: TaskInput) -> CanonicalValue:
        # Keyed by identity: the plan keeps every value alive while it is written.
        found = self._inputs.get(id(read))
        if found is None:
            found = self._inputs[id(read)] = self._written(read)
        return found

    def _written(self, read: TaskInput) -> CanonicalValue:
        if read.gathered is None:
            return {"artifact": read.artifact, "point": _point(read.points[0])}
        texts = tuple([point_text(point) for point in read.points])
        index = self._lists.setdefault(texts, len(self.points))
        if index == len(self.points):
            self.points.append(list(texts))
        return {"artifact": read.artifact, "gathered": list(read.gathered), "points": index}

    def _record(self, value: object) -> CanonicalValue:
        found = self._shared.get(id(value))
        if found is None:
            found = self._shared[id(value)] = _record(value)
        return found


def _artifact(artifact: Artifact) -> CanonicalValue:
    return {**_fields(artifact, without=("id",)), "artifact": artifact.id}


def _source(binding: SourceBinding) -> CanonicalValue:
    # The span is where people wrote it, which a comment moves.
    return {
        "artifact": binding.artifact,
        "point": _point(binding.point),
        "location": binding.location,
        "sha256": binding.sha256,
    }


def _transformation(definition: Transformation) -> CanonicalValue:
    written = _fields(definition, without=("name", "environment", "call"))
    environment = definition.environment
    return {
        **written,
        **_call(definition.call),
        "transformation": definition.name,
        "environment": {**_fields(environment), "variables": dict(environment.variables)},
    }


def _call(call: Call) -> dict[str, CanonicalValue]:
    match call:
        case FunctionCall():
            tables = {"tables": dict(call.tables)}
            return {
                "entry_point": call.entry_point,
                "call": {**_fields(call, without=("entry_point",)), **tables},
            }
        case CommandCall():
            forms = {"inputs": dict(call.inputs), "outputs": dict(call.outputs)}
            return {"call": {**_fields(call), **forms}}
        case QueryCall():
            return {"call": _fields(call)}
        case _:
            assert_never(call)


def _word(word: Word) -> CanonicalValue:
    """Write a word: as text where it is one, else as the list of its parts."""
    if all(isinstance(part, str) for part in word):
        return "".join(part for part in word if isinstance(part, str))
    return [part if isinstance(part, str) else _fields(part) for part in word]


def _point(point: Point) -> Mapping[str, CanonicalValue]:
    return dict(point)


def _record(value: object) -> CanonicalValue:
    """Turn plan values into mappings of their fields, and tuples into lists."""
    if isinstance(value, tuple):
        return [_record(item) for item in value]
    if isinstance(value, Resources):
        plain = _fields(value, without=("labels", "custom"))
        return {**plain, "labels": dict(value.labels), "custom": dict(value.custom)}
    if is_dataclass(value):
        return _fields(value)
    assert value is None or isinstance(value, (bool, int, float, str))
    return value


def _fields(value: object, without: tuple[str, ...] = ()) -> dict[str, CanonicalValue]:
    assert is_dataclass(value)
    return {
        field.name: _record(getattr(value, field.name))
        for field in fields(value)
        if field.name not in without
    }
