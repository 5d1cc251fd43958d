"""Is it already in the store: outputs recorded under a task's fingerprint, taken as they are."""

from __future__ import annotations

from dataclasses import dataclass

from ..compiler.plan import Task
from .binding import BoundRun, Identity
from .clock import now_text
from .content import Content
from .contracts.accept import accept, refusal, warnings_of
from .contracts.report import ContractReport
from .events import Failure, PublishedOutput
from .store import reuse, versions
from .store.backend import Backend, Damaged, Missing
from .store.records import ReuseRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Reused:
    """Outputs that an earlier attempt left, now the newest versions; `failure` where a contract
    that they are held against today refuses them."""

    record: ReuseRecord
    outputs: tuple[PublishedOutput, ...]
    warnings: tuple[str, ...]
    failure: Failure | None


def reuse_task(backend: Backend, bound: BoundRun, task: Task, identity: Identity) -> Reused | None:
    """Adopt what the task's fingerprint gave before, or return None where it must run."""
    record = reuse.find(backend, identity.fingerprint)
    if record is None:
        return None
    try:
        reports = _reports(backend, bound, task, record)
    except (Missing, Damaged):
        return None
    warnings = tuple(line for name, report in reports.items() for line in warnings_of(name, report))
    for name, report in reports.items():
        if report is not None and report.is_refused:
            return Reused(
                record=record, outputs=(), warnings=warnings, failure=refusal(name, report)
            )
    contents = dict(record.outputs)
    outputs = tuple(
        _publish(backend, bound, task, record, output.name, contents[output.name], reports)
        for output in task.outputs
    )
    return Reused(record=record, outputs=outputs, warnings=warnings, failure=None)


def _reports(
    backend: Backend, bound: BoundRun, task: Task, record: ReuseRecord
) -> dict[str, ContractReport | None]:
    contents = dict(record.outputs)
    return {
        output.artifact: accept(backend, bound.artifacts[output.artifact], contents[output.name])
        for output in task.outputs
    }


def _publish(
    backend: Backend,
    bound: BoundRun,
    task: Task,
    record: ReuseRecord,
    name: str,
    content: Content,
    reports: dict[str, ContractReport | None],
) -> PublishedOutput:
    artifact = next(output.artifact for output in task.outputs if output.name == name)
    version, _ = versions.publish(
        backend,
        pipeline=bound.plan.pipeline,
        artifact=artifact,
        point=task.point,
        content=content,
        run=bound.run,
        task=task.id,
        fingerprint=record.fingerprint,
        reused_from=record.run,
        contract=reports[artifact],
        created=now_text(),
    )
    return PublishedOutput(
        name=name, artifact=artifact, version=version.number, digest=content.digest
    )
