"""Evaluation of values that depend on parameters alone, collecting what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ..diagnostic import Diagnostic
from ..document import Node
from ..parameters import Values
from .expected import WrongValue
from .scope import Names, Scope
from .template import Failed, evaluate, prepare
from .value import Value

T = TypeVar("T")


class Evaluation:
    """Evaluates nodes at one place, named in words; diagnostics gather in `found`."""

    def __init__(self, place: str, values: Values) -> None:
        self.found: list[Diagnostic] = []
        self._scope = Scope(parameters=values.values)
        self._names = Names(
            place=place,
            parameters=values.values,
            axes=None,
            seed=False,
            broken=values.broken,
        )

    def read(self, node: Node | None, convert: Callable[[Value], T]) -> T | None:
        """Return the converted value of a node; None where there is none, or it was reported."""
        if node is None:
            return None
        template, diagnostics = prepare(node, self._names)
        self.found.extend(diagnostics)
        if template is None:
            return None
        value = evaluate(template, self._scope)
        if isinstance(value, Failed):
            self.found.extend(value.diagnostics)
            return None
        try:
            return convert(value)
        except WrongValue as wrong:
            self.found.append(wrong.at(node.span))
            return None
