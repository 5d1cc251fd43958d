"""What a function can reach: modules imported in turn, and the files named beside."""

from __future__ import annotations

from pathlib import Path

from ..diagnostic import Diagnostic
from ..plan import Code
from ..spec import Name
from ..workspace import Workspace
from .closure import Closure, code_of
from .entry import Entry
from .folder import CodeFolder
from .standard import STANDARD_MODULES


def reach(
    workspace: Workspace, folder: Path | CodeFolder, entry: Entry, extra: tuple[Name, ...]
) -> tuple[Code | None, tuple[Diagnostic, ...]]:
    """Return the code that a function can reach, in whole modules, and what is odd about it.

    The code is None where there are errors.
    `extra` are globs relative to the code folder; a Python file among what they match is followed
    like a module that is imported. Give a CodeFolder to look at many functions in one compilation.
    """
    code = folder if isinstance(folder, CodeFolder) else CodeFolder(workspace, folder)
    closure = Closure(code)
    closure.add_module(entry.module)
    others = closure.add_extra(extra)
    closure.follow()
    if closure.problems:
        return None, tuple(dict.fromkeys(closure.problems))
    required = _required(code, entry) if closure.outside - STANDARD_MODULES else frozenset()
    return code_of(code, [closure], others, required)


def _required(code: CodeFolder, entry: Entry) -> frozenset[str]:
    closure = Closure(code, only_certain=True)
    closure.add_module(entry.module)
    closure.follow()
    return frozenset(closure.outside)
