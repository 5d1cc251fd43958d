"""A plan bound to what it meets: source versions, code snapshots, environments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..compiler.canonical import CanonicalValue, Digest, Json, encode_text
from ..compiler.fingerprint import Fingerprint, components, fingerprint
from ..compiler.plan import Artifact, ArtifactId, Plan, Resources, Task, Transformation, forms_of
from ..compiler.point import Point
from .content import Content
from .executor import Assignment, BoundEnvironment, BoundInput, BoundOutput

ArtifactPoint = tuple[ArtifactId, Point]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundRun:
    """One run of a plan.

    `snapshots` holds each transformation's code as stored, `environments` what its tasks run in,
    `sources` the content of everything that comes from outside.
    """

    run: str
    plan: Plan
    plan_digest: Digest
    store: str
    artifacts: Mapping[ArtifactId, Artifact]
    definitions: Mapping[str, Transformation]
    snapshots: Mapping[str, Content]
    environments: Mapping[str, BoundEnvironment]
    sources: Mapping[ArtifactPoint, Content]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A task's fingerprint and the components that it was taken over."""

    fingerprint: Fingerprint
    components: Json


def identify(bound: BoundRun, task: Task, contents: Mapping[ArtifactPoint, Content]) -> Identity:
    """Return a task's identity; `contents` holds everything that it reads."""
    parts: Mapping[str, CanonicalValue] = components(
        language=bound.plan.language,
        task=task,
        definition=bound.definitions[task.transformation],
        artifacts=bound.artifacts,
        environment=Digest(bound.environments[task.transformation].digest),
        inputs={
            wanted.parameter: tuple(
                contents[wanted.artifact, point].digest for point in wanted.points
            )
            for wanted in task.inputs
        },
    )
    return Identity(fingerprint=fingerprint(parts), components=encode_text(parts))


def assign(
    bound: BoundRun,
    task: Task,
    identity: Identity,
    contents: Mapping[ArtifactPoint, Content],
    *,
    attempt: int,
    resources: Resources,
    repair: bool,
) -> Assignment:
    """Return one attempt at a task as a worker needs it."""
    definition = bound.definitions[task.transformation]
    forms = forms_of(definition.call)
    return Assignment(
        run=bound.run,
        pipeline=bound.plan.pipeline,
        task=task.id,
        attempt=attempt,
        fingerprint=identity.fingerprint,
        identity=identity.components,
        store=bound.store,
        definition=definition,
        code=bound.snapshots[task.transformation],
        environment=bound.environments[task.transformation],
        point=task.point,
        seed=task.seed,
        entropy=task.entropy,
        arguments=task.arguments,
        inputs=tuple(
            BoundInput(
                parameter=wanted.parameter,
                artifact=bound.artifacts[wanted.artifact],
                contents=tuple(
                    (point, contents[wanted.artifact, point]) for point in wanted.points
                ),
                gathered=wanted.gathered,
                form=forms.get(wanted.parameter),
            )
            for wanted in task.inputs
        ),
        outputs=tuple(
            BoundOutput(name=output.name, artifact=bound.artifacts[output.artifact])
            for output in task.outputs
        ),
        resources=resources,
        threads=task.threads,
        timeout=task.timeout,
        command=task.command,
        query=task.query,
        repair=repair,
    )
