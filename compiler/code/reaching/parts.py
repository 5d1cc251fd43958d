"""A module taken apart: its statements, each with the names that it binds, in the order written."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from ...canonical import CanonicalValue, digest_of
from ..bindings import statements_of
from ..imports import Import, exported_names, imports_of
from ..module import Module
from ..syntax import syntax_digest
from ..within import every
from .conditions import running
from .data import MAY_NAME_FILES, NO_DATA, DataUse, data_of
from .effect import Effects, effects_of
from .use import BoundImport, Use, imported_by, use_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a statement says, of which its tree is no longer needed.

    `digest` is what it is, whatever its form.
    """

    use: Use
    effects: Effects
    data: DataUse
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """A statement of a module's top level, or one name of an import statement (`bound`).

    `defines` are the names that it binds to what stands in it; `imports` what it imports when the
    module is imported; `is_function` says that it defines a function and nothing else. `node` is
    its syntax, or what it says where that is known from before; None for an import.
    """

    index: int
    node: ast.stmt | Said | None
    bound: BoundImport | None
    defines: frozenset[str]
    imports: tuple[BoundImport, ...]
    is_function: bool
    is_script: bool
    is_lazy: bool

    @property
    def use(self) -> Use:
        """What it uses; an import uses nothing."""
        match self.node:
            case ast.stmt() as node:
                return use_of(node, self.is_script)
            case Said(use=use):
                return use
            case None:
                return _NO_USE

    @property
    def effects(self) -> Effects:
        """What it does when its module is imported; an import does nothing by itself."""
        match self.node:
            case ast.stmt() as node:
                return effects_of(node, is_lazy=self.is_lazy, is_script=self.is_script)
            case Said(effects=effects):
                return effects
            case None:
                return NO_EFFECTS

    @property
    def data(self) -> DataUse:
        """The files that it names."""
        match self.node:
            case ast.stmt() as node:
                return data_of(node)
            case Said(data=data):
                return data
            case None:
                return NO_DATA

    @property
    def digest(self) -> str:
        """What it is, whatever its form."""
        match self.node:
            case ast.stmt() as node:
                return _digest(node)
            case Said(digest=digest):
                return digest
            case None:
                assert self.bound is not None
                return _import_digest(self.bound)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parts:
    """A whole module: its parts, and for each name the parts that bind it, imports apart.

    `imported` are all its import statements, those in functions too, `exported` the names of a
    literal `__all__`; `is_lazy` says that annotations are not evaluated, `names_files` that it may
    find files beside a module, `declares_globals` that functions in it may bind names of it.
    """

    parts: tuple[Part, ...]
    definitions: dict[str, tuple[Part, ...]] = field(repr=False)
    imports: dict[str, tuple[tuple[Part, BoundImport], ...]] = field(repr=False)
    stars: tuple[BoundImport, ...]
    imported: tuple[Import, ...]
    exported: tuple[str, ...]
    is_lazy: bool
    names_files: bool
    declares_globals: bool


@lru_cache(maxsize=4096)
def parts_of(module: Module, is_script: bool) -> Parts:
    """Take a module apart; `is_script` says that it is run as a program."""
    text = module.text
    return assembled(
        tuple(_parts(module.tree, is_script, is_lazy=_is_lazy(module.tree))),
        imported=imports_of(module, is_script=is_script),
        exported=exported_names(module),
        names_files=MAY_NAME_FILES.search(text) is not None,
        declares_globals="global" in text,
    )


def assembled(
    parts: tuple[Part, ...],
    *,
    imported: tuple[Import, ...],
    exported: tuple[str, ...],
    names_files: bool,
    declares_globals: bool,
) -> Parts:
    """Return a module made of its parts."""
    definitions: dict[str, tuple[Part, ...]] = {}
    imports: dict[str, tuple[tuple[Part, BoundImport], ...]] = {}
    for part in parts:
        for name in part.defines:
            definitions[name] = (*definitions.get(name, ()), part)
        for bound in part.imports:
            if bound.name != "*" and bound.is_global:
                imports[bound.name] = (*imports.get(bound.name, ()), (part, bound))
    for part in parts if declares_globals else ():
        for bound in part.use.imports:
            if bound.is_global and bound.is_in_function:
                imports[bound.name] = (*imports.get(bound.name, ()), (part, bound))
    return Parts(
        parts=parts,
        definitions=definitions,
        imports=imports,
        stars=tuple(bound for part in parts for bound in part.imports if bound.name == "*"),
        imported=imported,
        exported=exported,
        is_lazy=any(part.is_lazy for part in parts),
        names_files=names_files,
        declares_globals=declares_globals,
    )


def _is_lazy(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
        for node in tree.body
    )


def _parts(tree: ast.Module, is_script: bool, *, is_lazy: bool) -> Iterator[Part]:
    pending = list(reversed(tree.body))
    index = 0
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If):
            branch = running(node, is_script=is_script)
            if branch is not None:
                pending.extend(reversed(branch))
                continue
        bounds: Iterable[BoundImport | None] = (None,)
        if isinstance(node, ast.Import | ast.ImportFrom):
            bounds = imported_by(node)
        for bound in bounds:
            yield Part(
                index=index,
                node=node if bound is None else None,
                bound=bound,
                defines=_defined(node, is_first=index == 0),
                imports=_imported(node, is_script) if bound is None else (bound,),
                is_function=isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef),
                is_script=is_script,
                is_lazy=is_lazy,
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
            for child in every(statement):
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
    if not any(isinstance(one, ast.Import | ast.ImportFrom) for one in every(node)):
        return ()
    return tuple(one for one in use_of(node, is_script).imports if not one.is_in_function)


@lru_cache(maxsize=65536)
def _digest(node: ast.stmt) -> str:
    return syntax_digest(node)


@lru_cache(maxsize=65536)
def _import_digest(bound: BoundImport) -> str:
    written: list[CanonicalValue] = [bound.module, bound.level, bound.taken, bound.name]
    return digest_of("import1", written)


_NO_USE = Use(chains=(), imports=(), calls=(), computed=(), attributes=frozenset())
NO_EFFECTS = Effects(
    acts=False,
    called=(),
    decorating=(),
    evaluated=(),
    operates=False,
    has_calls=False,
    has_code=False,
    makes=(),
    aliases=(),
    assigns=False,
)
