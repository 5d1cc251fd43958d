"""The import statements of a module that can run when a function in it is called."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from .module import Module
from .place import Place, place_of
from .reaching.calls import imports_by_name, literal_import
from .reaching.conditions import is_main, running
from .within import children


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One module that is imported.

    `module` and `level` are as written; `names` are those taken from it by `from`, `*` among them,
    empty for `import module`. `is_guarded` says that a failure is caught; `is_certain` that the
    statement runs, and its failure is not caught, whenever the module is imported.
    """

    module: str
    level: int
    names: tuple[str, ...]
    is_guarded: bool
    is_certain: bool
    place: Place


def imports_of(module: Module, *, is_script: bool = False) -> tuple[Import, ...]:
    """Return the imports of a module in the order written.

    Those within functions, classes and conditions count; those under `if TYPE_CHECKING:` and
    `if __name__ == "__main__":` do not, but the latter do in a script. `import_module("…")` counts
    where its argument is a literal.
    """
    has_calls = "import_module" in module.text or "__import__" in module.text
    found: list[Import] = []
    certain = _certain(module.tree, is_script)
    pending: list[tuple[ast.AST, bool]] = [(module.tree, False)]
    while pending:
        node, is_guarded = pending.pop()
        if not has_calls and isinstance(node, ast.expr):
            continue  # only a call can import there
        match node:
            case ast.Import() | ast.ImportFrom():
                found.extend(_statement(node, is_guarded, id(node) in certain))
            case ast.If() if (branch := running(node, is_script=is_script)) is not None:
                pending.extend((child, is_guarded) for child in reversed(branch))
            case ast.Try() | ast.TryStar():
                catches = is_guarded or bool(node.handlers)
                rest = [*node.handlers, *node.orelse, *node.finalbody]
                pending.extend((child, is_guarded) for child in reversed(rest))
                pending.extend((child, catches) for child in reversed(node.body))
            case _:
                if isinstance(node, ast.Call):
                    found.extend(_call(node, is_guarded))
                pending.extend((child, is_guarded) for child in reversed(children(node)))
    return tuple(found)


def _certain(tree: ast.Module, is_script: bool) -> frozenset[int]:
    """Return the identities of the statements that surely run when a module is imported."""
    found: set[int] = set()
    pending: list[ast.stmt] = list(tree.body)
    while pending:
        statement = pending.pop()
        match statement:
            case ast.ClassDef(body=body) | ast.With(body=body):
                pending.extend(body)
            case ast.If(test=test, body=body) if is_script and is_main(test):
                pending.extend(body)
            case ast.Try(handlers=[]) | ast.TryStar(handlers=[]):
                pending.extend((*statement.body, *statement.orelse, *statement.finalbody))
            case ast.Try() | ast.TryStar():
                pending.extend(statement.finalbody)
            case ast.Import() | ast.ImportFrom():
                found.add(id(statement))
            case _:
                pass
    return frozenset(found)


def _statement(
    node: ast.Import | ast.ImportFrom, is_guarded: bool, is_certain: bool
) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield Import(
                module=alias.name,
                level=0,
                names=(),
                is_guarded=is_guarded,
                is_certain=is_certain,
                place=place_of(node),
            )
        return
    yield Import(
        module=node.module or "",
        level=node.level,
        names=tuple(alias.name for alias in node.names),
        is_guarded=is_guarded,
        is_certain=is_certain,
        place=place_of(node),
    )


def _call(node: ast.Call, is_guarded: bool) -> Iterator[Import]:
    literal = literal_import(node) if imports_by_name(node) else None
    if literal is not None:
        module, level = literal
        yield Import(
            module=module,
            level=level,
            names=(),
            is_guarded=is_guarded,
            is_certain=False,
            place=place_of(node),
        )


def exported_names(module: Module) -> tuple[str, ...]:
    """Return the names of a literal `__all__`, which a star import takes, or none."""
    for statement in reversed(module.tree.body):
        match statement:
            case ast.Assign(
                targets=[ast.Name(id="__all__")], value=ast.List(elts=items) | ast.Tuple(elts=items)
            ):
                return tuple(
                    item.value
                    for item in items
                    if isinstance(item, ast.Constant) and isinstance(item.value, str)
                )
    return ()
