"""What a piece of a module uses: the names it takes from around it, and what it imports."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from functools import lru_cache

from ..bindings import Imported
from .conditions import running
from .scope import NOTHING, annotations_of, hidden_by, hidden_in, outer_parts, parameter_names

Chain = tuple[str, ...]
"""A name and the attributes taken from it in turn: `a.b.c`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundImport:
    """A part of an import statement: the name that it binds, `*` for all, and what it imports.

    `stands_for` is the module that the name stands for or is taken from: `a` for `import a.b`,
    where `imported` is `a.b`.
    """

    name: str
    stands_for: str
    imported: Imported
    is_in_function: bool
    is_global: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """The names that a statement takes from around it, in no order that matters; its imports.

    `calls` are modules that it imports by a call with a literal name, `computed` the calls that
    import one whose name is computed. `attributes` are all that it takes from whatever.
    """

    chains: tuple[Chain, ...]
    imports: tuple[BoundImport, ...]
    calls: tuple[Imported, ...]
    computed: tuple[ast.Call, ...]
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
        self.calls: list[Imported] = []
        self.computed: list[ast.Call] = []
        self.attributes: set[str] = set()
        self._pending: list[tuple[ast.AST, _Scope]] = []

    def go(self, node: ast.stmt) -> None:
        self._pending.append((node, _Scope()))
        while self._pending:
            self._visit(*self._pending.pop())

    def _visit(self, node: ast.AST, scope: _Scope) -> None:
        match node:
            case ast.Name():
                self._name(node, scope)
            case ast.Attribute():
                self._attribute(node, scope)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                self._function(node, scope)
            case ast.ClassDef():
                self._push(outer_parts(node), scope)
                inner = _Scope(scope.hidden, scope.shown, scope.is_function, True)
                self._push(node.body, inner)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self._pending.append((node.generators[0].iter, scope))
                inner = _Scope(scope.hidden | hidden_in(node), scope.shown, scope.is_function)
                self._push(list(ast.iter_child_nodes(node)), inner)
            case ast.Import() | ast.ImportFrom():
                self._import(node, scope)
            case ast.AnnAssign():
                self._annotation(node.annotation, scope)
                self._push([node.target, *([node.value] if node.value else [])], scope)
            case ast.If() if (branch := running(node, is_script=self.is_script)) is not None:
                self._push(branch, scope)
            case _:
                self._other(node, scope)

    def _push(self, nodes: list[ast.AST] | list[ast.stmt] | list[ast.expr], scope: _Scope) -> None:
        self._pending.extend((node, scope) for node in nodes)

    def _name(self, node: ast.Name, scope: _Scope) -> None:
        if node.id in scope.hidden:
            return
        # In a function, what is not hidden and yet bound is declared `global`.
        if isinstance(node.ctx, ast.Load | ast.Del) or (scope.is_function and not scope.is_class):
            self.chains[node.id,] = None

    def _attribute(self, node: ast.Attribute, scope: _Scope) -> None:
        parts: list[str] = []
        value: ast.expr = node
        while isinstance(value, ast.Attribute):
            parts.append(value.attr)
            value = value.value
        self.attributes.update(parts)
        if not isinstance(value, ast.Name):
            self._pending.append((value, scope))
        elif value.id not in scope.hidden:
            self.chains[value.id, *reversed(parts)] = None

    def _function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: _Scope
    ) -> None:
        self._push(outer_parts(node), scope)
        for annotation in annotations_of(node):
            self._annotation(annotation, scope)
        shown = _declared_global(node)
        inner = _Scope((scope.hidden | hidden_by(node)) - shown, shown, True)
        self._push([node.body] if isinstance(node, ast.Lambda) else node.body, inner)
        bounds = [getattr(one, "bound", None) for one in getattr(node, "type_params", ())]
        self._push([bound for bound in bounds if bound is not None], inner)

    def _annotation(self, annotation: ast.expr, scope: _Scope) -> None:
        """Follow an annotation, and what is written as text in it."""
        self._pending.append((annotation, scope))
        for node in ast.walk(annotation):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                parsed = _parsed(node.value)
                if parsed is not None:
                    self._pending.append((parsed, scope))

    def _import(self, node: ast.Import | ast.ImportFrom, scope: _Scope) -> None:
        for found in imported_by(node):
            is_global = found.name in scope.shown or not (scope.is_function or scope.is_class)
            self.imports.append(
                replace(found, is_in_function=scope.is_function, is_global=is_global)
            )
            if scope.is_class:
                # It becomes an attribute of the class, which may be taken in ways unseen.
                self.chains[found.name,] = None

    def _other(self, node: ast.AST, scope: _Scope) -> None:
        if isinstance(node, ast.Call):
            self._call(node)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            self._pending.append((ast.Name(id=node.target.id, ctx=ast.Load()), scope))
        hidden = parameter_names(node)
        if hidden:
            scope = _Scope(scope.hidden | set(hidden), scope.shown, scope.is_function)
        self._push(list(ast.iter_child_nodes(node)), scope)

    def _call(self, node: ast.Call) -> None:
        match node.func:
            case ast.Name(id="import_module" | "__import__"):
                pass
            case ast.Attribute(attr="import_module"):
                pass
            case _:
                return
        match node.args:
            case [ast.Constant(value=str() as name), *_] if name.strip("."):
                module = name.lstrip(".")
                self.calls.append(
                    Imported(
                        module=module, level=len(name) - len(module), name=None, statement=_NOWHERE
                    )
                )
            case _:
                self.computed.append(node)


_NOWHERE = ast.Pass()


def imported_by(node: ast.Import | ast.ImportFrom) -> list[BoundImport]:
    """Return the parts of an import statement of a module's own scope."""
    found: list[BoundImport] = []
    for alias in node.names:
        if isinstance(node, ast.Import):
            name = alias.asname or alias.name.partition(".")[0]
            stands_for = alias.name if alias.asname else name
            imported = Imported(module=alias.name, level=0, name=None, statement=node)
        else:
            name, stands_for = alias.asname or alias.name, node.module or ""
            imported = Imported(
                module=stands_for, level=node.level, name=alias.name, statement=node
            )
        found.append(
            BoundImport(
                name=name,
                stands_for=stands_for,
                imported=imported,
                is_in_function=False,
                is_global=True,
            )
        )
    return found


def _declared_global(node: ast.AST) -> frozenset[str]:
    if isinstance(node, ast.Lambda):
        return NOTHING
    return frozenset(
        name for child in ast.walk(node) if isinstance(child, ast.Global) for name in child.names
    )


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
