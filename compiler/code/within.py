"""Going through syntax, faster than `ast.walk`: every piece of every file comes by here."""

from __future__ import annotations

import ast
from collections.abc import Iterator

LEAVES = frozenset(
    {str, bytes, int, float, complex, bool, type(None), type(...)}
    | {ast.Load, ast.Store, ast.Del}
    | {
        found
        for group in (ast.operator, ast.boolop, ast.unaryop, ast.cmpop)
        for found in group.__subclasses__()
    }
)
"""The types of what has nothing within it, and says nothing on its own."""


def children(piece: ast.AST) -> list[ast.AST]:
    """Return the pieces directly within a piece, in the order of its fields, leaves left out."""
    found: list[ast.AST] = []
    for value in piece.__dict__.values():
        kind = type(value)
        if kind is list:
            found.extend([item for item in value if type(item) not in LEAVES])
        elif kind not in LEAVES:
            found.append(value)
    return found


def every(root: ast.AST) -> Iterator[ast.AST]:
    """Go through a piece and all within it, leaves left out, in no particular order."""
    pending = [root]
    while pending:
        piece = pending.pop()
        yield piece
        for value in piece.__dict__.values():
            if type(value) is list:
                pending.extend([item for item in value if type(item) not in LEAVES])
            elif type(value) not in LEAVES:
                pending.append(value)
