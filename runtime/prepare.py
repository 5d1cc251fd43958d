"""Bind a plan: take sources in, keep the code, find what each transformation runs in."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..compiler.canonical import Digest
from ..compiler.plan import Plan, SourceBinding, Transformation, forms_of
from ..compiler.point import point_text, with_point
from ..compiler.workspace import Workspace
from .binding import ArtifactPoint, BoundRun
from .clock import now_text
from .content import Content
from .contracts.accept import refusal, warnings_of
from .environments.lock import Lock, capture, capture_all, lock_digest
from .events import Event, Notice, SourceIngested
from .executor import BoundEnvironment
from .snapshot import snapshots
from .sources.ingest import Ingested, IngestError, ingest
from .store import versions
from .store.backend import Backend
from .store.overlay import Overlay

ENGINE = "duckdb"
"""The module that runs queries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What keeps a run from starting.

    `subject` is the artifact or transformation, or the option that a `selection` is wrong in;
    `upstream` is a transformation whose outputs are wanted and not there. `span` is where in the
    spec, in code points, if that is known more narrowly. `detail` is a report to show below.
    """

    kind: Literal["source", "environment", "selection", "upstream"]
    subject: str
    span: tuple[int, int] | None
    message: str
    help: str | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bindings:
    """What a plan meets on this machine; `locks` by transformation."""

    snapshots: dict[str, Content]
    environments: dict[str, BoundEnvironment]
    locks: dict[str, Lock]
    sources: dict[ArtifactPoint, Ingested]


def prepare(
    plan: Plan, *, backend: Backend, folder: Path, code_folder: Path, workspace: Workspace
) -> Bindings | tuple[Problem, ...]:
    """Return what the plan meets, or everything that keeps it from running.

    `folder` is the spec's, `code_folder` where its code lies. Sources are converted and checked
    before anything is stored. Raises StoreError.
    """
    problems: list[Problem] = []
    locks: dict[str, Lock] = {}
    environments: dict[str, BoundEnvironment] = {}
    makes_tables = {artifact.producer for artifact in plan.artifacts if artifact.kind == "table"}
    for definition in plan.transformations:
        tables = bool(forms_of(definition.call)) or definition.name in makes_tables
        lock = lock_of(definition, tables=tables)
        problems.extend(missing_problems(definition, lock))
        locks[definition.name] = lock
        environments[definition.name] = bind_environment(definition, lock)
    sources = _take_all(plan, backend, folder, problems)
    if problems:
        return tuple(problems)
    return Bindings(
        snapshots=snapshots(backend, workspace, code_folder, plan.transformations),
        environments=environments,
        locks=locks,
        sources=sources,
    )


def lock_of(definition: Transformation, *, tables: bool) -> Lock:
    """Lock what a transformation's result may depend on; `tables` says that it is passed some.

    Of a command that is everything installed; of a query the engine, and what reads its tables.
    """
    match definition.kind:
        case "python":
            return capture(definition.code.imports, tables=tables)
        case "command":
            return capture_all()
        case "sql":
            return capture((ENGINE,), tables=True)


def _take_all(
    plan: Plan, backend: Backend, folder: Path, problems: list[Problem]
) -> dict[ArtifactPoint, Ingested]:
    """Take every source in, or add to `problems` and leave the store as it was.

    What a contract may refuse stays in memory until all are accepted. Files, which none can
    refuse, come last, and go into the store only if there is no problem by then.
    """
    checked = {artifact.id for artifact in plan.artifacts if artifact.kind in ("table", "metrics")}
    memory = Overlay(backend)
    found: dict[ArtifactPoint, Ingested] = {}
    for binding in sorted(plan.sources, key=lambda one: one.artifact not in checked):
        is_kept = binding.artifact in checked or bool(problems)
        taken = take_in(plan, binding, backend=memory if is_kept else backend, folder=folder)
        if isinstance(taken, Problem):
            problems.append(taken)
        else:
            found[binding.artifact, binding.point] = taken
    if not problems:
        memory.settle()
    return found


def take_in(
    plan: Plan, binding: SourceBinding, *, backend: Backend, folder: Path
) -> Ingested | Problem:
    """Take one source into the store, converted and held against its contract."""
    try:
        taken = ingest(backend, plan=plan, binding=binding, folder=folder)
    except IngestError as error:
        return _problem(binding, error.message, error.help, error.detail)
    if taken.report is not None and taken.report.is_refused:
        failure = refusal(with_point(binding.artifact, binding.point), taken.report)
        return _problem(binding, failure.message, failure.help, failure.detail)
    return taken


def bind_environment(definition: Transformation, lock: Lock) -> BoundEnvironment:
    """Return what a transformation runs in: this interpreter, with its distributions as a lock."""
    environment = definition.environment
    return BoundEnvironment(
        digest=lock_digest(lock, environment.variables),
        python=sys.executable,
        variables=environment.variables,
        passed=environment.passed,
    )


def bind_run(run: str, plan: Plan, plan_digest: Digest, bindings: Bindings, store: str) -> BoundRun:
    """Put a run together from a plan and what it meets."""
    return BoundRun(
        run=run,
        plan=plan,
        plan_digest=plan_digest,
        store=store,
        artifacts={artifact.id: artifact for artifact in plan.artifacts},
        definitions={definition.name: definition for definition in plan.transformations},
        snapshots=bindings.snapshots,
        environments=bindings.environments,
        sources={key: taken.content for key, taken in bindings.sources.items()},
    )


def publish_sources(
    bound: BoundRun, bindings: Bindings, *, backend: Backend, emit: Callable[[Event], None]
) -> None:
    """Make what came from outside the newest versions of their artifacts."""
    for binding in bound.plan.sources:
        taken = bindings.sources[binding.artifact, binding.point]
        version, is_new = versions.publish(
            backend,
            pipeline=bound.plan.pipeline,
            artifact=binding.artifact,
            point=binding.point,
            content=taken.content,
            run=bound.run,
            task="",
            fingerprint=taken.fingerprint,
            reused_from=None,
            contract=taken.report,
            created=now_text(),
            location=binding.location,
            was_stored=True,
        )
        emit(
            SourceIngested(
                artifact=binding.artifact,
                point=point_text(binding.point),
                location=binding.location,
                version=version.number,
                digest=taken.content.digest,
                rows=taken.content.rows,
                is_new=is_new,
            )
        )
        for line in warnings_of(binding.artifact, taken.report):
            emit(Notice(message=line))


def missing_problems(definition: Transformation, lock: Lock) -> list[Problem]:
    """Report what the code surely imports and is not there; the rest is for the code to say."""
    if definition.kind == "sql" and ENGINE in lock.missing:
        return [_no_engine(definition)]
    return [
        Problem(
            kind="environment",
            subject=definition.name,
            span=None,
            message=f"the code of `{definition.name}` imports `{module}`, which is not installed",
            help=f"install what provides `{module}` into {sys.prefix}",
            detail="",
        )
        for module in lock.missing
        if module in definition.code.required
    ]


def _no_engine(definition: Transformation) -> Problem:
    return Problem(
        kind="environment",
        subject=definition.name,
        span=None,
        message=f"`{definition.name}` is a query, for which `{ENGINE}` is not installed",
        help=f"install `{ENGINE}` into {sys.prefix}",
        detail="",
    )


def _problem(binding: SourceBinding, message: str, help: str | None, detail: str) -> Problem:
    return Problem(
        kind="source",
        subject=binding.artifact,
        span=binding.span,
        message=message,
        help=help,
        detail=detail,
    )
