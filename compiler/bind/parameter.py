"""Parameters and environments of the spec, from nodes of the right shape."""

from __future__ import annotations

from typing import get_args

from ..document import Mapping, Node, Scalar, Sequence
from ..spec import Environment, Name, Parameter, ParameterType
from . import read


def build_parameter(name: Name, node: Node) -> Parameter:
    """Build a parameter from its default value, or from its long form."""
    if not isinstance(node, Mapping):
        return _parameter(name, type_of(node), {"default": node})
    values = read.fields(node)
    return _parameter(name, _declared_type(values), values)


def build_environment(name: Name, node: Node) -> Environment:
    """Build an environment."""
    values = read.fields(node)
    return Environment(
        name=name,
        variables=read.pairs(values.get("variables")),
        passed=read.names(values.get("pass")),
    )


def _parameter(name: Name, kind: ParameterType, values: dict[str, Node]) -> Parameter:
    return Parameter(
        name=name,
        type=kind,
        default=values.get("default"),
        minimum=values.get("minimum"),
        maximum=values.get("maximum"),
        values=values.get("values"),
        description=read.text(values.get("description")),
    )


def _declared_type(values: dict[str, Node]) -> ParameterType:
    written = read.text(values.get("type"))
    kinds: tuple[ParameterType, ...] = get_args(ParameterType)
    for kind in kinds:
        if kind == written:
            return kind
    return type_of(values["default"])


def type_of(node: Node) -> ParameterType:
    """Return the type that a value is of, were it a parameter's; null is a text like any other."""
    match node:
        case Sequence():
            return "list"
        case Mapping():
            return "mapping"
        case Scalar(value=bool()):
            return "boolean"
        case Scalar(value=int()):
            return "integer"
        case Scalar(value=float()):
            return "number"
        case Scalar():
            return "string"
