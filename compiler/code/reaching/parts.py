"""A module taken apart: its statements, each with the names that it binds, in the order written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from ...canonical import CanonicalValue, digest_of
from ..bindings import statements_of
from ..module import Module
from ..syntax import syntax_digest
from .conditions import running
from .use import BoundImport, Use, imported_by, use_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """A statement of a module's top level, or one name of an import statement (`bound`).

    `defines` are the names that it binds to what stands in it; `imports` what it imports when the
    module is imported.
    """

    index: int
    node: ast.stmt
    bound: BoundImport | None
    defines: frozenset[str]
    imports: tuple[BoundImport, ...]
    is_script: bool

    @property
    def use(self) -> Use:
        """What it uses; an import uses nothing."""
        return _NO_USE if self.bound is not None else use_of(self.node, self.is_script)

    @property
    def digest(self) -> str:
        """What it is, whatever its form."""
        if self.bound is None:
            return _digest(self.node)
        imported = self.bound.imported
        written: list[CanonicalValue] = [
            imported.module,
            imported.level,
            imported.name,
            self.bound.name,
        ]
        return digest_of("import1", written)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parts:
    """A whole module: its parts, and for each name the parts that bind it, imports apart."""

    parts: tuple[Part, ...]
    definitions: dict[str, tuple[Part, ...]] = field(repr=False)
    imports: dict[str, tuple[tuple[Part, BoundImport], ...]] = field(repr=False)
    stars: tuple[BoundImport, ...]
    is_lazy: bool
    """Annotations are not evaluated."""


@lru_cache(maxsize=4096)
def parts_of(module: Module, is_script: bool) -> Parts:
    """Take a module apart; `is_script` says that it is run as a program."""
    parts = tuple(_parts(module.tree, is_script))
    definitions: dict[str, tuple[Part, ...]] = {}
    imports: dict[str, tuple[tuple[Part, BoundImport], ...]] = {}
    for part in parts:
        for name in part.defines:
            definitions[name] = (*definitions.get(name, ()), part)
        for bound in part.imports:
            if bound.name != "*" and bound.is_global:
                imports[bound.name] = (*imports.get(bound.name, ()), (part, bound))
    if "global" in module.text:
        for part in parts:
            for bound in part.use.imports:
                if bound.is_global and bound.is_in_function:
                    imports[bound.name] = (*imports.get(bound.name, ()), (part, bound))
    return Parts(
        parts=parts,
        definitions=definitions,
        imports=imports,
        stars=tuple(bound for part in parts for bound in part.imports if bound.name == "*"),
        is_lazy=any(
            bound.imported.module == "__future__" and bound.imported.name == "annotations"
            for part in parts
            for bound in part.imports
        ),
    )


def _parts(tree: ast.Module, is_script: bool) -> Iterator[Part]:
    pending = list(reversed(tree.body))
    index = 0
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If):
            branch = running(node, is_script=is_script)
            if branch is not None:
                pending.extend(reversed(branch))
                continue
        is_import = isinstance(node, ast.Import | ast.ImportFrom)
        for bound in imported_by(node) if is_import else (None,):  # type: ignore[arg-type]
            yield Part(
                index=index,
                node=node,
                bound=bound,
                defines=_defined(node, is_first=index == 0),
                imports=(bound,) if bound is not None else _imported(node, is_script),
                is_script=is_script,
            )
            index += 1


def _defined(node: ast.stmt, *, is_first: bool) -> frozenset[str]:
    """Return the names that a statement binds, not by an import."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return frozenset((node.name,))
        case ast.Import() | ast.ImportFrom():
            return frozenset()
        case ast.Expr(value=ast.Constant(value=str())) if is_first:
            return frozenset(("__doc__",))
        case _:
            return frozenset(_all_defined(node))


def _all_defined(node: ast.stmt) -> Iterator[str]:
    for statement in statements_of([node]):
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield statement.name
        elif not isinstance(statement, ast.Import | ast.ImportFrom):
            # All that is bound by it or within it, functions' own names too: too many do no harm.
            for child in ast.walk(statement):
                if isinstance(child, ast.Name) and not isinstance(child.ctx, ast.Load):
                    yield child.id
                elif isinstance(child, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
                    yield child.name or ""
                elif isinstance(child, ast.MatchMapping):
                    yield child.rest or ""


def _imported(node: ast.stmt, is_script: bool) -> tuple[BoundImport, ...]:
    """Return the imports in a statement that run when the module is imported."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Assign | ast.Expr):
        return ()
    return tuple(one for one in use_of(node, is_script).imports if not one.is_in_function)


@lru_cache(maxsize=65536)
def _digest(node: ast.stmt) -> str:
    return syntax_digest(node)


_NO_USE = Use(chains=(), imports=(), calls=(), computed=(), attributes=frozenset())
