"""The names that a function's own scope hides from those of its module."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

NOTHING: frozenset[str] = frozenset()


def hidden_by(function: Function) -> frozenset[str]:
    """Return a function's parameters and the names that it binds, but for those it imports.

    What it imports is looked for, so it is hidden from nobody; nor are names that it declares
    `global`.
    """
    names = {argument.arg for argument in arguments_of(function.args)}
    names.update(parameter_names(function))
    shown: set[str] = set()
    body: list[ast.stmt] = [] if isinstance(function, ast.Lambda) else function.body
    pending: list[ast.AST] = [*body] if body else [function.body]  # type: ignore[list-item]
    while pending:
        node = pending.pop()
        match node:
            case ast.Global(names=declared):
                shown.update(declared)
            case ast.Import() | ast.ImportFrom():
                shown.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(node.name)
                pending.extend(outer_parts(node))
            case ast.Lambda():
                pending.extend(outer_parts(node))
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                names.update(_walrus(node))
            case _:
                names.update(_bound(node))
                pending.extend(ast.iter_child_nodes(node))
    return frozenset(names - shown)


def hidden_in(comprehension: Comprehension) -> frozenset[str]:
    """Return the variables of a comprehension, which hide names within it."""
    return frozenset(
        node.id
        for generator in comprehension.generators
        for node in ast.walk(generator.target)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )


def outer_parts(node: Function | ast.ClassDef) -> list[ast.AST]:
    """Return the parts of a definition that are evaluated where it stands, annotations left out."""
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *node.keywords]
    defaults: list[ast.AST] = [
        *node.args.defaults,
        *(one for one in node.args.kw_defaults if one is not None),
    ]
    return defaults if isinstance(node, ast.Lambda) else [*node.decorator_list, *defaults]


def annotations_of(function: Function) -> list[ast.expr]:
    """Return the annotations of a function's parameters and of what it returns."""
    found = [argument.annotation for argument in arguments_of(function.args)]
    found.append(getattr(function, "returns", None))
    return [annotation for annotation in found if annotation is not None]


def arguments_of(arguments: ast.arguments) -> Iterator[ast.arg]:
    """Go through all parameters of a function."""
    yield from (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    yield from (one for one in (arguments.vararg, arguments.kwarg) if one is not None)


def parameter_names(node: ast.AST) -> tuple[str, ...]:
    """Return the type parameters of a definition (Python 3.12 has them)."""
    parameters: Iterable[ast.AST] = getattr(node, "type_params", ())
    return tuple(getattr(parameter, "name", "") for parameter in parameters)


def _walrus(node: ast.AST) -> Iterator[str]:
    for child in ast.walk(node):
        if isinstance(child, ast.NamedExpr) and isinstance(child.target, ast.Name):
            yield child.target.id


def _bound(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.ExceptHandler(name=str() as name) | ast.MatchAs(name=str() as name):
            yield name
        case ast.MatchStar(name=str() as name) | ast.MatchMapping(rest=str() as name):
            yield name
        case _:
            return
