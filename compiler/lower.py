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
from dataclasses import replace
from functools import partial

from .canonical import encode_text
from .codes.shape import BAD_UNIT
from .diagnostic import Diagnostic, Label
from .expression.evaluation import Evaluation
from .expression.expected import expect_scalar_text
from .lowering.call import lower_call
from .lowering.tasks import lower_tasks
from .parameters import Values
from .pipeline import Pipeline
from .plan import (
    PLAN_FORMAT,
    Environment,
    OnOutOfMemory,
    ParameterValue,
    Plan,
    Retries,
    Task,
    Transformation,
)
from .spec import OnOutOfMemory as DeclaredOnOutOfMemory
from .spec import RetryCause, Spec
from .spec import Transformation as DeclaredTransformation
from .units import duration_seconds, memory_bytes

LANGUAGE = 1
CAUSES: tuple[RetryCause, ...] = ("worker-lost", "out-of-memory", "timeout", "error")
DEFAULT_RETRIES = Retries(attempts=3, causes=("worker-lost",), backoff=1.0)
_FACTOR = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)x\Z")


def lower(pipeline: Pipeline) -> tuple[Plan | None, tuple[Diagnostic, ...]]:
    """Return the plan, tasks grouped by transformation; None where anything cannot be lowered.

    What is sound is lowered also when the rest is not, so that its mistakes come to light.
    """
    found: list[Diagnostic] = []
    environments = _environments(pipeline.spec, pipeline.values, found)
    tasks: list[Task] = []
    definitions: list[Transformation] = []
    is_whole = True
    for transformation in _in_flow(pipeline):
        own, diagnostics = _tasks(pipeline, transformation)
        found.extend(diagnostics)
        tasks.extend(own)
        definition = _definition(pipeline, transformation, environments, found)
        is_whole = is_whole and definition is not None and bool(own)
        if definition is not None:
            definitions.append(definition)
    if found or not is_whole:
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
    return plan, ()


def _in_flow(pipeline: Pipeline) -> tuple[DeclaredTransformation, ...]:
    """Return the transformations: those that are sound in the order of their data, then others."""
    sound = pipeline.graph.transformations
    names = {transformation.name for transformation in sound}
    others = (t for t in pipeline.spec.transformations if t.name not in names)
    return (*sound, *others)


def _tasks(
    pipeline: Pipeline, transformation: DeclaredTransformation
) -> tuple[tuple[Task, ...], tuple[Diagnostic, ...]]:
    name = transformation.name.text
    return lower_tasks(
        transformation,
        pipeline.settings[name],
        pipeline.grids.transformations.get(name),
        pipeline.grids.artifacts,
        pipeline.values.values,
        pipeline.spec.seed,
    )


def _definition(
    pipeline: Pipeline,
    declared: DeclaredTransformation,
    environments: dict[str, Environment],
    found: list[Diagnostic],
) -> Transformation | None:
    name = declared.name.text
    entry = pipeline.entries.functions.get(name)
    code = pipeline.entries.codes.get(name)
    grid = pipeline.grids.transformations.get(name)
    retries = _retries(declared, found)
    escalation = _on_out_of_memory(declared.on_out_of_memory, found)
    environment = _environment(declared, environments)
    if entry is None or code is None or grid is None or environment is None:
        return None
    preload = code.modules
    if declared.preload is not None:
        preload = tuple(sorted({module.text for module in declared.preload}))
    return Transformation(
        name=name,
        kind="python",
        code=code,
        call=lower_call(
            declared, f"{entry.module}:{entry.function}", entry.signature, pipeline.kinds
        ),
        axes=grid.axes,
        environment=environment,
        numerics=declared.numerics,
        isolation="process",
        preload=preload,
        retries=retries,
        on_out_of_memory=escalation,
        deterministic=declared.deterministic,
    )


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
    empty = Environment(name="default", variables=(), passed=())
    return environments.get("default", empty)


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
