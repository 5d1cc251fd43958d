"""What the names of a module stand for, read from its statements."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from .module import Module


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A name defined where it stands: a function, a class, or a value.

    `node` is the definition, or the expression assigned; None for a value that comes from
    elsewhere (a loop, `with`, unpacking).
    """

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.expr | None
    statement: ast.stmt


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A name that an import statement binds.

    `module` and `level` are as written; `name` is what is taken from it, or None where the name
    stands for the module itself.
    """

    module: str
    level: int
    name: str | None
    statement: ast.stmt


Binding = Definition | Imported


@dataclass(frozen=True, slots=True, kw_only=True)
class Bindings:
    """The names of a module, the last binding of each, and the modules of its star imports."""

    names: dict[str, Binding] = field(hash=False)
    stars: tuple[Imported, ...]


@lru_cache(maxsize=1024)
def _bindings(tree: ast.Module) -> Bindings:
    names: dict[str, Binding] = {}
    stars: list[Imported] = []
    for statement in statements_of(tree.body):
        for name, binding in _bound(statement):
            if name == "*" and isinstance(binding, Imported):
                stars.append(binding)
            else:
                names[name] = binding
    return Bindings(names=names, stars=tuple(stars))


def bindings_of(module: Module) -> Bindings:
    """Return what the module-level names of a module stand for."""
    return _bindings(module.tree)


def statements_of(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Go through the statements that run in a module's own scope, those within blocks included."""
    pending = list(reversed(body))
    while pending:
        statement = pending.pop()
        yield statement
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            pending.extend(reversed(list(_nested(statement))))


def _nested(statement: ast.stmt) -> Iterator[ast.stmt]:
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, ast.ExceptHandler | ast.match_case):
            yield from child.body


def _bound(statement: ast.stmt) -> Iterator[tuple[str, Binding]]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield statement.name, Definition(node=statement, statement=statement)
        case ast.Import():
            for alias in statement.names:
                module = alias.name if alias.asname else alias.name.partition(".")[0]
                yield (
                    alias.asname or module,
                    Imported(module=module, level=0, name=None, statement=statement),
                )
        case ast.ImportFrom():
            for alias in statement.names:
                yield (
                    alias.asname or alias.name,
                    Imported(
                        module=statement.module or "",
                        level=statement.level,
                        name=alias.name,
                        statement=statement,
                    ),
                )
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _assigned(target, value, statement)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _assigned(target, value, statement)
        case _:
            yield from _other(statement)


def _assigned(
    target: ast.expr, value: ast.expr, statement: ast.stmt
) -> Iterator[tuple[str, Binding]]:
    if isinstance(target, ast.Name):
        yield target.id, Definition(node=value, statement=statement)
        return
    for name in _stored(target):
        yield name, Definition(node=None, statement=statement)


def _other(statement: ast.stmt) -> Iterator[tuple[str, Binding]]:
    # `type X = …` exists from 3.12 on, where it is a class of its own.
    if type(statement).__name__ == "TypeAlias":
        name, value = getattr(statement, "name", None), getattr(statement, "value", None)
        if isinstance(name, ast.Name) and isinstance(value, ast.expr):
            yield name.id, Definition(node=value, statement=statement)
        return
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.expr | ast.withitem):
            for name in _stored(child):
                yield name, Definition(node=None, statement=statement)


def _stored(node: ast.AST) -> Iterator[str]:
    for child in ast.walk(node):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            yield child.id
