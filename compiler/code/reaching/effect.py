"""Whether a statement of a module does more, when the module is imported, than bind its names."""

from __future__ import annotations

import ast
from collections.abc import Callable

from .conditions import running
from .pure import BUILTIN_CALLS, BUILTIN_DECORATORS, PROPERTY_PARTS, PURE_CALLS, PURE_DECORATORS
from .scope import annotations_of, outer_parts

Meaning = Callable[[str], str | None]
"""Says what a name means from outside the project: a dotted name, the name itself where it is a
builtin, None where it is the project's own or not known."""


def has_effect(statement: ast.stmt, meaning: Meaning, *, lazy: bool, is_script: bool) -> bool:
    """Say whether a statement of a module's own scope has an effect.

    Effects are calls, decorators, mutations, `assert`, `raise`, `with`, loops: all but those that
    `pure` lists. `lazy` says that annotations are not evaluated.
    """
    return _Effects(meaning, lazy=lazy, is_script=is_script).found(statement)


class _Effects:
    def __init__(self, meaning: Meaning, *, lazy: bool, is_script: bool) -> None:
        self._meaning = meaning
        self._lazy = lazy
        self._is_script = is_script
        self._pending: list[ast.AST] = []

    def found(self, statement: ast.stmt) -> bool:
        self._pending = [statement]
        while self._pending:
            if self._acts(self._pending.pop()):
                return True
        return False

    def _acts(self, node: ast.AST) -> bool:
        """Say whether a piece of syntax acts by itself; what is within waits for its turn."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Lambda():
                return self._defines(node)
            case ast.Call():
                self._pending.extend(ast.iter_child_nodes(node))
                # `key` is a function that is called.
                is_keyed = any(keyword.arg == "key" for keyword in node.keywords)
                return is_keyed or not self._is_pure(node.func, PURE_CALLS, BUILTIN_CALLS)
            case ast.If() if (branch := running(node, is_script=self._is_script)) is not None:
                self._pending.extend(branch)
                return False
            case ast.AugAssign():
                # A name may stand for a list that others hold too.
                self._pending.append(node.value)
                return not (isinstance(node.target, ast.Name) and node.target.id == "__all__")
            case ast.Attribute(ctx=ctx) | ast.Subscript(ctx=ctx) if not isinstance(ctx, ast.Load):
                return True
            case ast.Raise() | ast.Assert() | ast.For() | ast.While() | ast.With():
                return True
            case ast.AnnAssign() if self._lazy:
                self._pending.extend([node.target, *([node.value] if node.value else [])])
                return False
            case _:
                self._pending.extend(ast.iter_child_nodes(node))
                return False

    def _defines(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
    ) -> bool:
        decorators = [] if isinstance(node, ast.Lambda) else node.decorator_list
        decorating = {id(decorator) for decorator in decorators}
        self._pending.extend(part for part in outer_parts(node) if id(part) not in decorating)
        if isinstance(node, ast.ClassDef):
            self._pending.extend(node.body)
        elif not self._lazy:
            self._pending.extend(annotations_of(node))
        if isinstance(node, ast.ClassDef) and not all(map(_is_plain_keyword, node.keywords)):
            return True
        return not all(self._decorates_purely(decorator) for decorator in decorators)

    def _decorates_purely(self, decorator: ast.expr) -> bool:
        if isinstance(decorator, ast.Attribute) and decorator.attr in PROPERTY_PARTS:
            return isinstance(decorator.value, ast.Name)
        if isinstance(decorator, ast.Call):
            self._pending.extend([*decorator.args, *decorator.keywords])
            decorator = decorator.func
        return self._is_pure(decorator, PURE_DECORATORS, BUILTIN_DECORATORS)

    def _is_pure(self, called: ast.expr, names: frozenset[str], builtins: frozenset[str]) -> bool:
        parts: list[str] = []
        while isinstance(called, ast.Attribute):
            parts.append(called.attr)
            called = called.value
        if not isinstance(called, ast.Name):
            return False
        meant = self._meaning(called.id)
        if meant is None:
            return False
        dotted = ".".join([meant, *reversed(parts)])
        return dotted in names or dotted in builtins


def _is_plain_keyword(keyword: ast.keyword) -> bool:
    if keyword.arg in {"total", "frozen"}:
        return isinstance(keyword.value, ast.Constant)
    value = keyword.value
    name = value.id if isinstance(value, ast.Name) else getattr(value, "attr", "")
    return keyword.arg == "metaclass" and name == "ABCMeta"
