"""How the evaluation of an expression stops, and the bounds that make it stop."""

from __future__ import annotations

import ast
import math

from ..codes import expressions as codes
from ..diagnostic import Code
from .value import Value

LEAST = -(2**63)
MOST = 2**64 - 1
LARGEST = 1_000_000
"""Items and characters that one evaluation may make or look at."""


class Refusal(Exception):
    """An expression has no value; `{}` in the message stands for the text of the node.

    It never leaves `expression.py`, where it becomes a diagnostic.
    """

    def __init__(
        self, code: Code, message: str, node: ast.expr | None, hint: str | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.node = node
        self.help = hint


class Budget:
    """What one evaluation may still build; every step that makes something spends."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = LARGEST

    def spend(self, size: int, node: ast.expr) -> None:
        """Take `size` items or characters. Raises Refusal when too few are left."""
        self._left -= size
        if self._left < 0:
            message = f"`{{}}` makes more than {LARGEST} items"
            raise Refusal(codes.EXPRESSION_TOO_LARGE, message, node)

    def bounded(self, value: Value, node: ast.expr) -> Value:
        """Return a number that is in range. Raises Refusal for any other."""
        if isinstance(value, float) and not math.isfinite(value):
            raise Refusal(codes.NUMBER_TOO_LARGE, "`{}` is not a finite number", node)
        if isinstance(value, int) and not LEAST <= value <= MOST:
            raise Refusal(codes.NUMBER_TOO_LARGE, "`{}` does not fit 64 bits", node)
        return value
