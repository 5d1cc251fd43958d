"""Is it already in the store: outputs recorded under a task's fingerprint, taken as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..compiler.plan import Task
from .binding import ArtifactPoint, BoundRun, Identity
from .clock import now_text
from .content import Content
from .contracts.accept import accept, refusal, warnings_of
from .contracts.report import ContractReport
from .events import Failure, PublishedOutput
from .made_from import ReadInputs, listed_inputs
from .store import reuse, versions
from .store.backend import Backend, Damaged, Missing
from .store.records import ReuseRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Reusable:
    """Outputs that an earlier attempt left, whole in the store, with the reports of today's
    contracts by artifact; `failure` where one of them refuses."""

    record: ReuseRecord
    reports: tuple[tuple[str, ContractReport | None], ...]
    warnings: tuple[str, ...]
    failure: Failure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reused:
    """Outputs that an earlier attempt left, now the newest versions; `failure` where a contract
    that they are held against today refuses them."""

    record: ReuseRecord
    outputs: tuple[PublishedOutput, ...]
    warnings: tuple[str, ...]
    failure: Failure | None


def find_reusable(
    backend: Backend, bound: BoundRun, task: Task, identity: Identity
) -> Reusable | None:
    """Return what the task's fingerprint gave before, or None where it must run; no version is
    published. Raises StoreError."""
    record = reuse.find(backend, identity.fingerprint)
    if record is None:
        return None
    try:
        reports = _reports(backend, bound, task, record)
    except (Missing, Damaged):
        return None
    refused = [
        refusal(name, report)
        for name, report in reports.items()
        if report is not None and report.is_refused
    ]
    return Reusable(
        record=record,
        reports=tuple(reports.items()),
        warnings=tuple(
            line for name, report in reports.items() for line in warnings_of(name, report)
        ),
        failure=refused[0] if refused else None,
    )


def reuse_task(
    backend: Backend,
    bound: BoundRun,
    task: Task,
    identity: Identity,
    contents: Mapping[ArtifactPoint, Content] | None = None,
) -> Reused | None:
    """Adopt what the task's fingerprint gave before, or return None where it must run.

    `contents` holds everything that the task reads, for the manifests of new versions.
    """
    found = find_reusable(backend, bound, task, identity)
    return None if found is None else adopt(backend, bound, task, found, contents)


def adopt(
    backend: Backend,
    bound: BoundRun,
    task: Task,
    found: Reusable,
    contents: Mapping[ArtifactPoint, Content] | None = None,
) -> Reused | None:
    """Make what was found the newest versions, unless a contract refuses it.

    Returns None where an object of it has gone since; the task must run then. `contents` holds
    everything that the task reads, for the manifests of new versions.
    """
    record, reports = found.record, dict(found.reports)
    made = dict(record.outputs)
    inputs = None if contents is None else listed_inputs(task, contents)
    try:
        outputs = (
            tuple(
                _publish(
                    backend, bound, task, record, output.name, made[output.name], reports, inputs
                )
                for output in task.outputs
            )
            if found.failure is None
            else ()
        )
    except Missing:
        return None
    return Reused(record=record, outputs=outputs, warnings=found.warnings, failure=found.failure)


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
    inputs: ReadInputs | None,
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
        inputs=inputs,
        was_stored=True,
    )
    return PublishedOutput(
        name=name, artifact=artifact, version=version.number, digest=content.digest
    )
