"""What programs of the code folder can reach: scripts, what they import, and other files."""

from __future__ import annotations

import posixpath
from dataclasses import replace

from ..diagnostic import Diagnostic
from ..plan import Code
from ..spec import Name
from .closure import Closure, code_of
from .folder import PROGRAM, CodeFolder, Located
from .reaching.project import Modules, Project
from .reaching.walk import Walk


class ScriptModules:
    """Where a script's imports are looked for: beside the script, then in the code folder."""

    def __init__(self, code: CodeFolder, script: str) -> None:
        self._code = code
        self._folder = posixpath.dirname(script)
        self._beside = CodeFolder(code.workspace, code.path / self._folder, self._folder)

    def locate(self, name: str) -> Located | None:
        """Find a module of the project by its dotted name, as Python would for this script."""
        if self._folder and self._is_beside(name.partition(".")[0]):
            found = self._beside.locate(name)
            if found is None or found.path is None:
                return found
            return replace(found, path=f"{self._folder}/{found.path}")
        return self._code.locate(name)

    def _is_beside(self, top: str) -> bool:
        """Say whether a module is found beside the script; a plain folder gives way to a module."""
        beside = self._beside.locate(top)
        if beside is None or beside.path is not None:
            return beside is not None
        other = self._code.locate(top)
        return other is None or other.path is None


def reach_files(
    code: CodeFolder, files: tuple[str, ...], modules: tuple[str, ...], extra: tuple[Name, ...]
) -> tuple[Code | None, tuple[Diagnostic, ...]]:
    """Return the code of a command: `files` by their paths in the code folder, and globs.

    A Python file among `files` is followed as a script, its `if __name__ == "__main__"` included,
    and so is what `python -m` runs, `modules`. The code is None where there are errors.
    """
    reached: list[tuple[Closure, Walk]] = []
    required: set[str] = set()
    for path in files:
        if path.endswith(".py"):
            search = ScriptModules(code, path)
            reached.append(_walked(code, _script(code, path, search, only_certain=False), search))
            required |= _script(code, path, search, only_certain=True).outside
    for module in modules:
        reached.append(_walked(code, _program(code, module, only_certain=False), code))
        required |= _program(code, module, only_certain=True).outside
    globbed = Closure(code)
    others = [*(path for path in files if not path.endswith(".py")), *globbed.add_extra(extra)]
    globbed.follow()
    reached.append(_walked(code, globbed, code))
    problems = [problem for closure, _ in reached for problem in closure.problems]
    if problems:
        return None, tuple(dict.fromkeys(problems))
    return code_of(code, reached, others, frozenset(required))


def _walked(code: CodeFolder, closure: Closure, search: Modules) -> tuple[Closure, Walk]:
    """Walk from what runs as a program, and over all of what is named beside."""
    script = closure.script
    walk = Walk(Project(code, search, None if script is None else script.path), closure.modules)
    if script is not None:
        if script.name != PROGRAM:
            walk.add_import(script.name)
        walk.add_program(script)
    for module in closure.extra:
        walk.add_whole(module, "`code` names it")
    walk.follow()
    return closure, walk


def _program(code: CodeFolder, module: str, *, only_certain: bool) -> Closure:
    closure = Closure(code, only_certain=only_certain)
    closure.add_program(module)
    closure.follow()
    return closure


def _script(code: CodeFolder, path: str, search: Modules, *, only_certain: bool) -> Closure:
    closure = Closure(code, only_certain=only_certain, search=search)
    closure.add_script(path)
    closure.follow()
    return closure
