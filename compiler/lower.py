"""Pipeline → Plan: every choice that the spec leaves open is made here, in the open.

Retries: without `retries`, 3 attempts after the loss of a worker, 1 second apart and doubling.
`attempts`, `on` and `backoff` each replace one of these and leave the others, so
`retries: {attempts: 5}` means five attempts, after the loss of a worker only; `on` replaces the
whole list. `on_out_of_memory` makes `out-of-memory` a cause, for without another attempt it would
mean nothing.
Environment: the one that is named, else `default` where it is declared, else an empty one.
Preload: the modules that are named, else all that the code imports from outside.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Literal, assert_never

from .canonical import encode_text
from .cascades import without_cascades
from .codes.shape import BAD_UNIT
from .diagnostic import Diagnostic, Label
from .edges.judge import Edges
from .expression.evaluation import Evaluation
from .expression.expected import expect_scalar_text
from .lowering.body import Samples
from .lowering.call import lower_call, lower_command_call, lower_query_call
from .lowering.tasks import lower_tasks
from .parameters import Values
from .pipeline import Pipeline
from .plan import (
    PLAN_FORMAT,
    Call,
    Environment,
    OnOutOfMemory,
    ParameterValue,
    Plan,
    Retries,
    Task,
    Transformation,
)
from .spec import Artifact as DeclaredArtifact
from .spec import CommandLine, Function, Query, RetryCause, Spec
from .spec import OnOutOfMemory as DeclaredOnOutOfMemory
from .spec import Transformation as DeclaredTransformation
from .units import duration_seconds, memory_bytes

LANGUAGE = 1
CAUSES: tuple[RetryCause, ...] = ("worker-lost", "out-of-memory", "timeout", "error")
DEFAULT_RETRIES = Retries(attempts=3, causes=("worker-lost",), backoff=1.0)
EMPTY_ENVIRONMENT = Environment(name="default", variables=(), passed=())
KINDS: dict[type, Literal["python", "command", "sql"]] = {
    Function: "python",
    CommandLine: "command",
    Query: "sql",
}
_FACTOR = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)x\Z")


def lower(pipeline: Pipeline) -> tuple[Plan | None, tuple[Diagnostic, ...]]:
    """Return the plan, tasks grouped by transformation; None where anything cannot be lowered.

    What is sound is lowered also when the rest is not, so that its mistakes come to light.
    """
    found: list[Diagnostic] = []
    environments = _environments(pipeline.spec, pipeline.values, found)
    tasks: list[Task] = []
    definitions: list[Transformation] = []
    artifacts = {artifact.name.text: artifact for artifact in pipeline.spec.artifacts}
    edges = Edges(pipeline, artifacts)
    found.extend(edges.judge_sources())
    is_whole = True
    for transformation in _in_flow(pipeline):
        samples: Samples = {}
        own, diagnostics = _tasks(pipeline, transformation, samples, artifacts)
        found.extend(edges.judge(transformation, samples))
        found.extend(diagnostics)
        tasks.extend(own)
        definition = _definition(pipeline, transformation, environments, found)
        is_whole = is_whole and definition is not None and bool(own)
        if definition is not None:
            definitions.append(definition)
    if not is_whole or any(diagnostic.severity == "error" for diagnostic in found):
        return None, tuple(found)
    plan = Plan(
        format=PLAN_FORMAT,
        language=LANGUAGE,
        pipeline=pipeline.spec.name.text,
        seed=pipeline.spec.seed,
        parameters=_parameters(pipeline),
        artifacts=pipeline.artifacts,
        sources=pipeline.sources,
        transformations=tuple(sorted(definitions, key=lambda definition: definition.name)),
        tasks=tuple(tasks),
    )
    return plan, tuple(found)


def _in_flow(pipeline: Pipeline) -> tuple[DeclaredTransformation, ...]:
    """Return the transformations: those that are sound in the order of their data, then others."""
    sound = pipeline.graph.transformations
    names = {transformation.name for transformation in sound}
    others = (t for t in pipeline.spec.transformations if t.name not in names)
    return (*sound, *others)


def _tasks(
    pipeline: Pipeline,
    transformation: DeclaredTransformation,
    samples: Samples,
    artifacts: Mapping[str, DeclaredArtifact],
) -> tuple[tuple[Task, ...], tuple[Diagnostic, ...]]:
    name = transformation.name.text
    tasks, found = lower_tasks(
        transformation,
        pipeline.settings[name],
        pipeline.grids.transformations.get(name),
        pipeline.grids.artifacts,
        pipeline.values.values,
        pipeline.spec.seed,
        samples,
    )
    return tasks, (*found, *_judged(pipeline, transformation, samples, artifacts))


def _judged(
    pipeline: Pipeline,
    transformation: DeclaredTransformation,
    samples: Samples,
    artifacts: Mapping[str, DeclaredArtifact],
) -> tuple[Diagnostic, ...]:
    """Judge the queries of a transformation; what is wrong with all of them is said once."""
    if not samples:
        return ()
    from .queries.judge import judge_query

    found = [
        diagnostic
        for sample in samples.values()
        for diagnostic in judge_query(transformation, sample, artifacts)
    ]
    return without_cascades(
        dict.fromkeys(found),
        transformation,
        declared=pipeline.kinds,
        is_doubtful=transformation.name.text in pipeline.doubtful.transformations,
    )


def _definition(
    pipeline: Pipeline,
    declared: DeclaredTransformation,
    environments: dict[str, Environment],
    found: list[Diagnostic],
) -> Transformation | None:
    name = declared.name.text
    call = _call(pipeline, declared)
    code = pipeline.entries.codes.get(name)
    grid = pipeline.grids.transformations.get(name)
    retries = _retries(declared, found)
    escalation = _on_out_of_memory(declared.on_out_of_memory, found)
    environment = _environment(declared, environments)
    if call is None or code is None or grid is None or environment is None:
        return None
    kind = KINDS[type(declared.body)]
    preload = code.modules if kind == "python" else ()
    if declared.preload is not None:
        preload = tuple(sorted({module.text for module in declared.preload}))
    return Transformation(
        name=name,
        kind=kind,
        code=code,
        call=call,
        axes=grid.axes,
        environment=environment,
        numerics=declared.numerics,
        isolation="process",
        preload=preload,
        retries=retries,
        on_out_of_memory=escalation,
        deterministic=declared.deterministic,
    )


def _call(pipeline: Pipeline, declared: DeclaredTransformation) -> Call | None:
    """Return how it is called, None where what it calls is not known."""
    body = declared.body
    match body:
        case Function():
            entry = pipeline.entries.functions.get(declared.name.text)
            if entry is None:
                return None
            called = f"{entry.module}:{entry.function}"
            return lower_call(declared, called, entry.signature, pipeline.kinds)
        case CommandLine():
            return lower_command_call(declared, pipeline.kinds)
        case Query():
            return lower_query_call(declared, body)
        case _:
            assert_never(body)


def _environments(spec: Spec, values: Values, found: list[Diagnostic]) -> dict[str, Environment]:
    environments: dict[str, Environment] = {}
    for declared in spec.environments:
        name = declared.name.text
        evaluation = Evaluation(f"environment `{name}`", values)
        variables: list[tuple[str, str]] = []
        for variable, node in declared.variables:
            convert = partial(expect_scalar_text, what=f"variable `{variable.text}`")
            text = evaluation.read(node, convert)
            variables.append((variable.text, text or ""))
        found.extend(evaluation.found)
        environments[name] = Environment(
            name=name,
            variables=tuple(sorted(variables)),
            passed=tuple(sorted({passed.text for passed in declared.passed})),
        )
    return environments


def _environment(
    declared: DeclaredTransformation, environments: dict[str, Environment]
) -> Environment | None:
    if declared.environment is not None:
        return environments.get(declared.environment.text)
    return environments.get("default", EMPTY_ENVIRONMENT)


def _retries(declared: DeclaredTransformation, found: list[Diagnostic]) -> Retries:
    given, retries = declared.retries, DEFAULT_RETRIES
    if given is not None:
        if given.attempts is not None:
            retries = replace(retries, attempts=given.attempts)
        if given.causes is not None:
            retries = replace(retries, causes=_causes(given.causes))
        if given.backoff is not None:
            seconds = duration_seconds(given.backoff.text)
            if seconds is None:
                message = f"`backoff` is `{given.backoff.text}`, not a duration such as `10s`"
                found.append(_wrong(message, Label(span=given.backoff.span)))
            retries = replace(retries, backoff=seconds or 0.0)
    if declared.on_out_of_memory is not None:
        retries = replace(retries, causes=_causes((*retries.causes, "out-of-memory")))
    return retries


def _causes(causes: tuple[RetryCause, ...]) -> tuple[RetryCause, ...]:
    return tuple(cause for cause in CAUSES if cause in causes)


def _on_out_of_memory(
    declared: DeclaredOnOutOfMemory | None, found: list[Diagnostic]
) -> OnOutOfMemory | None:
    if declared is None:
        return None
    factor = _FACTOR.match(declared.memory.text)
    memory = None if factor else memory_bytes(declared.memory.text)
    is_growth = factor is None or float(factor[1]) > 1
    if (factor is None and memory is None) or not is_growth:
        message = f"`memory` is `{declared.memory.text}`, not more memory: `2x` or `8GiB`"
        found.append(_wrong(message, Label(span=declared.memory.span)))
    maximum = None
    if declared.maximum is not None:
        maximum = memory_bytes(declared.maximum.text)
        if maximum is None:
            message = f"`maximum` is `{declared.maximum.text}`, not an amount such as `8GiB`"
            found.append(_wrong(message, Label(span=declared.maximum.span)))
    return OnOutOfMemory(
        factor=float(factor[1]) if factor else None, memory=memory, maximum=maximum
    )


def _wrong(message: str, label: Label) -> Diagnostic:
    return Diagnostic(code=BAD_UNIT, message=message, primary=label)


def _parameters(pipeline: Pipeline) -> tuple[ParameterValue, ...]:
    declared = sorted(pipeline.spec.parameters, key=lambda parameter: parameter.name.text)
    return tuple(
        ParameterValue(
            name=parameter.name.text,
            type=parameter.type,
            value=encode_text(pipeline.values.values[parameter.name.text]),
        )
        for parameter in declared
        if parameter.name.text in pipeline.values.values
    )
