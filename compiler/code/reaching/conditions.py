"""Conditions of which it is known that they never hold when a module is imported."""

from __future__ import annotations

import ast


def is_main(test: ast.expr) -> bool:
    """Say whether a condition is `__name__ == "__main__"`, which holds in a program alone."""
    match test:
        case ast.Compare(
            left=ast.Name(id="__name__"),
            ops=[ast.Eq()],
            comparators=[ast.Constant(value="__main__")],
        ):
            return True
        case _:
            return False


def is_type_checking(test: ast.expr) -> bool:
    """Say whether a condition is `TYPE_CHECKING`, which never holds when code runs."""
    match test:
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return True
        case _:
            return False


def running(node: ast.If, *, is_script: bool) -> list[ast.stmt] | None:
    """Return the branch of an `if` that runs where its condition is known, else None."""
    if is_type_checking(node.test):
        return node.orelse
    if is_main(node.test):
        return node.body if is_script else node.orelse
    return None
