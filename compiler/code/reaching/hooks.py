"""Classes whose making runs code of the project: those with a metaclass or `__init_subclass__`."""

from __future__ import annotations

import ast
from typing import Protocol

from ..bindings import statements_of
from ..folder import Located
from .parts import Part
from .targets import Counted, Target
from .use import Chain


class Project(Protocol):
    """What is asked about names and the parts of modules."""

    def targets(self, module: Located, part: Part, chain: Chain) -> tuple[Target, ...]:
        """Return what a chain of names in a part of a module leads to."""
        ...

    def acts(self, module: Located, part: Part) -> bool:
        """Say whether a part does something when its module is imported but bind names."""
        ...


def hooks_subclasses(project: Project, module: Located, part: Part) -> bool:
    """Say whether making a class in this part runs code of a base class.

    Bases from outside the project are taken to do nothing that others see.
    """
    return any(
        _is_hooked(project, module, part, base, frozenset())
        for statement in statements_of([part.node])
        if isinstance(statement, ast.ClassDef)
        for base in statement.bases
    )


def _is_hooked(
    project: Project, module: Located, part: Part, base: ast.expr, seen: frozenset[int]
) -> bool:
    """Say whether a base, or one of its own, is told of its subclasses."""
    chain = _chain(base.value if isinstance(base, ast.Subscript) else base)
    if chain is None:
        return not isinstance(base, ast.Call)  # whether a call acts has been asked already
    for target in project.targets(module, part, chain):
        if not isinstance(target, Counted):
            return True
        if id(target.part) in seen or target.part.bound is not None:
            continue
        if _tells(project, target, seen | {id(target.part)}):
            return True
    return False


def _tells(project: Project, base: Counted, seen: frozenset[int]) -> bool:
    for statement in statements_of([base.part.node]):
        match statement:
            case ast.ClassDef():
                if any(keyword.arg == "metaclass" for keyword in statement.keywords):
                    return project.acts(base.module, base.part)
                if any(
                    isinstance(one, ast.FunctionDef) and one.name == "__init_subclass__"
                    for one in statement.body
                ):
                    return True
                bases = statement.bases
            case ast.Assign(value=value) if _chain(value) is not None:
                bases = [value]
            case ast.Assign() | ast.AnnAssign():
                return project.acts(base.module, base.part)
            case _:
                continue
        if any(_is_hooked(project, base.module, base.part, one, seen) for one in bases):
            return True
    return False


def _chain(node: ast.expr) -> Chain | None:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (node.id, *reversed(parts)) if isinstance(node, ast.Name) else None
