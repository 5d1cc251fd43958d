"""The names that a function's own scope hides from those of its module."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..within import children, every

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Names:
    """A function's own names: those it `hides`, declares `global`, and binds by imports."""

    hides: frozenset[str]
    declares: frozenset[str]
    imports: frozenset[str]


def names_of(function: Function) -> Names:
    """Return a function's own names, its parameters among those it hides.

    What it imports is looked for, so it hides that from nobody; nor what it declares `global`.
    """
    hides = {argument.arg for argument in arguments_of(function.args)}
    hides.update(parameter_names(function))
    declares: set[str] = set()
    imports: set[str] = set()
    pending: list[ast.AST] = (
        [function.body] if isinstance(function, ast.Lambda) else list(function.body)
    )
    while pending:
        node = pending.pop()
        kind = type(node)
        if kind is ast.Name:
            if type(node.ctx) is not ast.Load:  # type: ignore[attr-defined]
                hides.add(node.id)  # type: ignore[attr-defined]
        elif kind in _OWN:
            _own(node, hides, declares, imports, pending)
        else:
            pending += children(node)
    shown = declares | imports
    return Names(frozenset(hides - shown), frozenset(declares), frozenset(imports))


def _own(
    node: ast.AST,
    hides: set[str],
    declares: set[str],
    imports: set[str],
    pending: list[ast.AST],
) -> None:
    """Add what a piece of a function's body binds, and what is within it in the same scope."""
    match node:
        case ast.Global(names=declared):
            declares.update(declared)
        case ast.Import() | ast.ImportFrom():
            imports.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            hides.add(node.name)
            pending += outer_parts(node)
        case ast.Lambda():
            pending += outer_parts(node)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            hides.update(_walrus(node))
        case _:
            # Handlers of exceptions and patterns bind names that stand as plain text in them.
            name = getattr(node, "name", None) or getattr(node, "rest", None)
            if name:
                hides.add(name)
            pending += children(node)


_OWN = frozenset(
    {ast.Global, ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef}
    | {ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp}
    | {ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping}
)


def hidden_in(comprehension: Comprehension) -> frozenset[str]:
    """Return the variables of a comprehension, which hide names within it."""
    return frozenset(
        node.id
        for generator in comprehension.generators
        for node in every(generator.target)
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
    for child in every(node):
        if isinstance(child, ast.NamedExpr) and isinstance(child.target, ast.Name):
            yield child.target.id
