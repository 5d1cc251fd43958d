"""Every parameter is used."""

from __future__ import annotations

from collections.abc import Iterator

from ..codes.parameters import UNUSED_PARAMETER
from ..diagnostic import Diagnostic, Label
from ..document import Node
from ..expression.template import referenced_parameters
from ..pipeline import Pipeline
from ..spec import Artifact, CommandLine, Environment, Function, Matrix, Query, Transformation


def unused_parameter(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Warn of parameters that no expression names; not where a part could not be read."""
    spec = pipeline.spec
    doubtful = pipeline.doubtful
    if spec.broken or doubtful.artifacts or doubtful.transformations:
        return
    used: set[str] = set()
    for artifact in spec.artifacts:
        used.update(*map(referenced_parameters, _artifact_nodes(artifact)))
    for environment in spec.environments:
        used.update(*map(referenced_parameters, _environment_nodes(environment)))
    for transformation in spec.transformations:
        used.update(*map(referenced_parameters, _transformation_nodes(transformation)))
    for parameter in spec.parameters:
        if parameter.name.text not in used:
            yield Diagnostic(
                code=UNUSED_PARAMETER,
                message=f"parameter `{parameter.name.text}` is never used",
                primary=Label(span=parameter.name.span),
            )


def _artifact_nodes(artifact: Artifact) -> Iterator[Node]:
    contract = artifact.contract
    if artifact.source is not None:
        yield artifact.source.location
    yield from _matrix_nodes(artifact.matrix)
    for column in contract.columns:
        yield from _given(column.minimum, column.maximum, column.values)
    for requirement in contract.require:
        yield from _given(requirement.minimum, requirement.maximum)
    if contract.rows is not None:
        yield from _given(contract.rows.minimum, contract.rows.maximum)
    if artifact.tolerance is not None:
        yield from _given(artifact.tolerance.relative, artifact.tolerance.absolute)


def _environment_nodes(environment: Environment) -> Iterator[Node]:
    yield from (node for _, node in environment.variables)


def _transformation_nodes(transformation: Transformation) -> Iterator[Node]:
    resources = transformation.resources
    yield from (node for _, node in transformation.arguments)
    yield from _matrix_nodes(transformation.matrix)
    yield from _given(resources.cpus, resources.gpus, resources.gpu_type, resources.memory)
    yield from (node for _, node in (*resources.labels, *resources.custom))
    match transformation.body:
        case CommandLine(words=words):
            yield from words
        case Query(text=text):
            yield from _given(text)
        case Function():
            pass
    yield from _given(transformation.threads, transformation.seed, transformation.timeout)


def _matrix_nodes(matrix: Matrix | None) -> Iterator[Node]:
    if matrix is not None:
        yield from (axis.values for axis in matrix.axes)
        yield from _given(matrix.include, matrix.exclude)


def _given(*nodes: Node | None) -> Iterator[Node]:
    yield from (node for node in nodes if node is not None)
