"""Every record of the store to canonical JSON and back.

Fields are only ever added; readers ignore those they do not know. All of them are listed in
`docs/store-format.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from ...compiler.canonical import CanonicalValue
from ...compiler.fingerprint import Fingerprint
from ..content import content_record
from ..contracts.report import ContractReport, report_record
from .content_json import point_record, read_content, read_digest, read_point, read_report
from .fields import Fields
from .records import ReuseRecord, RunEnd, RunStart, TaskRecord, Version
from .sealed import damaged_record, seal, unseal
from .task_json import input_records, read_input, read_task, task_fields, value_of

_Record = TypeVar("_Record")


def encode_version(version: Version) -> bytes:
    """Return a version manifest as bytes."""
    fields: dict[str, CanonicalValue] = {
        "pipeline": version.pipeline,
        "artifact": version.artifact,
        "point": point_record(version.point),
        "number": version.number,
        "content": content_record(version.content),
        "run": version.run,
        "task": version.task,
        "fingerprint": version.fingerprint,
        "reused_from": version.reused_from,
        "contract": None if version.contract is None else report_record(version.contract),
        "created": version.created,
        "nonce": version.nonce,
    }
    if version.inputs is not None:
        fields["inputs"] = input_records(version.inputs)
    if version.location is not None:
        fields["location"] = version.location
    return seal("version", fields)


def decode_version(data: bytes, place: str) -> Version:
    """Return the version in these bytes, read from `place`. Raises Damaged, NewerFormat."""
    return _decode("version", data, place, _version)


def encode_reuse(record: ReuseRecord) -> bytes:
    """Return a reuse record as bytes."""
    fields: dict[str, CanonicalValue] = {
        "fingerprint": record.fingerprint,
        "identity": value_of(record.identity),
        "outputs": {name: content_record(content) for name, content in record.outputs},
        "log": record.log,
        "run": record.run,
        "task": record.task,
        "seconds": record.seconds,
        "created": record.created,
        "nonce": record.nonce,
    }
    return seal("reuse", fields)


def decode_reuse(data: bytes, place: str) -> ReuseRecord:
    """Return the reuse record in these bytes. Raises Damaged, NewerFormat."""
    return _decode("reuse", data, place, _reuse)


def encode_report(report: ContractReport) -> bytes:
    """Return a contract report as bytes."""
    return seal("contract", report_record(report))


def decode_report(data: bytes, place: str) -> ContractReport:
    """Return the contract report in these bytes. Raises Damaged, NewerFormat."""
    return _decode("contract", data, place, read_report)


def encode_start(start: RunStart) -> bytes:
    """Return the first record of a run as bytes."""
    fields: dict[str, CanonicalValue] = {
        "run": start.run,
        "pipeline": start.pipeline,
        "plan": start.plan,
        "plan_object": start.plan_object,
        "spec_object": start.spec_object,
        "parameters": value_of(start.parameters),
        "code": {name: content_record(content) for name, content in start.code},
        "environments": value_of(start.environments),
        "command": start.command,
        "started": start.started,
        "host": start.host,
    }
    if start.process is not None:
        fields["process"] = start.process
    return seal("run-start", fields)


def decode_start(data: bytes, place: str) -> RunStart:
    """Return the first record of a run in these bytes. Raises Damaged, NewerFormat."""
    return _decode("run-start", data, place, _start)


def encode_tasks(tasks: Sequence[TaskRecord]) -> bytes:
    """Return a batch of task records as bytes."""
    return seal("tasks", {"tasks": [task_fields(task) for task in tasks]})


def decode_tasks(data: bytes, place: str) -> tuple[TaskRecord, ...]:
    """Return the task records in these bytes. Raises Damaged, NewerFormat."""
    return _decode("tasks", data, place, lambda fields: fields.many("tasks", read_task))


def encode_end(end: RunEnd) -> bytes:
    """Return the last record of a run as bytes."""
    fields: dict[str, CanonicalValue] = {
        "run": end.run,
        "state": end.state,
        "seconds": end.seconds,
        "counts": value_of(end.counts),
    }
    return seal("run-end", fields)


def decode_end(data: bytes, place: str) -> RunEnd:
    """Return the last record of a run in these bytes. Raises Damaged, NewerFormat."""
    return _decode("run-end", data, place, _end)


def encode_store() -> bytes:
    """Return the mark of a store, which says its format."""
    return seal("store", {})


def check_store(data: bytes, place: str) -> None:
    """Raise Damaged or NewerFormat where these bytes mark no store of a known format."""
    unseal("store", data, place)


def _decode(record: str, data: bytes, place: str, read: Callable[[Fields], _Record]) -> _Record:
    fields = unseal(record, data, place)
    try:
        return read(fields)
    except (ValueError, TypeError) as error:
        raise damaged_record(place) from error


def _version(fields: Fields) -> Version:
    return Version(
        pipeline=fields.text("pipeline"),
        artifact=fields.text("artifact"),
        point=read_point(fields, "point"),
        number=fields.whole("number"),
        content=fields.one("content", read_content),
        run=fields.text("run"),
        task=fields.text("task"),
        fingerprint=Fingerprint(read_digest(fields, "fingerprint")),
        reused_from=fields.text_or_none("reused_from"),
        contract=fields.one_or_none("contract", read_report),
        created=fields.text("created"),
        nonce=fields.text("nonce"),
        inputs=fields.many_or_none("inputs", read_input),
        location=fields.text_or_none("location"),
    )


def _reuse(fields: Fields) -> ReuseRecord:
    return ReuseRecord(
        fingerprint=Fingerprint(read_digest(fields, "fingerprint")),
        identity=fields.json("identity"),
        outputs=fields.by_name("outputs", read_content),
        log=fields.text_or_none("log"),
        run=fields.text("run"),
        task=fields.text("task"),
        seconds=fields.number("seconds"),
        created=fields.text("created"),
        nonce=fields.text("nonce"),
    )


def _start(fields: Fields) -> RunStart:
    return RunStart(
        run=fields.text("run"),
        pipeline=fields.text("pipeline"),
        plan=read_digest(fields, "plan"),
        plan_object=fields.text("plan_object"),
        spec_object=fields.text("spec_object"),
        parameters=fields.json("parameters"),
        code=fields.by_name("code", read_content),
        environments=fields.json("environments"),
        command=fields.texts("command"),
        started=fields.text("started"),
        host=fields.text("host"),
        process=fields.text_or_none("process"),
    )


def _end(fields: Fields) -> RunEnd:
    return RunEnd(
        run=fields.text("run"),
        state=fields.text("state"),
        seconds=fields.number("seconds"),
        counts=fields.json("counts"),
    )
