"""Which pieces of a project's modules a function can reach, by the names that they use."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Set

from .linted import Linted, LintedPiece
from .outline import Import

Place = tuple[str, int]
"""A file, relative to the code folder, and the number of a piece in it."""


class Reached:
    """The pieces reached so far, and those whose names are still to be followed."""

    def __init__(self, files: Mapping[str, Linted], programs: tuple[str, ...] = ()) -> None:
        """Look at the modules of `files`, paths relative to the code folder with `/`.

        `programs` are those that are run, which find modules beside them too.
        """
        self._files = files
        self._modules = {_module_of(path): path for path in files}
        for folder in {posixpath.dirname(program) for program in programs} - {""}:
            for path in files:
                if path.startswith(f"{folder}/"):
                    self._modules.setdefault(_module_of(path.removeprefix(f"{folder}/")), path)
        self._named: dict[str, dict[str, list[int]]] = {
            path: _by_name(file) for path, file in files.items()
        }
        self._pending: list[Place] = []
        self._sought: set[tuple[str, str]] = set()
        self.places: set[Place] = set()

    def follow(self, function: tuple[str, str] | None) -> frozenset[Place]:
        """Reach a function by its file and name, and what runs whenever the modules are imported.

        None reaches the latter alone.
        """
        for file, module in self._files.items():
            for number, piece in enumerate(module.pieces):
                if not piece.names:
                    self._add((file, number))
        if function is not None:
            self._find(*function)
        while self._pending:
            file, number = self._pending.pop()
            self._uses(file, self._files[file].pieces[number])
        return frozenset(self.places)

    def _add(self, place: Place) -> None:
        if place not in self.places:
            self.places.add(place)
            self._pending.append(place)

    def _uses(self, path: str, piece: LintedPiece) -> None:
        for name in piece.loads:
            own = piece.imports.get(name)
            if own is not None:
                self._import(path, own, piece.attributes)
            else:
                self._find(path, name, piece.attributes)

    def _find(self, path: str, name: str, attributes: Set[str] = frozenset()) -> None:
        """Reach what a name stands for in a module; `attributes` are read where it is used."""
        for number in self._named[path].get(name, ()):
            self._add((path, number))
        found = self._files[path].imports.get(name)
        if found is not None:
            self._import(path, found, attributes)
        elif name not in self._named[path]:
            star = self._files[path].imports.get("*")
            if star is not None:
                for module in _targets(path, star):
                    self._in_module(module, {name})

    def _import(self, path: str, found: Import, attributes: Set[str]) -> None:
        for module in _targets(path, found):
            if found.name is None:
                # `import a.b` binds `a`, and `b` is read from it like any other name.
                inner = (m for m in self._modules if m.startswith(f"{module}."))
                for one in (module, *inner):
                    self._in_module(one, attributes)
            elif f"{module}.{found.name}".lstrip(".") in self._modules:
                self._in_module(f"{module}.{found.name}".lstrip("."), attributes)
            else:
                self._in_module(module, {found.name})

    def _in_module(self, module: str, names: Set[str]) -> None:
        path = self._modules.get(module)
        if path is None:
            return
        for name in names:
            if (path, name) not in self._sought:
                self._sought.add((path, name))
                self._find(path, name, names)


def _by_name(file: Linted) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, piece in enumerate(file.pieces):
        for name in piece.names:
            found.setdefault(name, []).append(number)
    return found


def _module_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _targets(path: str, found: Import) -> Iterator[str]:
    """Return the module that an import in a file means."""
    if not found.level:
        yield found.module
        return
    parts = _module_of(path).split(".")
    up = found.level - 1 if path.endswith("/__init__.py") else found.level
    if up <= len(parts):
        yield ".".join([*parts[: len(parts) - up], *([found.module] if found.module else [])])
