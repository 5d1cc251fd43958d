"""What a function can reach: definitions named in turn, and the files named beside."""

from __future__ import annotations

from pathlib import Path

from ..diagnostic import Diagnostic
from ..plan import Code
from ..spec import Name
from ..workspace import Workspace
from .closure import Closure, code_of
from .entry import Entry
from .folder import CodeFolder
from .reaching.project import Project
from .reaching.walk import Walk
from .standard import STANDARD_MODULES


def reach(
    workspace: Workspace, folder: Path | CodeFolder, entry: Entry, extra: tuple[Name, ...]
) -> tuple[Code | None, tuple[Diagnostic, ...]]:
    """Return the code that a function can reach, and what is odd about it.

    The code is None where there are errors. Its files are whole modules, its digest is of the
    definitions that the function reaches in them.
    `extra` are globs relative to the code folder; a Python file among what they match is followed
    like a module that is imported, and counts as a whole. Give a CodeFolder, or a Reach, to look at
    many functions in one compilation.
    """
    code = folder if isinstance(folder, CodeFolder) else CodeFolder(workspace, folder)
    return Reach(code).of_function(entry, extra)


class Reach:
    """What functions of one code folder reach; what several share is looked at once."""

    def __init__(self, code: CodeFolder) -> None:
        self._code = code
        self._project = Project(code, code)
        self._closures: dict[tuple[str, tuple[str, ...]], tuple[Closure, list[str]]] = {}
        self._walks: dict[tuple[str, tuple[str, ...]], Walk] = {}
        self._required: dict[str, frozenset[str]] = {}

    def of_function(
        self, entry: Entry, extra: tuple[Name, ...]
    ) -> tuple[Code | None, tuple[Diagnostic, ...]]:
        """Return the code that a function can reach, None where there are errors."""
        closure, others = self._closure(entry.module, extra)
        if closure.problems:
            return None, tuple(dict.fromkeys(closure.problems))
        walk = self._importing(entry.module, extra, closure).copy()
        located = self._code.locate(entry.module)
        if located is not None:
            walk.add_name(located, entry.function)
        walk.follow()
        required = self._surely(entry.module) if closure.outside - STANDARD_MODULES else frozenset()
        return code_of(self._code, [(closure, walk)], others, required)

    def _importing(self, module: str, extra: tuple[Name, ...], closure: Closure) -> Walk:
        """Return what is reached when a module is imported, whatever of it is called."""
        key = module, tuple(name.text for name in extra)
        if key not in self._walks:
            walk = Walk(self._project, closure.modules)
            walk.add_import(module)
            for named in closure.extra:
                walk.add_whole(named, "`code` names it")
            walk.follow_names()
            self._walks[key] = walk
        return self._walks[key]

    def _closure(self, module: str, extra: tuple[Name, ...]) -> tuple[Closure, list[str]]:
        key = module, tuple(name.text for name in extra)
        if key not in self._closures:
            closure = Closure(self._code)
            closure.add_module(module)
            others = closure.add_extra(extra)
            closure.follow()
            self._closures[key] = closure, others
        return self._closures[key]

    def _surely(self, module: str) -> frozenset[str]:
        if module not in self._required:
            closure = Closure(self._code, only_certain=True)
            closure.add_module(module)
            closure.follow()
            self._required[module] = frozenset(closure.outside)
        return self._required[module]
