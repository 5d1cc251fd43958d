"""What a function can reach: modules imported in turn, and the files named beside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ..canonical import Digest, digest_of, sha256_hex
from ..diagnostic import Diagnostic
from ..plan import Code, CodeFile
from ..source import Source
from ..spec import Name
from ..workspace import Workspace
from .entry import Entry
from .folder import CodeFolder, Located
from .imports import Import, exported_names, imports_of
from .module import Module, Unreadable
from .names import absolute_name
from .problems import (
    code_outside_folder,
    hidden_module,
    import_leaves_folder,
    no_code_files,
    unknown_import,
    unreadable,
)
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
    closure = _Closure(code)
    closure.add_module(entry.module)
    others = closure.add_extra(extra)
    closure.follow()
    if closure.problems:
        return None, tuple(dict.fromkeys(closure.problems))
    files = {**{path: _bytes_digest(code, path) for path in others}, **closure.files}
    sorted_files = tuple(CodeFile(path=path, digest=files[path]) for path in sorted(files))
    return Code(
        digest=digest_of("code1", [[file.path, file.digest] for file in sorted_files]),
        files=sorted_files,
        imports=tuple(sorted(closure.outside - STANDARD_MODULES)),
        modules=tuple(
            sorted(name for name in closure.named if name.partition(".")[0] not in STANDARD_MODULES)
        ),
        required=_required(code, entry) if closure.outside - STANDARD_MODULES else (),
    ), tuple(hidden_module(code.read(path)[0], name) for name, path in closure.hiding())


def _required(code: CodeFolder, entry: Entry) -> tuple[str, ...]:
    closure = _Closure(code, only_certain=True)
    closure.add_module(entry.module)
    closure.follow()
    return tuple(sorted(closure.outside - STANDARD_MODULES))


def _bytes_digest(code: CodeFolder, path: str) -> Digest:
    return Digest(f"sha256:{sha256_hex(code.read_bytes(path))}")


class _Closure:
    """The modules reached so far, and those whose imports are still to be followed."""

    def __init__(self, code: CodeFolder, *, only_certain: bool = False) -> None:
        self.code = code
        self.only_certain = only_certain
        self.files: dict[str, Digest] = {}
        self.outside: set[str] = set()
        self.named: set[str] = set()
        self.problems: list[Diagnostic] = []
        self._pending: list[Located] = []
        self._seen: set[str] = set()

    def add_module(self, name: str) -> bool:
        """Reach a module and the packages on the way; say whether it is one of the project."""
        parts = name.split(".")
        for length in range(1, len(parts) + 1):
            located = self.code.locate(".".join(parts[:length]))
            if located is None:
                return False
            if located.name not in self._seen:
                self._seen.add(located.name)
                self._pending.append(located)
        return True

    def add_extra(self, globs: tuple[Name, ...]) -> list[str]:
        """Reach the files of globs; return the paths of those that are no modules."""
        others: list[str] = []
        for glob in globs:
            for path in self._matches(glob):
                module = _module_name(path)
                if module is None or not self.add_module(module):
                    others.append(path)
        return others

    def follow(self) -> None:
        """Follow imports until nothing new is reached."""
        while self._pending:
            located = self._pending.pop()
            if located.path is None:
                continue
            source, read = self.code.read(located.path)
            if isinstance(read, Unreadable):
                self.problems.append(unreadable(source, read))
                continue
            self.files[located.path] = read.digest
            for found in imports_of(read):
                if found.is_certain or not self.only_certain:
                    self._import(located, source, found)

    def hiding(self) -> list[tuple[str, str]]:
        """Return the modules that hide one of the standard library, and their files."""
        hiding = sorted(name for name in self._seen if name in STANDARD_MODULES)
        located = [self.code.locate(name) for name in hiding]
        return [(found.name, found.path) for found in located if found and found.path]

    def _matches(self, glob: Name) -> Iterator[str]:
        pattern = PurePosixPath(glob.text)
        if pattern.is_absolute() or ".." in pattern.parts or not pattern.parts:
            self.problems.append(code_outside_folder(glob))
            return
        try:
            found = self.code.workspace.glob(self.code.path, glob.text)
        except (ValueError, NotImplementedError):
            self.problems.append(code_outside_folder(glob))
            return
        paths = [path.relative_to(self.code.path) for path in found]
        # What Python leaves behind when it imports is nobody's code.
        paths = [path for path in paths if "__pycache__" not in path.parts]
        if not paths:
            self.problems.append(no_code_files(glob))
        for path in paths:
            yield path.as_posix()

    def _import(self, located: Located, source: Source, found: Import) -> None:
        target = absolute_name(located, found.module, found.level)
        if target is None:
            if not found.is_guarded:
                self.problems.append(import_leaves_folder(source, found.node))
            return
        top = target.partition(".")[0]
        if self.code.locate(top) is None:
            self.outside.add(top)
            self.named.add(target)
            return
        if not self.add_module(target):
            self._missing(source, found, target)
            return
        for name in found.names:
            if name == "*":
                self._star(target)
            else:
                self._submodule(target, name)

    def _missing(self, source: Source, found: Import, target: str) -> None:
        top = self.code.locate(target.partition(".")[0])
        # A namespace package may go on outside the project.
        if top is None or top.path is None:
            self.outside.add(target.partition(".")[0])
            self.named.add(target)
        elif not found.is_guarded:
            self.problems.append(unknown_import(source, found.node, target))

    def _submodule(self, package: str, name: str) -> None:
        if self.code.locate(f"{package}.{name}") is not None:
            self.add_module(f"{package}.{name}")

    def _star(self, package: str) -> None:
        located = self.code.locate(package)
        if located is None or located.path is None or not located.is_package:
            return
        _, read = self.code.read(located.path)
        if isinstance(read, Module):
            for name in exported_names(read):
                self._submodule(package, name)


def _module_name(path: str) -> str | None:
    """Return the dotted name of a Python file below the code folder, None for any other."""
    if not path.endswith(".py"):
        return None
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
