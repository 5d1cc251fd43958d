"""Transformations of the spec, from nodes of the right shape."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from keyword import iskeyword
from typing import get_args

from ..codes.shape import BAD_NAME, DUPLICATE_PARAMETER
from ..diagnostic import Diagnostic, Label
from ..document import Mapping, Node, Scalar, Sequence
from ..spec import (
    Body,
    CommandLine,
    Function,
    Gather,
    Input,
    Name,
    OnOutOfMemory,
    Output,
    Query,
    Resources,
    Retries,
    RetryCause,
    Transformation,
)
from . import read
from .artifact import build_matrix

_SILENT = Resources(cpus=None, gpus=None, gpu_type=None, memory=None, labels=(), custom=())


def build_transformation(name: Name, node: Node) -> tuple[Transformation, list[Diagnostic]]:
    """Build a transformation, and say which of its names contradict each other."""
    values = read.fields(node)
    inputs, gather = _inputs(values.get("inputs")), _gather(values.get("gather"))
    arguments = read.pairs(values.get("arguments"))
    outputs = _outputs(values.get("outputs"))
    parameters = chain(
        (item.parameter for item in inputs),
        (item.parameter for item in gather),
        (parameter for parameter, _ in arguments),
    )
    found = [*_repeated(parameters), *_reserved(item.parameter for item in inputs)]
    found += _reserved(item.name for item in outputs)
    preload = values.get("preload")
    transformation = Transformation(
        name=name,
        description=read.text(values.get("description")),
        body=_body(values),
        inputs=inputs,
        gather=gather,
        outputs=outputs,
        outputs_by_name=isinstance(values.get("outputs"), Mapping),
        arguments=arguments,
        matrix=build_matrix(values.get("matrix")),
        environment=read.maybe_name(values.get("environment")),
        resources=_resources(values.get("resources")),
        threads=values.get("threads"),
        seed=values.get("seed"),
        numerics="fast" if read.text(values.get("numerics")) == "fast" else "deterministic",
        preload=None if preload is None else read.names(preload),
        timeout=values.get("timeout"),
        retries=_retries(values.get("retries")),
        on_out_of_memory=_on_out_of_memory(values.get("on_out_of_memory")),
        code=read.names(values.get("code")),
        deterministic=read.truth(values.get("deterministic"), True),
        span=name.span,
    )
    return transformation, found


def _body(values: dict[str, Node]) -> Body:
    """Build what it does; the caller has seen that there is exactly one of the three."""
    if "python" in values:
        return Function(entry_point=read.name(values["python"]))
    if "command" in values:
        node = values["command"]
        words = node.items if isinstance(node, Sequence) else (node,)
        return CommandLine(words=words, is_shell=not isinstance(node, Sequence), span=node.span)
    node = values["sql"]
    file = read.fields(node).get("file")
    return Query(text=node if file is None else None, file=read.maybe_name(file), span=node.span)


def _inputs(node: Node | None) -> tuple[Input, ...]:
    if isinstance(node, Sequence):
        return tuple(_input(None, item) for item in node.items)
    return tuple(_input(parameter, value) for parameter, value in read.pairs(node))


def _input(parameter: Name | None, node: Node) -> Input:
    """Build an input; without a parameter it arrives under the artifact's name."""
    values = read.fields(node)
    artifact = read.name(values.get("artifact", node))
    return Input(
        parameter=artifact if parameter is None else parameter,
        artifact=artifact,
        at=read.pairs(values.get("at")),
        form=read.maybe_name(values.get("as")),
    )


def _gather(node: Node | None) -> tuple[Gather, ...]:
    found: list[Gather] = []
    for parameter, value in read.pairs(node):
        values = read.fields(value)
        over = values.get("over")
        found.append(
            Gather(
                parameter=parameter,
                artifact=read.name(values.get("artifact", value)),
                over=None if over is None else read.names(over),
                form=read.maybe_name(values.get("as")),
            )
        )
    return tuple(found)


def _outputs(node: Node | None) -> tuple[Output, ...]:
    if isinstance(node, Sequence):
        return tuple(_output(None, item) for item in node.items)
    return tuple(_output(name, value) for name, value in read.pairs(node))


def _output(name: Name | None, node: Node) -> Output:
    """Build an output; without a name it bears the artifact's."""
    if isinstance(node, Scalar):
        artifact, form = read.name(node), None
    else:
        values = read.fields(node)
        artifact, form = read.name(values["artifact"]), read.maybe_name(values.get("as"))
    return Output(name=artifact if name is None else name, artifact=artifact, form=form)


def _resources(node: Node | None) -> Resources:
    if node is None:
        return _SILENT
    values = read.fields(node)
    return Resources(
        cpus=values.get("cpus"),
        gpus=values.get("gpus"),
        gpu_type=values.get("gpu_type"),
        memory=values.get("memory"),
        labels=read.pairs(values.get("labels")),
        custom=read.pairs(values.get("custom")),
    )


def _retries(node: Node | None) -> Retries | None:
    if node is None:
        return None
    values = read.fields(node)
    known: tuple[RetryCause, ...] = get_args(RetryCause)
    causes: tuple[RetryCause, ...] | None = None
    if "on" in values:
        written = {name.text for name in read.names(values["on"])}
        causes = tuple(cause for cause in known if cause in written)
    return Retries(
        attempts=read.whole(values.get("attempts")),
        causes=causes,
        backoff=read.maybe_name(values.get("backoff")),
    )


def _on_out_of_memory(node: Node | None) -> OnOutOfMemory | None:
    if node is None:
        return None
    values = read.fields(node)
    return OnOutOfMemory(
        memory=read.name(values["memory"]), maximum=read.maybe_name(values.get("maximum"))
    )


def _repeated(parameters: Iterator[Name]) -> list[Diagnostic]:
    first: dict[str, Name] = {}
    found: list[Diagnostic] = []
    for parameter in parameters:
        earlier = first.setdefault(parameter.text, parameter)
        if earlier is parameter:
            continue
        found.append(
            Diagnostic(
                code=DUPLICATE_PARAMETER,
                message=f"the parameter `{parameter.text}` is given twice",
                primary=Label(span=parameter.span),
                related=(Label(span=earlier.span, message="first given here"),),
            )
        )
    return found


def _reserved(names: Iterator[Name]) -> list[Diagnostic]:
    """Say which names of artifacts cannot be parameters as well."""
    return [
        Diagnostic(
            code=BAD_NAME,
            message=f"`{name.text}` is a word of Python and cannot be a parameter",
            primary=Label(span=name.span),
            help=f"write it as a mapping: `{{{name.text}_: {name.text}}}`",
        )
        for name in names
        if iskeyword(name.text)
    ]
