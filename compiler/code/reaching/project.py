"""What names mean across the modules of a project, each looked up once."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from ..folder import CodeFolder, Located
from ..names import absolute_name
from .data import CODE_FOLDER, THIS_FILE, Placed, joined
from .hooks import hooks_subclasses
from .objects import Objects
from .parts import Part, Parts, assembled
from .pure import BUILTIN_CALLS, BUILTIN_DECORATORS, PURE_CALLS, PURE_DECORATORS
from .targets import (
    LOCAL_BUILTINS,
    NAMES_OF_EVERY_MODULE,
    UNKNOWING_BUILTINS,
    Counted,
    Target,
    Whole,
    outside_targets,
)
from .use import BoundImport, Chain

Runs = tuple[tuple[int, tuple[str, ...]], ...]
"""Parts by number that import, and the dotted names that they ask for."""

Seen = frozenset[tuple[str | None, str]]

_NOTHING: Seen = frozenset()
_NO_PARTS = assembled((), imported=(), exported=(), names_files=False, declares_globals=False)
_PURE_CALLS = PURE_CALLS | BUILTIN_CALLS
_PURE_DECORATORS = PURE_DECORATORS | BUILTIN_DECORATORS
_DEEPEST = 12


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

    @property
    def run(self) -> tuple[int, tuple[str, ...]]:
        """The number of the part, and what it asks for."""
        return self.part.index, self.names


def _acting(importing: Mapping[str, tuple[Importing, ...]], acts: set[str]) -> set[str]:
    """Return the modules whose import does something, by itself or by what it imports."""
    importers: dict[str, set[str]] = {}
    for path, found in importing.items():
        for one in found:
            for other in one.paths:
                importers.setdefault(other, set()).add(path)
    acting: set[str] = set()
    pending = list(acts)
    while pending:
        path = pending.pop()
        if path not in acting:
            acting.add(path)
            pending.extend(importers.get(path, ()))
    return acting


class Project:
    """The modules that `search` finds; `script` is the path of one that is run as a program."""

    def __init__(self, code: CodeFolder, search: Modules, script: str | None = None) -> None:
        self.search = search
        self._code = code
        self._script = script
        self._parts: dict[str, Parts] = {}
        self._targets: dict[tuple[str | None, int, Chain], tuple[Target, ...]] = {}
        self._objects = Objects(self)
        self._effects: dict[tuple[str | None, int], bool] = {}
        self._acts_itself: dict[tuple[str | None, int], bool] = {}
        self._acting: dict[str | None, tuple[Part, ...]] = {}
        self._runs: dict[frozenset[str], dict[str, Runs]] = {}
        self._importing: dict[str | None, tuple[Importing, ...]] = {}

    def parts(self, module: Located) -> Parts:
        """Return a module's parts; none where it has no file, or one that cannot be read."""
        path = module.path or ""
        if path not in self._parts:
            found = self._code.parts(path, is_script=path == self._script) if path else None
            self._parts[path] = found or _NO_PARTS
        return self._parts[path]

    def targets(self, module: Located, part: Part, chain: Chain) -> tuple[Target, ...]:
        """Return what a chain of names in a part of a module leads to."""
        key = module.path, part.index, chain
        if key not in self._targets:
            self._targets[key] = tuple(dict.fromkeys(self._look_up(module, part, chain)))
        return self._targets[key]

    def place(
        self, module: Located, part: Part, placed: Placed, depth: int = _DEEPEST
    ) -> str | None:
        """Return the path in the code folder that a part of a module names; None if it is none."""
        if placed.base == CODE_FOLDER:
            return joined("", placed.below)
        if placed.base[:1] == THIS_FILE:
            path = module.path or ""
            if len(placed.base) > 1:
                path = posixpath.splitext(path)[0] + placed.base[1]
            return joined(path, placed.below)
        found = [
            target
            for target in self.targets(module, part, placed.base)
            if isinstance(target, Counted) and target.part.bound is None
        ]
        given = found[0].part.data.gives if len(found) == 1 and depth else None
        if given is None:
            return None
        base = self.place(found[0].module, found[0].part, given, depth - 1)
        return None if base is None else joined(base, placed.below)

    def named(self, module: Located, name: str) -> list[Target]:
        """Return what a name in the scope of a module leads to."""
        return self._bound(module, name, (), _NOTHING)

    def imported(self, module: Located, bound: BoundImport) -> list[Target]:
        """Return what the name that an import binds leads to, where it may be used in any way."""
        return self._follow(module, bound, (), _NOTHING)

    def target_modules(self, module: Located, bound: BoundImport) -> list[str]:
        """Return the dotted names of the project's modules that an import asks for."""
        target = absolute_name(module, bound.module, bound.level)
        if target is None or not self._is_ours(target):
            return []
        below = f"{target}.{bound.taken}"
        is_module = bound.taken and bound.taken != "*" and self.search.locate(below)
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

    def runs(self, imported: frozenset[str], modules: Mapping[str, Located]) -> Mapping[str, Runs]:
        """Return of modules that are imported, by path, the imports that make others act."""
        if imported not in self._runs:
            importing = {path: self.importing(modules[path]) for path in imported}
            acts = {
                path
                for path in imported
                if any(part.bound is None for part in self.acting(modules[path]))
            }
            acting = _acting(importing, acts)
            self._runs[imported] = {
                path: runs
                for path, found in importing.items()
                if (runs := tuple(one.run for one in found if not acting.isdisjoint(one.paths)))
            }
        return self._runs[imported]

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
            return part.bound.name == "*" or part.bound.module == "__future__"
        # Which modules a condition imports is for the condition to say.
        if any(self.target_modules(module, bound) for bound in part.imports):
            return True
        return self.acts_itself(module, part) or self._objects.used_by(module, part)

    def acts_itself(self, module: Located, part: Part) -> bool:
        """Say whether a part does something when its module is imported, operators apart."""
        key = module.path, part.index
        if key not in self._acts_itself:
            self._acts_itself[key] = True  # a class below itself
            self._acts_itself[key] = self._does(module, part)
        return self._acts_itself[key]

    def _does(self, module: Located, part: Part) -> bool:
        effects = part.effects
        return (
            effects.acts
            or any(self.meaning(module, chain) not in _PURE_CALLS for chain in effects.called)
            or any(
                self.meaning(module, chain) not in _PURE_DECORATORS for chain in effects.decorating
            )
            or hooks_subclasses(self, module, part)
        )

    def meaning(self, module: Located, chain: Chain) -> str | None:
        """Return what a chain means from outside, as a dotted name; builtins by their own.

        None where it is the project's, or not known.
        """
        name = chain[0]
        parts = self.parts(module)
        if name in parts.definitions:
            return None
        found = parts.imports.get(name)
        if found is None:
            # A builtin, if anything; a library's `*` may put its own in place of that.
            is_ours = any(self._bound(star, name, (), _NOTHING) for star in self._starred(module))
            return None if is_ours else ".".join(chain)
        meant = {(bound.stands_for, *((bound.taken,) if bound.taken else ())) for _, bound in found}
        if len(meant) > 1 or any(bound.level for _, bound in found):
            return None
        dotted = meant.pop()
        return None if self._is_ours(dotted[0]) else ".".join((*dotted, *chain[1:]))

    def _is_ours(self, name: str) -> bool:
        return self.search.locate(name.partition(".")[0]) is not None

    def _look_up(self, module: Located, part: Part, chain: Chain) -> list[Target]:
        name, rest = chain[0], chain[1:]
        found: list[Target] = []
        for bound in part.use.imports:
            if bound.name == name:
                found.extend(self._follow(module, bound, rest, _NOTHING))
        found.extend(self._bound(module, name, rest, _NOTHING))
        is_own = name in LOCAL_BUILTINS and not part.is_function
        if not found and (name in UNKNOWING_BUILTINS or is_own):
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
        for star in self._starred(module):
            found.extend(self._bound(star, name, rest, seen))
        return found

    def _starred(self, module: Located) -> Iterator[Located]:
        """Go through the project's modules that a module imports with `*`."""
        for star in self.parts(module).stars:
            target = absolute_name(module, star.stands_for, star.level)
            located = self.search.locate(target) if target else None
            if located is not None:
                yield located

    def _follow(self, module: Located, bound: BoundImport, rest: Chain, seen: Seen) -> list[Target]:
        target = absolute_name(module, bound.stands_for, bound.level)
        if target is None:
            return []
        wanted = (bound.taken, *rest) if bound.taken else rest
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
            bound.taken is not None
            and absolute_name(module, bound.stands_for, bound.level) == below
            for _, bound in self.parts(module).imports.get(name, ())
        )
