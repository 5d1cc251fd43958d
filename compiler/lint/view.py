"""A module as the rules see it: what a name stands for, and what surrounds a piece of syntax."""

from __future__ import annotations

import ast
import builtins
from collections import Counter
from collections.abc import Iterator

from ..code.place import span_of
from ..code.within import children, every
from ..diagnostic import Code
from ..source import Source
from .finding import Change, Finding, Need
from .outline import Import, Outline, Piece, outline_of

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Scope = Function | ast.Module

_BUILTINS = frozenset(dir(builtins))


class View:
    """One module, `is_script` where it is run; `current` is the piece that is looked at.

    What surrounds the syntax of a piece is worked out when a rule first asks.
    """

    __slots__ = ("_by_scope", "_parents", "_texts", "current", "outline", "source", "tree")

    def __init__(self, tree: ast.Module, text: str, *, is_script: bool = False) -> None:
        self.tree = tree
        self.source = Source(path="", text=text)
        self.outline: Outline = outline_of(tree, is_script=is_script)
        self.current = Piece(names=(), node=ast.Pass())
        self._parents: dict[ast.AST, ast.AST | None] = {}
        self._by_scope: dict[ast.AST, dict[str, list[ast.Name | ast.arg]]] = {}
        self._texts: Counter[str] | None = None

    def name_of(self, node: ast.AST, piece: Piece) -> str | None:
        """Return the dotted name of what comes from outside the module, `builtins.set` too.

        None for what the module or the function itself binds, and for what has no name.
        """
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        first = node.id
        found: Import | None = piece.imports.get(first)
        if found is None and first not in piece.bound and first not in self.outline.defined:
            found = self.outline.imports.get(first)
            if found is None and first in _BUILTINS:
                return ".".join(("builtins", first, *reversed(parts)))
        if found is None or found.level:
            return None
        return ".".join((found.dotted, *reversed(parts)))

    def imports(self, package: str, piece: Piece) -> bool:
        """Say whether a package is imported for a piece."""
        tables = (self.outline.imports, piece.imports)
        return any(i.module.partition(".")[0] == package for t in tables for i in t.values())

    def parent(self, node: ast.AST) -> ast.AST | None:
        """Return what a node stands directly in; None for the whole of a piece."""
        if node not in self._parents:
            self._enter(self.current.node)
        if node not in self._parents:
            for piece in self.outline.pieces:
                self._enter(piece.node)
        return self._parents.get(node)

    def _enter(self, root: ast.AST) -> None:
        if root not in self._parents:
            self._parents[root] = None
            for outer in every(root):
                for child in children(outer):
                    self._parents[child] = outer

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """Go through what a node stands in, from the inside out."""
        outer = self.parent(node)
        while outer is not None:
            yield outer
            outer = self.parent(outer)

    def scope(self, node: ast.AST) -> Scope:
        """Return the innermost function around a node, else the module."""
        for outer in self.around(node):
            if isinstance(outer, Function):
                return outer
        return self.tree

    def _names(self, scope: Scope) -> dict[str, list[ast.Name | ast.arg]]:
        """Return the places of every name in a scope; in a module, those of its pieces."""
        if scope not in self._by_scope:
            is_module = isinstance(scope, ast.Module)
            roots = [piece.node for piece in self.outline.pieces] if is_module else [scope]
            found: dict[str, list[ast.Name | ast.arg]] = {}
            for root in roots:
                for node in every(root):
                    if isinstance(node, ast.Name):
                        found.setdefault(node.id, []).append(node)
                    elif isinstance(node, ast.arg):
                        found.setdefault(node.arg, []).append(node)
            self._by_scope[scope] = found
        return self._by_scope[scope]

    def uses(self, name: str, scope: Scope) -> Iterator[ast.Name]:
        """Go through the places in a scope where a name is read."""
        for node in self._names(scope).get(name, ()):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                yield node

    def assigned(self, name: str, scope: Scope) -> list[ast.expr | None]:
        """Return what a scope assigns to a name; None where that is no plain expression."""
        found: list[ast.expr | None] = []
        for node in self._names(scope).get(name, ()):
            if isinstance(node, ast.arg):
                found.append(None)
            elif isinstance(node.ctx, ast.Store):
                match self.parent(node):
                    case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                        found.append(value)
                    case _:
                        found.append(None)
        return found

    def texts(self) -> Counter[str]:
        """Return how often each literal text stands in the module."""
        if self._texts is None:
            self._texts = Counter(
                node.value
                for node in every(self.tree)
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            )
        return self._texts

    def has_parameter(self, name: str, node: ast.AST) -> bool:
        """Say whether a function around a node has a parameter of that name."""
        return any(
            name in parameters_of(outer)
            for outer in self.around(node)
            if isinstance(outer, Function)
        )

    def finding(
        self,
        code: Code,
        node: ast.expr | ast.stmt,
        message: str,
        *,
        mend: str,
        changes: tuple[Change, ...] = (),
        need: Need | None = None,
    ) -> Finding:
        """Return a finding at a node."""
        span = span_of(self.source, node)
        return Finding(
            code=code,
            message=message,
            start=span.start,
            end=span.end,
            lines=(node.lineno, node.end_lineno or node.lineno),
            mend=mend,
            changes=changes,
            need=need,
        )


def parameters_of(function: Function) -> frozenset[str]:
    """Return the names of a function's parameters."""
    a = function.args
    return frozenset(arg.arg for arg in (*a.posonlyargs, *a.args, *a.kwonlyargs))


def owner_of(piece: Piece) -> str:
    """Return how a headline names the place: the definition, or the module."""
    return f"`{piece.names[0]}`" if piece.names else "the module"


def short(name: str) -> str:
    """Return a dotted name as a headline shows it: its last two parts, or how NumPy is read."""
    if name.startswith("numpy."):
        return f"np.{name.removeprefix('numpy.')}"
    return ".".join(name.rsplit(".", 2)[-2:])


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """Return the value that a call gives by keyword."""
    return next((k.value for k in call.keywords if k.arg == name), None)


def is_open(call: ast.Call) -> bool:
    """Say whether a call passes on keywords that cannot be seen."""
    return any(k.arg is None for k in call.keywords)


def constant(node: ast.AST | None) -> object:
    """Return the value of a literal, a negative number included; Ellipsis where it is none."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
        case _:
            return ...
