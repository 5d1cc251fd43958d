"""What a statement does, when its module is imported, but bind its names: as its text alone tells.

Effects are calls, decorators, mutations, `assert`, `raise`, `with`, loops. Which calls are harmless
hangs on what their names mean, and whether an operator runs code of the project on its operands; so
the names are kept here, to be judged by `project`.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..bindings import statements_of
from ..within import children
from .conditions import running
from .pure import PROPERTY_PARTS
from .scope import annotations_of, outer_parts
from .use import Chain


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """A class that a statement makes: its bases as chains of names, empty where one is not known;
    whether it has a metaclass, or is told of its subclasses by a method of its own."""

    bases: tuple[Chain, ...]
    has_metaclass: bool
    is_told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What a statement of a module's own scope does when its module is imported.

    `acts` says that it does something whatever its names mean; `called` and `decorating` are names
    that are called, each of which may. `evaluated` are the names that are looked up, `operates`
    says that anything is done with what they stand for: an operator, an item, a method of its type.
    `has_calls` says that it calls or decorates, `has_code` that it holds a function or a class.
    `makes` are the classes that it makes, `aliases` the chains that it assigns; `assigns` says that
    it assigns anything else.
    """

    acts: bool
    called: tuple[Chain, ...]
    decorating: tuple[Chain, ...]
    evaluated: tuple[Chain, ...]
    operates: bool
    has_calls: bool
    has_code: bool
    makes: tuple[Making, ...]
    aliases: tuple[Chain, ...]
    assigns: bool


@lru_cache(maxsize=65536)
def effects_of(statement: ast.stmt, *, is_lazy: bool, is_script: bool) -> Effects:
    """Return what a statement does; `is_lazy` says that annotations are not evaluated."""
    search = _Search(is_lazy=is_lazy, is_script=is_script)
    search.go(statement)
    makes, aliases, assigns = _bound(statement)
    return Effects(
        acts=search.acts,
        called=tuple(search.called),
        decorating=tuple(search.decorating),
        evaluated=tuple(search.evaluated),
        operates=search.operates,
        has_calls=search.has_calls,
        has_code=search.has_code,
        makes=makes,
        aliases=aliases,
        assigns=assigns,
    )


def chain_of(node: ast.expr) -> Chain | None:
    """Return a name and the attributes taken from it; None for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (node.id, *reversed(parts)) if isinstance(node, ast.Name) else None


class _Search:
    """One walk over what is evaluated of a statement."""

    def __init__(self, *, is_lazy: bool, is_script: bool) -> None:
        self.acts = False
        self.called: dict[Chain, None] = {}
        self.decorating: dict[Chain, None] = {}
        self.evaluated: dict[Chain, None] = {}
        self.operates = False
        self.has_calls = False
        self.has_code = False
        self._is_lazy = is_lazy
        self._is_script = is_script
        self._pending: list[ast.AST] = []

    def go(self, statement: ast.stmt) -> None:
        self._pending = [statement]
        while self._pending:
            node = self._pending.pop()
            kind = type(node)
            visit = _VISITS.get(kind)
            if visit is not None:
                visit(self, node)
                continue
            if kind not in _QUIET:
                self.operates = True
            self._pending += children(node)

    def expression(self, node: ast.Expr) -> None:
        # What is not even given a name is there for what it does.
        is_plain = isinstance(node.value, ast.Constant | ast.Name | ast.Call)
        self.acts = self.acts or not is_plain
        self._pending.append(node.value)

    def row(self, node: ast.Tuple | ast.List) -> None:
        # Names on the left take a value apart.
        self.operates = self.operates or type(node.ctx) is not ast.Load
        self._pending += node.elts

    def skip(self, node: ast.AST) -> None:
        """Leave out what is only evaluated when it is asked for."""

    def name(self, node: ast.Name) -> None:
        if type(node.ctx) is ast.Load:
            self.evaluated[node.id,] = None

    def attribute(self, node: ast.Attribute) -> None:
        if type(node.ctx) is not ast.Load:
            self.acts = True
        chain = chain_of(node)
        if chain is None:
            self.operates = True
            self._pending.append(node.value)
        else:
            self.evaluated[chain] = None

    def item(self, node: ast.Subscript) -> None:
        self.acts = self.acts or type(node.ctx) is not ast.Load
        self.operates = True
        self._pending += children(node)

    def call(self, node: ast.Call) -> None:
        self.operates = self.has_calls = True
        self._pending += children(node)
        # `key` is a function that is called, as is one that gives each item.
        if any(keyword.arg == "key" for keyword in node.keywords):
            self.acts = True
        if isinstance(node.func, ast.Name) and node.func.id == "type" and len(node.args) != 1:
            self.acts = True  # it makes a class
        if not _is_method_of_text(node.func):
            self._calls(node.func, self.called)

    def condition(self, node: ast.If) -> None:
        branch = running(node, is_script=self._is_script)
        if branch is None:
            self.operates = True
        self._pending += children(node) if branch is None else branch

    def addition(self, node: ast.AugAssign) -> None:
        # A name may stand for a list that others hold too.
        self.acts = self.acts or not (
            isinstance(node.target, ast.Name) and node.target.id == "__all__"
        )
        self.operates = True
        self._pending.append(node.value)

    def act(self, node: ast.stmt) -> None:
        self.acts = self.operates = True
        self._pending += children(node)

    def annotated(self, node: ast.AnnAssign) -> None:
        self._pending += [node.target, *([node.value] if node.value else [])]
        if not self._is_lazy:
            self._annotations([node.annotation])

    def mapping(self, node: ast.Dict) -> None:
        # Keys are hashed and compared.
        self.operates = self.operates or not all(isinstance(k, ast.Constant) for k in node.keys)
        self._pending += children(node)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._decorators(node)
        if not self._is_lazy:
            self._annotations(annotations_of(node))

    def lambda_(self, node: ast.Lambda) -> None:
        self.has_code = True
        self._pending += outer_parts(node)

    def class_(self, node: ast.ClassDef) -> None:
        self._decorators(node)
        # What is bound in a class is told the name that it gets there.
        self.operates = True
        self._pending += node.body
        if not all(map(_is_plain_keyword, node.keywords)):
            self.acts = True

    def _decorators(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        self.has_code = True
        decorators = {id(decorator) for decorator in node.decorator_list}
        self._pending += [part for part in outer_parts(node) if id(part) not in decorators]
        for decorator in node.decorator_list:
            if _is_property_part(decorator, node.name):
                continue
            self.has_calls = True
            if isinstance(decorator, ast.Call):
                self._pending += [*decorator.args, *decorator.keywords]
                self.operates = True
                decorator = decorator.func
            self._calls(decorator, self.decorating)

    def _annotations(self, annotations: list[ast.expr]) -> None:
        """Look for calls in annotations; their names are those of types, which do not act."""
        inner = _Search(is_lazy=True, is_script=False)
        inner._pending = []
        for annotation in annotations:
            inner.go(ast.Assign(targets=[], value=annotation))
        self.acts = self.acts or inner.acts
        self.called.update(inner.called)

    def _calls(self, called: ast.expr, names: dict[Chain, None]) -> None:
        chain = chain_of(called)
        if chain is None:
            self.acts = True
        else:
            names[chain] = None


_VISITS: dict[type[ast.AST], Callable[[_Search, Any], None]] = {
    ast.Expr: _Search.expression,
    ast.Tuple: _Search.row,
    ast.List: _Search.row,
    ast.Name: _Search.name,
    ast.Attribute: _Search.attribute,
    ast.Subscript: _Search.item,
    ast.Call: _Search.call,
    ast.If: _Search.condition,
    ast.AugAssign: _Search.addition,
    ast.AnnAssign: _Search.annotated,
    ast.Dict: _Search.mapping,
    ast.FunctionDef: _Search.function,
    ast.AsyncFunctionDef: _Search.function,
    ast.Lambda: _Search.lambda_,
    ast.ClassDef: _Search.class_,
    **dict.fromkeys(
        (ast.Raise, ast.Assert, ast.For, ast.While, ast.With, ast.AsyncFor, ast.AsyncWith),
        _Search.act,
    ),
}

if sys.version_info >= (3, 12):
    _VISITS[ast.TypeAlias] = _Search.skip

_QUIET = frozenset(
    {ast.Assign, ast.Constant, ast.Pass, ast.Try, ast.TryStar}
    | {ast.ExceptHandler, ast.Import, ast.ImportFrom, ast.alias, ast.Global, ast.keyword}
    | {ast.Delete, ast.Load, ast.Store}
)
"""Syntax that only gives or binds a value, whatever that is."""


def _is_method_of_text(called: ast.expr) -> bool:
    """Say whether what is called is a method of a literal text: `"a b".split()`."""
    match called:
        case ast.Attribute(value=ast.Constant(value=str() | bytes())):
            return True
        case _:
            return False


def _is_property_part(decorator: ast.expr, name: str) -> bool:
    """Say whether a decorator is another function of a property: `@x.setter` of an `x`."""
    match decorator:
        case ast.Attribute(value=ast.Name(id=of), attr=part):
            return of == name and part in PROPERTY_PARTS
        case _:
            return False


def _is_plain_keyword(keyword: ast.keyword) -> bool:
    if keyword.arg in {"total", "frozen"}:
        return isinstance(keyword.value, ast.Constant)
    chain = chain_of(keyword.value)
    return keyword.arg == "metaclass" and chain is not None and chain[-1] == "ABCMeta"


def _bound(statement: ast.stmt) -> tuple[tuple[Making, ...], tuple[Chain, ...], bool]:
    """Return the classes that a statement makes, the chains it assigns, and if it assigns more."""
    makes: list[Making] = []
    aliases: list[Chain] = []
    assigns = False
    for one in statements_of([statement]):
        match one:
            case ast.ClassDef():
                makes.append(_making(one))
            case ast.Assign(value=value) if (chain := chain_of(value)) is not None:
                aliases.append(chain)
            case ast.Assign() | ast.AnnAssign():
                assigns = True
            case _:
                pass
    return tuple(makes), tuple(aliases), assigns


def _making(node: ast.ClassDef) -> Making:
    bases = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
    return Making(
        # Whether a call acts is asked for itself.
        bases=tuple(chain_of(base) or () for base in bases if not isinstance(base, ast.Call)),
        has_metaclass=any(keyword.arg == "metaclass" for keyword in node.keywords),
        is_told=any(
            isinstance(one, ast.FunctionDef) and one.name == "__init_subclass__"
            for one in statements_of(node.body)
        ),
    )
