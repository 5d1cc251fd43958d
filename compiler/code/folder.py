"""The folder of a user's code, seen as Python would see it from `sys.path`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..source import Source
from ..workspace import Workspace
from .module import Module, Unreadable, read_module, text_of
from .reaching.packing import packed_parts, unpacked
from .reaching.parts import Parts, parts_of

PROGRAM = "__main__"
"""The name of a file that is run as a program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Where a module of the project lies.

    `path` is relative to the code folder, with `/`; None for a namespace package, which has no
    file. `is_package` says that the module may have others below it.
    """

    name: str
    path: str | None
    is_package: bool


class CodeFolder:
    """One look at the code of a pipeline.

    What was located or read once is not looked at again, so one value serves one compilation, and
    what is checked is what is digested.
    """

    __slots__ = ("_located", "_parts", "_read", "path", "shown", "workspace")

    def __init__(self, workspace: Workspace, path: Path, shown: str | None = None) -> None:
        """Look at the folder `path`; `shown` is how people should read it, empty for `.`."""
        self.workspace = workspace
        self.path = path
        self.shown = path.as_posix() if shown is None else shown
        self._located: dict[str, Located | None] = {}
        self._read: dict[str, tuple[Source, Module | Unreadable]] = {}
        self._parts: dict[tuple[str, bool], Parts | None] = {}

    def locate(self, name: str) -> Located | None:
        """Find a module of the project by its dotted name; None where it is none of the project."""
        if name not in self._located:
            self._located[name] = self._locate(name)
        return self._located[name]

    def read(self, path: str) -> tuple[Source, Module | Unreadable]:
        """Read a file by its path relative to the code folder. Never raises."""
        if path not in self._read:
            self._read[path] = self._read_file(path)
        return self._read[path]

    def source(self, path: str) -> Source:
        """Return the text of a file, for its places; empty where it cannot be read."""
        if path in self._read:
            return self._read[path][0]
        try:
            text = text_of(self.workspace.read(self.path / path))
        except OSError:
            text = None
        return Source(path=self._shown(path), text=text or "")

    def parts(self, path: str, *, is_script: bool = False) -> Parts | None:
        """Return what a Python file consists of; None where it cannot be read."""
        if (path, is_script) not in self._parts:
            self._parts[path, is_script] = self._take_apart(path, is_script)
        return self._parts[path, is_script]

    def _take_apart(self, path: str, is_script: bool) -> Parts | None:
        what, file = "script" if is_script else "parts", self.path / path
        packed = self.workspace.recall(file, self.path, what)
        if packed is not None:
            return unpacked(packed)
        _, read = self.read(path)
        if not isinstance(read, Module):
            return None
        parts = parts_of(read, is_script)
        self.workspace.remember(file, self.path, what, partial(packed_parts, parts))
        return parts

    def glob(self, pattern: str) -> tuple[str, ...]:
        """Return the paths of the files that match a pattern below the folder.

        Raises ValueError or NotImplementedError for a pattern that is none.
        """
        found = self.workspace.glob(self.path, pattern)
        paths = [path.relative_to(self.path) for path in found]
        # What Python leaves behind when it imports is nobody's code.
        return tuple(path.as_posix() for path in paths if "__pycache__" not in path.parts)

    def read_bytes(self, path: str) -> bytes:
        """Return the bytes of a file. Raises OSError where it cannot be read."""
        return self.workspace.read(self.path / path)

    def names(self, package: str) -> tuple[str, ...]:
        """Return the dotted names of the modules directly in a package; empty name: the folder."""
        folder = self.path.joinpath(*package.split(".")) if package else self.path
        prefix = f"{package}." if package else ""
        found = {
            prefix + (name.removesuffix(".py"))
            for name in self.workspace.names(folder)
            if name.removesuffix(".py").isidentifier() and name != "__init__.py"
        }
        return tuple(sorted(name for name in found if self.locate(name) is not None))

    def _locate(self, name: str) -> Located | None:
        package, _, last = name.rpartition(".")
        if not last.isidentifier():
            return None
        if package:
            parent = self.locate(package)
            if parent is None or not parent.is_package:
                return None
        stem = name.replace(".", "/")
        if self.workspace.is_file(self.path / stem / "__init__.py"):
            return Located(name=name, path=f"{stem}/__init__.py", is_package=True)
        if self.workspace.is_file(self.path / f"{stem}.py"):
            return Located(name=name, path=f"{stem}.py", is_package=False)
        if _holds_python(self.workspace, self.path / stem):
            return Located(name=name, path=None, is_package=True)
        return None

    def _read_file(self, path: str) -> tuple[Source, Module | Unreadable]:
        try:
            found = read_module(self.workspace.read(self.path / path))
        except OSError:
            found = Unreadable(text=None, reason="it cannot be opened", line=1, column=None)
        return Source(path=self._shown(path), text=found.text or ""), found

    def _shown(self, path: str) -> str:
        return f"{self.shown}/{path}" if self.shown not in ("", ".") else path


def _holds_python(workspace: Workspace, folder: Path, depth: int = 8) -> bool:
    """Say whether a folder without `__init__.py` is a namespace package.

    A folder of data is none, even where it bears the name of a distribution that is imported.
    """
    if depth == 0 or not workspace.is_folder(folder):
        return False
    names = workspace.names(folder)
    if any(name.endswith(".py") for name in names):
        return True
    return any(
        name.isidentifier() and _holds_python(workspace, folder / name, depth - 1) for name in names
    )
