"""What a piece of a module uses: the names it takes from around it, and what it imports."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from ..place import Place, place_of
from ..within import children, every
from .calls import imports_by_name, literal_import
from .conditions import running
from .scope import NOTHING, annotations_of, hidden_in, names_of, outer_parts, parameter_names

Chain = tuple[str, ...]
"""A name and the attributes taken from it in turn: `a.b.c`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundImport:
    """A part of an import statement: the name that it binds, `*` for all, and what it imports.

    `module` and `level` are as written, `taken` is what is taken from the module, None where it is
    the module itself. `stands_for` is the module that the name stands for or is taken from: `a` for
    `import a.b`.
    """

    name: str
    stands_for: str
    module: str
    level: int
    taken: str | None
    is_in_function: bool
    is_global: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """The names that a statement takes from around it, in no order that matters; its imports.

    `calls` are modules that it imports by a call with a literal name, each with its level;
    `computed` the calls that import one whose name is computed. `attributes` are all that it takes
    from whatever.
    """

    chains: tuple[Chain, ...]
    imports: tuple[BoundImport, ...]
    calls: tuple[tuple[str, int], ...]
    computed: tuple[Place, ...]
    attributes: frozenset[str]


@lru_cache(maxsize=65536)
def use_of(node: ast.stmt, is_script: bool = False) -> Use:
    """Return what a statement of a module's own scope uses. Nothing here recurses."""
    search = _Search(is_script)
    search.go(node)
    return Use(
        chains=tuple(search.chains),
        imports=tuple(search.imports),
        calls=tuple(search.calls),
        computed=tuple(search.computed),
        attributes=frozenset(search.attributes),
    )


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a piece of syntax stands: what is hidden there, and what is declared `global`."""

    hidden: frozenset[str] = NOTHING
    shown: frozenset[str] = NOTHING
    is_function: bool = False
    is_class: bool = False


class _Search:
    """One walk over a statement."""

    def __init__(self, is_script: bool) -> None:
        self.is_script = is_script
        self.chains: dict[Chain, None] = {}
        self.imports: list[BoundImport] = []
        self.calls: list[tuple[str, int]] = []
        self.computed: list[Place] = []
        self.attributes: set[str] = set()
        self.pending: list[tuple[ast.AST, _Scope]] = []

    def go(self, node: ast.stmt) -> None:
        pending = self.pending
        pending.append((node, _Scope()))
        while pending:
            found, scope = pending.pop()
            visit = _VISITS.get(type(found))
            if visit is not None:
                visit(self, found, scope)
            else:
                for child in children(found):
                    pending.append((child, scope))

    def push(self, nodes: Iterable[ast.AST], scope: _Scope) -> None:
        self.pending.extend((node, scope) for node in nodes)

    def name(self, node: ast.Name, scope: _Scope) -> None:
        if node.id in scope.hidden:
            return
        # In a function, what is not hidden and yet bound is declared `global`.
        if type(node.ctx) is not ast.Store or (scope.is_function and not scope.is_class):
            self.chains[node.id,] = None

    def attribute(self, node: ast.Attribute, scope: _Scope) -> None:
        parts: list[str] = []
        value: ast.expr = node
        while isinstance(value, ast.Attribute):
            parts.append(value.attr)
            value = value.value
        self.attributes.update(parts)
        if not isinstance(value, ast.Name):
            self.pending.append((value, scope))
        elif value.id not in scope.hidden:
            self.chains[value.id, *reversed(parts)] = None

    def function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: _Scope
    ) -> None:
        self.push(outer_parts(node), scope)
        for annotation in annotations_of(node):
            self.annotation(annotation, scope)
        own = names_of(node)
        hidden = (scope.hidden - own.declares - own.imports) | own.hides
        inner = _Scope(hidden, own.declares, True)
        self.push([node.body] if isinstance(node, ast.Lambda) else node.body, inner)
        bounds = [getattr(one, "bound", None) for one in getattr(node, "type_params", ())]
        self.push([bound for bound in bounds if bound is not None], inner)

    def class_(self, node: ast.ClassDef, scope: _Scope) -> None:
        hidden = scope.hidden.union(parameter_names(node))
        self.push(outer_parts(node), _Scope(hidden, scope.shown, scope.is_function))
        self.push(node.body, _Scope(hidden, scope.shown, scope.is_function, True))
        bounds = [getattr(one, "bound", None) for one in getattr(node, "type_params", ())]
        self.push([bound for bound in bounds if bound is not None], scope)

    def comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, scope: _Scope
    ) -> None:
        self.pending.append((node.generators[0].iter, scope))
        inner = _Scope(scope.hidden | hidden_in(node), scope.shown, scope.is_function)
        self.push(children(node), inner)

    def annotated(self, node: ast.AnnAssign, scope: _Scope) -> None:
        self.annotation(node.annotation, scope)
        self.push([node.target, *([node.value] if node.value else [])], scope)

    def annotation(self, annotation: ast.expr, scope: _Scope) -> None:
        """Follow an annotation, and what is written as text in it."""
        self.pending.append((annotation, scope))
        for node in every(annotation):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                parsed = _parsed(node.value)
                if parsed is not None:
                    self.pending.append((parsed, scope))

    def import_(self, node: ast.Import | ast.ImportFrom, scope: _Scope) -> None:
        for found in imported_by(node):
            is_global = found.name in scope.shown or not (scope.is_function or scope.is_class)
            self.imports.append(
                replace(found, is_in_function=scope.is_function, is_global=is_global)
            )
            if scope.is_class:
                # It becomes an attribute of the class, which may be taken in ways unseen.
                self.chains[found.name,] = None

    def condition(self, node: ast.If, scope: _Scope) -> None:
        branch = running(node, is_script=self.is_script)
        self.push(children(node) if branch is None else branch, scope)

    def call(self, node: ast.Call, scope: _Scope) -> None:
        if imports_by_name(node):
            literal = literal_import(node)
            if literal is None:
                self.computed.append(place_of(node))
            else:
                self.calls.append(literal)
        self.push(children(node), scope)

    def addition(self, node: ast.AugAssign, scope: _Scope) -> None:
        if isinstance(node.target, ast.Name):
            self.name(ast.Name(id=node.target.id, ctx=ast.Load()), scope)
        self.push(children(node), scope)

    def alias(self, node: Any, scope: _Scope) -> None:
        """`type X[T] = …`, from Python 3.12 on."""
        inner = replace(scope, hidden=scope.hidden.union(parameter_names(node)))
        self.push(children(node), inner)


_VISITS: dict[type[ast.AST], Callable[[_Search, Any, _Scope], None]] = {
    ast.Name: _Search.name,
    ast.Attribute: _Search.attribute,
    ast.FunctionDef: _Search.function,
    ast.AsyncFunctionDef: _Search.function,
    ast.Lambda: _Search.function,
    ast.ClassDef: _Search.class_,
    ast.ListComp: _Search.comprehension,
    ast.SetComp: _Search.comprehension,
    ast.DictComp: _Search.comprehension,
    ast.GeneratorExp: _Search.comprehension,
    ast.Import: _Search.import_,
    ast.ImportFrom: _Search.import_,
    ast.AnnAssign: _Search.annotated,
    ast.AugAssign: _Search.addition,
    ast.If: _Search.condition,
    ast.Call: _Search.call,
}
if sys.version_info >= (3, 12):
    _VISITS[ast.TypeAlias] = _Search.alias


def imported_by(node: ast.Import | ast.ImportFrom) -> list[BoundImport]:
    """Return the parts of an import statement of a module's own scope."""
    found: list[BoundImport] = []
    for alias in node.names:
        if isinstance(node, ast.Import):
            name = alias.asname or alias.name.partition(".")[0]
            stands_for = alias.name if alias.asname else name
            module, level, taken = alias.name, 0, None
        else:
            name, level, taken = alias.asname or alias.name, node.level, alias.name
            stands_for = module = node.module or ""
        found.append(
            BoundImport(
                name=name,
                stands_for=stands_for,
                module=module,
                level=level,
                taken=taken,
                is_in_function=False,
                is_global=True,
            )
        )
    return found


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
