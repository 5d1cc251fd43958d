"""The walk from a function over all that it can reach."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from ..bindings import Imported
from ..folder import PROGRAM, Located
from ..imports import exported_names
from ..names import absolute_name
from .data import data_of
from .parts import Part
from .project import Project
from .reached import ReachedFile, reached_file
from .targets import UNKNOWING_ATTRIBUTES, Anything, Counted, Target, Whole
from .use import BoundImport


class Walk:
    """What is reached so far among `modules`, those of the project by path.

    `anything` is why all of them count, where that is so; `computed` are the calls that import a
    module whose name is computed. `data` are the paths beside modules that are named, files or not;
    `computed_data` the expressions that go on from such a place by a name that is computed.
    """

    def __init__(self, project: Project, modules: Mapping[str, Located]) -> None:
        self.anything: str | None = None
        self.computed: list[tuple[Located, ast.Call]] = []
        self.data: set[str] = set()
        self.computed_data: list[tuple[Located, ast.expr]] = []
        self._project = project
        self._modules = modules
        self._imported: set[str] = set()
        self._counted: dict[str, set[int]] = {}
        self._whole: dict[str, str] = {}
        self._spread_over: set[str] = set()
        self._pending: list[tuple[Located, Part]] = []

    def add_name(self, module: Located, name: str) -> None:
        """Reach a name of a module, which is imported for it."""
        self.add_import(module.name)
        for target in self._project.named(module, name):
            self._reach(target)

    def add_import(self, name: str) -> None:
        """Reach what happens when a module is imported, and the packages on the way."""
        parts = name.split(".")
        for length in range(1, len(parts) + 1):
            located = self._project.search.locate(".".join(parts[:length]))
            if located is None:
                return
            self.add_program(located)

    def add_program(self, module: Located) -> None:
        """Reach what happens when a module runs."""
        path = module.path
        if path is None or path in self._imported or path not in self._modules:
            return
        self._imported.add(path)
        for importing in self._project.importing(module):
            for name in importing.names:
                self.add_import(name)
        for star in self._project.parts(module).stars:
            self._star(module, star)
        for part in self._project.acting(module):
            self._count(module, part)

    def add_whole(self, module: Located, reason: str) -> None:
        """Reach all parts of a module."""
        if module.path is None or module.path in self._whole or module.path not in self._modules:
            return
        self._whole[module.path] = reason
        if module.name != PROGRAM:
            self.add_import(module.name)
        self.add_program(module)
        for part in self._project.parts(module).parts:
            self._count(module, part)

    def follow(self) -> None:
        """Follow names until nothing new is reached."""
        self._go()
        if self.anything is not None:
            # What counts for that reason alone is not asked for its own reasons.
            computed, computed_data = list(self.computed), list(self.computed_data)
            for module in self._modules.values():
                self.add_whole(module, self.anything)
            self._go()
            self.computed, self.computed_data = computed, computed_data

    def _go(self) -> None:
        while self._pending:
            module, part = self._pending.pop()
            use = part.use
            self._data(module, part)
            for bound in use.imports:
                for name in self._project.target_modules(module, bound):
                    self.add_import(name)
            for imported in use.calls:
                self._call(module, imported)
            for call in use.computed:
                self.computed.append((module, call))
                self._reach(Anything(reason="it imports a module whose name is computed"))
            for attribute in sorted(use.attributes & UNKNOWING_ATTRIBUTES):
                self._reach(Anything(reason=f"`{attribute}` may lead to any definition"))
            for chain in use.chains:
                for target in self._project.targets(module, part, chain):
                    self._reach(target)

    def files(self) -> dict[str, ReachedFile]:
        """Return what counts of each file, by path; files of which nothing counts are left out."""
        acting = self._acting()
        found: dict[str, ReachedFile] = {}
        for path in sorted(self._imported | set(self._counted)):
            module = self._modules[path]
            runs = tuple(
                (one.part.index, one.names)
                for one in self._project.importing(module)
                if not acting.isdisjoint(one.paths)
            )
            counted = frozenset(self._counted.get(path, ()))
            parts = self._project.parts(module)
            file = reached_file(parts, counted, runs, self._whole.get(path))
            if file is not None:
                found[path] = file
        return found

    def _acting(self) -> set[str]:
        """Return the modules whose import does something, by itself or by what it imports."""
        importers: dict[str, set[str]] = {}
        pending: list[str] = []
        for path in self._imported:
            if any(part.bound is None for part in self._project.acting(self._modules[path])):
                pending.append(path)
            for importing in self._project.importing(self._modules[path]):
                for other in importing.paths:
                    importers.setdefault(other, set()).add(path)
        acting: set[str] = set()
        while pending:
            path = pending.pop()
            if path not in acting:
                acting.add(path)
                pending.extend(importers.get(path, ()))
        return acting

    def _count(self, module: Located, part: Part) -> None:
        if module.path is None or module.path not in self._modules:
            return
        counted = self._counted.setdefault(module.path, set())
        if part.index not in counted:
            counted.add(part.index)
            self._pending.append((module, part))

    def _reach(self, target: Target) -> None:
        match target:
            case Counted(module=module, part=part):
                self._count(module, part)
            case Whole(module=module, reason=reason):
                self._spread(module, reason)
            case Anything(reason=reason):
                self.anything = self.anything or reason

    def _spread(self, module: Located, reason: str) -> None:
        """Reach all of a module that may be used in any way, and the modules that it binds."""
        pending = [module]
        while pending:
            one = pending.pop()
            if one.path is None or one.path in self._spread_over:
                continue
            self._spread_over.add(one.path)
            self.add_whole(one, reason)
            for found in self._project.parts(one).imports.values():
                for _, bound in found:
                    for target in self._project.imported(one, bound):
                        if isinstance(target, Whole):
                            pending.append(target.module)
                        else:
                            self._reach(target)

    def _data(self, module: Located, part: Part) -> None:
        if not self._project.finds_data(module):
            return
        found = data_of(module, self._project.parts(module), part)
        self.data.update(found.paths)
        self.computed_data.extend((module, node) for node in found.computed)

    def _star(self, module: Located, bound: BoundImport) -> None:
        """Reach all of a module that is imported with `*`, and the modules that it lists."""
        name = absolute_name(module, bound.stands_for, bound.imported.level)
        located = self._project.search.locate(name) if name else None
        if located is None or located.path is None:
            return
        self.add_whole(located, "it is imported with `*`")
        if located.is_package:
            for below in exported_names(self._project.read(located)):
                if self._project.search.locate(f"{located.name}.{below}") is not None:
                    self.add_import(f"{located.name}.{below}")

    def _call(self, module: Located, imported: Imported) -> None:
        """Reach a module that a call imports by its name in text: its value may be used anyhow."""
        name = absolute_name(module, imported.module, imported.level)
        located = self._project.search.locate(name) if name else None
        if located is not None:
            self.add_import(located.name)
            self._spread(located, "it is imported by a call")
