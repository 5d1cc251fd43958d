"""A Python file taken apart in one walk: its definitions, and in each what the rules look at."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..code.reaching.conditions import running
from ..code.within import every


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What an import statement binds to a name; `name` is None where it is a module itself."""

    module: str
    level: int
    name: str | None

    @property
    def dotted(self) -> str:
        return self.module if self.name is None else f"{self.module}.{self.name}"


@dataclass(slots=True, kw_only=True)
class Piece:
    """A definition or a statement of a module's own scope.

    `names` are what it binds: none for a statement that only has an effect, which runs whenever the
    module is imported. `loads` and `attributes` are the names that it uses, `bound` those that are
    parameters or assigned somewhere in it.
    """

    names: tuple[str, ...]
    node: ast.stmt | ast.expr
    loads: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    imports: dict[str, Import] = field(default_factory=dict)
    calls: list[ast.Call] = field(default_factory=list)
    sets: list[ast.Set | ast.SetComp] = field(default_factory=list)
    items: list[ast.Subscript] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The pieces of a module in order, its imports, and the names that it defines itself."""

    pieces: tuple[Piece, ...]
    imports: dict[str, Import]
    defined: frozenset[str]


def outline_of(tree: ast.Module, *, is_script: bool = False) -> Outline:
    """Take a module apart; what runs only when it is a program, or never, is left out."""
    imports: dict[str, Import] = {}
    statements = _statements(tree.body, imports, is_script)
    pieces = [_piece(names, node) for names, node in statements]
    defined = frozenset(name for piece in pieces for name in piece.names)
    return Outline(pieces=tuple(pieces), imports=imports, defined=defined)


def _statements(
    body: Iterable[ast.stmt], imports: dict[str, Import], is_script: bool
) -> Iterator[tuple[tuple[str, ...], ast.stmt | ast.expr]]:
    for statement in body:
        match statement:
            case ast.Import() | ast.ImportFrom():
                imports.update(_imported(statement))
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield (name,), statement
            case ast.ClassDef(name=name):
                yield (name,), statement
            case ast.Assign(targets=targets):
                names = tuple(target.id for target in targets if isinstance(target, ast.Name))
                yield names if len(names) == len(targets) else (), statement
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield (name,), statement
            case ast.If() if (branch := running(statement, is_script=is_script)) is not None:
                yield from _statements(branch, imports, is_script)
            case ast.If(test=test, body=inner, orelse=other):
                yield (), test
                yield from _statements((*inner, *other), imports, is_script)
            case ast.Try() | ast.TryStar():
                handled = (s for handler in statement.handlers for s in handler.body)
                parts = (*statement.body, *handled, *statement.orelse, *statement.finalbody)
                yield from _statements(parts, imports, is_script)
            case _:
                yield (), statement


def _imported(statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, Import]]:
    for alias in statement.names:
        if isinstance(statement, ast.ImportFrom):
            module, level = statement.module or "", statement.level
            yield (
                alias.asname or alias.name,
                Import(module=module, level=level, name=alias.name),
            )
        else:
            module = alias.name if alias.asname else alias.name.partition(".")[0]
            yield alias.asname or module, Import(module=module, level=0, name=None)


def _piece(names: tuple[str, ...], node: ast.stmt | ast.expr) -> Piece:
    piece = Piece(names=names, node=node)
    for found in every(node):
        note = _NOTES.get(type(found))
        if note is not None:
            note(piece, found)
    return piece


def _note_name(piece: Piece, node: ast.Name) -> None:
    (piece.loads if type(node.ctx) is ast.Load else piece.bound).add(node.id)


def _note_attribute(piece: Piece, node: ast.Attribute) -> None:
    piece.attributes.add(node.attr)


def _note_call(piece: Piece, node: ast.Call) -> None:
    piece.calls.append(node)


def _note_set(piece: Piece, node: ast.Set | ast.SetComp) -> None:
    piece.sets.append(node)


def _note_item(piece: Piece, node: ast.Subscript) -> None:
    match node.value:
        case ast.Attribute(attr="environ") | ast.Name(id="environ"):
            piece.items.append(node)
        case _:
            pass


def _note_parameter(piece: Piece, node: ast.arg) -> None:
    piece.bound.add(node.arg)


def _note_definition(
    piece: Piece, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
) -> None:
    if node is not piece.node:
        piece.bound.add(node.name)


def _note_import(piece: Piece, node: ast.Import | ast.ImportFrom) -> None:
    piece.imports.update(_imported(node))


_NOTES: dict[type[ast.AST], Callable[[Piece, Any], None]] = {
    ast.Name: _note_name,
    ast.Attribute: _note_attribute,
    ast.Call: _note_call,
    ast.Set: _note_set,
    ast.SetComp: _note_set,
    ast.Subscript: _note_item,
    ast.arg: _note_parameter,
    ast.FunctionDef: _note_definition,
    ast.AsyncFunctionDef: _note_definition,
    ast.ClassDef: _note_definition,
    ast.Import: _note_import,
    ast.ImportFrom: _note_import,
}
