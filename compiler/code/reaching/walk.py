"""The walk from a function over all that it can reach."""

from __future__ import annotations

from collections.abc import Mapping

from ..folder import PROGRAM, Located
from ..names import absolute_name
from ..place import Place
from .parts import Part
from .project import Project
from .reached import ReachedFile, reached_file
from .targets import UNKNOWING_ATTRIBUTES, Anything, Counted, Target, Whole
from .use import BoundImport


class Walk:
    """What is reached so far among `modules`, those of the project by path.

    `anything` is why all of them count, where that is so; `computed` are the places of calls that
    import a module whose name is computed. `data` are the paths beside modules that are named,
    files or not, `globs` the patterns; `computed_data` the places of expressions that go on from
    such a path by a name that is computed. `outside` are the modules from outside the project that
    may be imported, by their dotted names.
    """

    def __init__(self, project: Project, modules: Mapping[str, Located]) -> None:
        self.anything: str | None = None
        self.computed: list[tuple[Located, Place]] = []
        self.data: set[str] = set()
        self.globs: set[str] = set()
        self.computed_data: list[tuple[Located, Place]] = []
        self.outside: set[str] = set()
        self._project = project
        self._modules = modules
        self._imported: set[str] = set()
        self._counted: dict[str, set[int]] = {}
        self._whole: dict[str, str] = {}
        self._spread_over: set[str] = set()
        self._pending: list[tuple[Located, Part]] = []

    def copy(self) -> Walk:
        """Return a walk that has reached the same, and goes on by itself."""
        other = Walk(self._project, self._modules)
        other.anything = self.anything
        other.computed, other.computed_data = list(self.computed), list(self.computed_data)
        other.data, other.globs, other.outside = set(self.data), set(self.globs), set(self.outside)
        other._imported, other._spread_over = set(self._imported), set(self._spread_over)
        other._counted = {path: set(counted) for path, counted in self._counted.items()}
        other._whole, other._pending = dict(self._whole), list(self._pending)
        return other

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
        for part in self._project.parts(module).parts:
            for bound in part.imports:
                self._bind(module, bound)
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
        """Follow names until nothing new is reached, and all of them where nobody knows which."""
        self.follow_names()
        if self.anything is not None:
            # What counts for that reason alone is not asked for its own reasons.
            computed, computed_data = list(self.computed), list(self.computed_data)
            for module in self._modules.values():
                self.add_whole(module, self.anything)
            self.follow_names()
            self.computed, self.computed_data = computed, computed_data

    def follow_names(self) -> None:
        """Follow names until nothing new is reached."""
        while self._pending:
            module, part = self._pending.pop()
            use = part.use
            self._data(module, part)
            for bound in use.imports:
                self._bind(module, bound)
            for name, level in use.calls:
                self._call(module, name, level)
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
        runs = self._project.runs(frozenset(self._imported), self._modules)
        found: dict[str, ReachedFile] = {}
        for path in sorted(self._imported | set(self._counted)):
            counted = frozenset(self._counted.get(path, ()))
            parts = self._project.parts(self._modules[path])
            file = reached_file(parts, counted, runs.get(path, ()), self._whole.get(path))
            if file is not None:
                found[path] = file
        return found

    def _bind(self, module: Located, bound: BoundImport) -> None:
        """Reach what happens at an import."""
        for name in self._project.target_modules(module, bound):
            self.add_import(name)
        self._leave(absolute_name(module, bound.module, bound.level))

    def _leave(self, name: str | None) -> None:
        """Note a module that is not the project's; a namespace package may go on outside."""
        if name is not None and self._project.search.locate(name) is None:
            top = self._project.search.locate(name.partition(".")[0])
            if top is None or top.path is None:
                self.outside.add(name)

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
        if not self._project.parts(module).names_files:
            return
        for placed in part.data.files:
            path = self._project.place(module, part, placed)
            if path is not None:
                self.data.add(path)
        for placed in part.data.globs:
            path = self._project.place(module, part, placed)
            if path is not None:
                self.globs.add(path)
        for placed, place in part.data.computed:
            if self._project.place(module, part, placed) is not None:
                self.computed_data.append((module, place))

    def _star(self, module: Located, bound: BoundImport) -> None:
        """Reach all of a module that is imported with `*`, and the modules that it lists."""
        name = absolute_name(module, bound.stands_for, bound.level)
        located = self._project.search.locate(name) if name else None
        if located is None or located.path is None:
            return
        self.add_whole(located, "it is imported with `*`")
        if located.is_package:
            for below in self._project.parts(located).exported:
                if self._project.search.locate(f"{located.name}.{below}") is not None:
                    self.add_import(f"{located.name}.{below}")

    def _call(self, module: Located, imported: str, level: int) -> None:
        """Reach a module that a call imports by its name in text: its value may be used anyhow."""
        name = absolute_name(module, imported, level)
        located = self._project.search.locate(name) if name else None
        self._leave(name)
        if located is not None:
            self.add_import(located.name)
            self._spread(located, "it is imported by a call")
