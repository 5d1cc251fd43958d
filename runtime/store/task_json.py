"""The record of one task to canonical values and back."""

from __future__ import annotations

import json
from typing import cast

from ...compiler.canonical import CanonicalValue, Json
from .fields import Fields
from .records import TaskRecord


def value_of(text: Json) -> CanonicalValue:
    """Return the value behind canonical JSON, so that a record holds it and not a string of it."""
    return cast("CanonicalValue", json.loads(text))


def task_fields(task: TaskRecord) -> dict[str, CanonicalValue]:
    """Return a task record as a canonical value."""
    return {
        "task": task.task,
        "state": task.state,
        "fingerprint": task.fingerprint,
        "attempts": task.attempts,
        "seconds": task.seconds,
        "cpu_seconds": task.cpu_seconds,
        "peak_memory": task.peak_memory,
        "started": task.started,
        "host": task.host,
        "inputs": input_records(task.inputs),
        "outputs": [
            {"name": name, "artifact": artifact, "version": version, "digest": digest}
            for name, artifact, version, digest in task.outputs
        ],
        "failure": None if task.failure is None else value_of(task.failure),
        "log": task.log,
        "warnings": task.warnings,
        "reused_from": task.reused_from,
    }


def read_task(fields: Fields) -> TaskRecord:
    """Return what `task_fields` wrote. Raises ValueError."""
    return TaskRecord(
        task=fields.text("task"),
        state=fields.text("state"),
        fingerprint=fields.text_or_none("fingerprint"),
        attempts=fields.whole("attempts"),
        seconds=fields.number("seconds"),
        cpu_seconds=fields.number("cpu_seconds"),
        peak_memory=fields.whole("peak_memory"),
        started=fields.text("started"),
        host=fields.text("host"),
        inputs=fields.many("inputs", read_input),
        outputs=fields.many("outputs", _output),
        failure=fields.json_or_none("failure"),
        log=fields.text_or_none("log"),
        warnings=fields.texts("warnings"),
        reused_from=fields.text_or_none("reused_from"),
    )


def input_records(inputs: tuple[tuple[str, str, str], ...]) -> list[CanonicalValue]:
    """Return what a task read as a canonical value."""
    return [
        {"parameter": parameter, "artifact": artifact, "digest": digest}
        for parameter, artifact, digest in inputs
    ]


def read_input(fields: Fields) -> tuple[str, str, str]:
    """Return one of what `input_records` wrote. Raises ValueError."""
    return fields.text("parameter"), fields.text("artifact"), fields.text("digest")


def _output(fields: Fields) -> tuple[str, str, int, str]:
    return (
        fields.text("name"),
        fields.text("artifact"),
        fields.whole("version"),
        fields.text("digest"),
    )
