"""What a record names: objects, each with its size where the record knows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from ...compiler.point import with_point
from ..content import Content
from ..contracts.report import ContractReport
from ..store.records import ReuseRecord, RunEnd, RunStart, TagMove, TaskRecord, Version

Record = (
    Version | TagMove | ReuseRecord | ContractReport | RunStart | tuple[TaskRecord, ...] | RunEnd
)
"""Whatever a store keeps beside objects."""

Named = tuple[str, int | None]
"""The sha256 of an object, and its size in bytes or None."""


def objects_of(record: Record | None) -> Iterator[Named]:
    """Yield the objects that a record cannot do without; logs may be gone."""
    match record:
        case Version():
            yield from parts_of(record.content)
        case ReuseRecord():
            for _, content in record.outputs:
                yield from parts_of(content)
        case RunStart():
            yield record.plan_object, None
            yield record.spec_object, None
            for _, content in record.code:
                yield from parts_of(content)
        case TagMove() | ContractReport() | RunEnd() | tuple() | None:
            return
        case _:
            assert_never(record)


def logs_of(record: Record | None) -> Iterator[str]:
    """Yield the objects that hold what tasks printed."""
    if isinstance(record, ReuseRecord) and record.log:
        yield record.log
    if isinstance(record, tuple):
        yield from (task.log for task in record if task.log)


def parts_of(content: Content) -> Iterator[Named]:
    """Yield the objects of a content; an empty folder has none."""
    return ((part.sha256, part.size) for part in content.parts if part.sha256)


def title_of(record: Record) -> str:
    """Return what a record is in the words of people: `penguins/model[depth=4]@3`."""
    match record:
        case Version():
            return version_title(record)
        case ReuseRecord():
            return f"reuse of {record.task}" if record.run else f"reuse of the source {record.task}"
        case TagMove():
            return f"{record.pipeline}/{record.artifact}@{record.tag}"
        case RunStart() | RunEnd():
            return f"run {record.run}"
        case tuple():
            return "records of tasks"
        case ContractReport():
            return f"report on {record.content}"
        case _:
            assert_never(record)


def version_title(version: Version) -> str:
    """Return a version as it is written on the command line."""
    name = with_point(f"{version.pipeline}/{version.artifact}", version.point)
    return f"{name}@{version.number}"
