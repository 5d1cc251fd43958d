"""What names mean across the modules of a project, each looked up once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from ..folder import CodeFolder, Located
from ..module import Module, read_module
from ..names import absolute_name
from .effect import has_effect
from .hooks import hooks_subclasses
from .parts import Part, Parts, parts_of
from .targets import (
    NAMES_OF_EVERY_MODULE,
    UNKNOWING_BUILTINS,
    Counted,
    Target,
    Whole,
    outside_targets,
)
from .use import BoundImport, Chain

Seen = frozenset[tuple[str | None, str]]

_NOTHING: Seen = frozenset()


class Modules(Protocol):
    """Where imports are looked for."""

    def locate(self, name: str) -> Located | None:
        """Find a module of the project by its dotted name."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Importing:
    """A part that imports modules of the project: their dotted names, and the files that run."""

    part: Part
    names: tuple[str, ...]
    paths: tuple[str, ...]


class Project:
    """The modules that `search` finds; `script` is the path of one that is run as a program."""

    def __init__(self, code: CodeFolder, search: Modules, script: str | None = None) -> None:
        self.search = search
        self._code = code
        self._script = script
        self._parts: dict[str, Parts] = {}
        self._targets: dict[tuple[str | None, int, Chain], tuple[Target, ...]] = {}
        self._effects: dict[tuple[str | None, int], bool] = {}
        self._acting: dict[str | None, tuple[Part, ...]] = {}
        self._importing: dict[str | None, tuple[Importing, ...]] = {}

    def parts(self, module: Located) -> Parts:
        """Return a module's parts; none where it has no file."""
        path = module.path or ""
        if path not in self._parts:
            self._parts[path] = parts_of(self.read(module), path == self._script)
        return self._parts[path]

    def read(self, module: Located) -> Module:
        """Return a module's tree; an empty one where it has none."""
        read = read_module(b"") if module.path is None else self._code.read(module.path)[1]
        known = read if isinstance(read, Module) else read_module(b"")
        assert isinstance(known, Module)
        return known

    def targets(self, module: Located, part: Part, chain: Chain) -> tuple[Target, ...]:
        """Return what a chain of names in a part of a module leads to."""
        key = module.path, part.index, chain
        if key not in self._targets:
            self._targets[key] = tuple(dict.fromkeys(self._look_up(module, part, chain)))
        return self._targets[key]

    def finds_data(self, module: Located) -> bool:
        """Say whether a module may find files beside itself."""
        text = self.read(module).text
        return "__file__" in text or "resources" in text

    def named(self, module: Located, name: str) -> list[Target]:
        """Return what a name in the scope of a module leads to."""
        return self._bound(module, name, (), _NOTHING)

    def imported(self, module: Located, bound: BoundImport) -> list[Target]:
        """Return what the name that an import binds leads to, where it may be used in any way."""
        return self._follow(module, bound, (), _NOTHING)

    def target_modules(self, module: Located, bound: BoundImport) -> list[str]:
        """Return the dotted names of the project's modules that an import asks for."""
        imported = bound.imported
        target = absolute_name(module, imported.module, imported.level)
        if target is None or not self._is_ours(target):
            return []
        below = f"{target}.{imported.name}"
        is_module = imported.name and imported.name != "*" and self.search.locate(below)
        return [target, below] if is_module else [target]

    def acts(self, module: Located, part: Part) -> bool:
        """Say whether a part does something when its module is imported but bind names."""
        key = module.path, part.index
        if key not in self._effects:
            self._effects[key] = self._acts(module, part)
        return self._effects[key]

    def acting(self, module: Located) -> tuple[Part, ...]:
        """Return the parts that do something when their module is imported."""
        if module.path not in self._acting:
            parts = self.parts(module).parts
            self._acting[module.path] = tuple(part for part in parts if self.acts(module, part))
        return self._acting[module.path]

    def importing(self, module: Located) -> tuple[Importing, ...]:
        """Return the parts that import modules of the project when their module is imported."""
        if module.path not in self._importing:
            self._importing[module.path] = tuple(self._imports(module))
        return self._importing[module.path]

    def _imports(self, module: Located) -> Iterator[Importing]:
        for part in self.parts(module).parts:
            names: list[str] = []
            for bound in part.imports:
                names.extend(self.target_modules(module, bound))
            if names:
                paths = [path for name in names for path in self._running(name)]
                yield Importing(part=part, names=tuple(names), paths=tuple(dict.fromkeys(paths)))

    def _running(self, name: str) -> Iterator[str]:
        """Go through the files that run when a module is imported, its packages' among them."""
        parts = name.split(".")
        for length in range(1, len(parts) + 1):
            located = self.search.locate(".".join(parts[:length]))
            if located is not None and located.path is not None:
                yield located.path

    def _acts(self, module: Located, part: Part) -> bool:
        if part.bound is not None:
            return part.bound.name == "*" or part.bound.imported.module == "__future__"
        # Which modules a condition imports is for the condition to say.
        if any(self.target_modules(module, bound) for bound in part.imports):
            return True
        lazy = self.parts(module).is_lazy
        if has_effect(
            part.node,
            lambda name: self._meaning(module, name),
            lazy=lazy,
            is_script=part.is_script,
        ):
            return True
        return hooks_subclasses(self, module, part)

    def _meaning(self, module: Located, name: str) -> str | None:
        """Return what a name means from outside; None where it is the project's own."""
        parts = self.parts(module)
        if name in parts.definitions:
            return None
        found = parts.imports.get(name)
        if found is None:
            return None if parts.stars else name  # a builtin, if anything
        bounds = [bound for _, bound in found]
        bound = bounds[0]
        if len(bounds) > 1 or bound.imported.level:
            return None
        if self._is_ours(bound.stands_for):
            return None
        taken = bound.imported.name
        return f"{bound.stands_for}.{taken}" if taken else bound.stands_for

    def _is_ours(self, name: str) -> bool:
        return self.search.locate(name.partition(".")[0]) is not None

    def _look_up(self, module: Located, part: Part, chain: Chain) -> list[Target]:
        name, rest = chain[0], chain[1:]
        found: list[Target] = []
        for bound in part.use.imports:
            if bound.name == name:
                found.extend(self._follow(module, bound, rest, _NOTHING))
        found.extend(self._bound(module, name, rest, _NOTHING))
        is_local = isinstance(part.node, ast.FunctionDef | ast.AsyncFunctionDef)
        if not found and (name in UNKNOWING_BUILTINS or (name == "locals" and not is_local)):
            return [Whole(module=module, reason=f"`{name}` may reach any name of it")]
        return found

    def _bound(self, module: Located, name: str, rest: Chain, seen: Seen) -> list[Target]:
        """Return what a name leads to in the scope of a module."""
        if (module.path, name) in seen:
            return []
        seen |= {(module.path, name)}
        parts = self.parts(module)
        found: list[Target] = [
            Counted(module=module, part=part) for part in parts.definitions.get(name, ())
        ]
        for part, bound in parts.imports.get(name, ()):
            found.append(Counted(module=module, part=part))
            found.extend(self._follow(module, bound, rest, seen))
        for star in parts.stars:
            target = absolute_name(module, star.stands_for, star.imported.level)
            located = self.search.locate(target) if target else None
            if located is not None:
                found.extend(self._bound(located, name, rest, seen))
        return found

    def _follow(self, module: Located, bound: BoundImport, rest: Chain, seen: Seen) -> list[Target]:
        imported = bound.imported
        target = absolute_name(module, bound.stands_for, imported.level)
        if target is None:
            return []
        wanted = (imported.name, *rest) if imported.name else rest
        if not self._is_ours(target):
            return outside_targets(".".join((target, *wanted)))
        located = self.search.locate(target)
        return [] if located is None else self._within(located, wanted, seen)

    def _within(self, module: Located, wanted: Chain, seen: Seen) -> list[Target]:
        """Return what attributes of a module lead to; its submodules are among them."""
        if not wanted:
            return [Whole(module=module, reason="it is used as a value")]
        first, rest = wanted[0], wanted[1:]
        found = self._bound(module, first, rest, seen)
        below = self.search.locate(f"{module.name}.{first}")
        if below is not None and not self._is_taken_from(module, first, below.name):
            found.extend(self._within(below, rest, seen))
        if found or module.path is None or first in NAMES_OF_EVERY_MODULE:
            return found
        made = self._bound(module, "__getattr__", (), seen)
        return made or [Whole(module=module, reason=f"`{first}` is not defined in it")]

    def _is_taken_from(self, module: Located, name: str, below: str) -> bool:
        """Say whether a package binds the name of a module below it to what it takes from there."""
        return any(
            bound.imported.name is not None
            and absolute_name(module, bound.stands_for, bound.imported.level) == below
            for _, bound in self.parts(module).imports.get(name, ())
        )
