"""Following a name through a project: assignments, imports, re-exports and star imports."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from ..source import Source
from .bindings import Bindings, Definition, Imported, bindings_of
from .folder import CodeFolder, Located
from .module import Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A name that stands for something in a module of the project."""

    module: Located
    source: Source
    definition: Definition


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """A name that comes from outside the project, as a dotted name, and where it is imported."""

    name: str
    source: Source
    statement: ast.stmt


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A name that cannot be followed, for a file on the way cannot be read."""

    source: Source
    unreadable: Unreadable


Sought = Found | Outside | Broken | None


def absolute_name(module: Located, name: str, level: int) -> str | None:
    """Return the dotted name that an import in a module means; None where it leaves the folder."""
    if level == 0:
        return name
    parts = module.name.split(".")
    # One dot is the package that the module is in, or the package itself in its `__init__`.
    up = level - 1 if module.is_package else level
    if up >= len(parts):
        return None
    return ".".join([*parts[: len(parts) - up], *([name] if name else [])])


def find_name(folder: CodeFolder, module: Located, dotted: str) -> Sought:
    """Say what a dotted name in a module stands for; None where the module does not bind it."""
    return _find(folder, module, dotted, frozenset())


def _find(
    folder: CodeFolder, module: Located, dotted: str, seen: frozenset[tuple[str, str]]
) -> Sought:
    if (module.name, dotted) in seen or module.path is None:
        return None
    seen |= {(module.name, dotted)}
    source, read = folder.read(module.path)
    if isinstance(read, Unreadable):
        return Broken(source=source, unreadable=read)
    first, _, rest = dotted.partition(".")
    bindings = bindings_of(read)
    match bindings.names.get(first):
        case Definition() as definition:
            alias = _alias(definition)
            if alias is not None:
                found = _find(folder, module, f"{alias}.{rest}".removesuffix("."), seen)
                if found is not None:
                    return found
            return Found(module=module, source=source, definition=definition) if not rest else None
        case Imported() as imported:
            return _follow(folder, module, source, imported, rest, seen)
        case None:
            return _starred(folder, module, bindings, dotted, seen)


def _alias(definition: Definition) -> str | None:
    """Return the dotted name to which a name is assigned, if it is one."""
    node, parts = definition.node, list[str]()
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None


def _follow(
    folder: CodeFolder,
    module: Located,
    source: Source,
    imported: Imported,
    rest: str,
    seen: frozenset[tuple[str, str]],
) -> Sought:
    target = absolute_name(module, imported.module, imported.level)
    if target is None:
        return None
    wanted = ".".join(part for part in (imported.name, rest) if part)
    if folder.locate(target.partition(".")[0]) is None:
        name = f"{target}.{wanted}".removesuffix(".")
        return Outside(name=name, source=source, statement=imported.statement)
    return _within(folder, target, wanted, seen)


def _within(
    folder: CodeFolder, module: str, dotted: str, seen: frozenset[tuple[str, str]]
) -> Sought:
    """Find a name in a module of the project, whose submodules count as its names too."""
    located = folder.locate(module)
    if located is None or not dotted:
        return None
    found = _find(folder, located, dotted, seen)
    if found is not None:
        return found
    first, _, rest = dotted.partition(".")
    return _within(folder, f"{module}.{first}", rest, seen)


def _starred(
    folder: CodeFolder,
    module: Located,
    bindings: Bindings,
    dotted: str,
    seen: frozenset[tuple[str, str]],
) -> Sought:
    for star in reversed(bindings.stars):
        target = absolute_name(module, star.module, star.level)
        if target is None:
            continue
        located = folder.locate(target)
        if located is None:
            continue
        found = _find(folder, located, dotted, seen)
        if found is not None:
            return found
    return None
