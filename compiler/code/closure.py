"""The modules of a project that are reached from some of its files, import by import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import PurePosixPath

from ..canonical import Digest, digest_of, sha256_hex
from ..diagnostic import Diagnostic
from ..plan import Code, CodeFile
from ..spec import Name
from .folder import PROGRAM, CodeFolder, Located
from .imports import Import
from .module import Unreadable
from .names import absolute_name
from .problems import (
    code_outside_folder,
    computed_data,
    computed_import,
    hidden_module,
    import_leaves_folder,
    no_code_files,
    unknown_import,
    unreadable,
)
from .reaching.project import Modules
from .reaching.reached import ReachedFile
from .reaching.walk import Walk
from .standard import STANDARD_MODULES


class Closure:
    """The modules reached so far, and those whose imports are still to be followed."""

    def __init__(
        self, code: CodeFolder, *, only_certain: bool = False, search: Modules | None = None
    ) -> None:
        self.code = code
        self.search: Modules = code if search is None else search
        self.only_certain = only_certain
        self.modules: dict[str, Located] = {}
        self.extra: list[Located] = []
        self.outside: set[str] = set()
        self.problems: list[Diagnostic] = []
        self.script: Located | None = None
        self.has_extra = False
        self._pending: list[Located] = []
        self._seen: set[str] = set()

    def add_module(self, name: str) -> bool:
        """Reach a module and the packages on the way; say whether it is one of the project."""
        parts = name.split(".")
        for length in range(1, len(parts) + 1):
            located = self.search.locate(".".join(parts[:length]))
            if located is None:
                return False
            if located.name not in self._seen:
                self._seen.add(located.name)
                self._pending.append(located)
        return True

    def add_script(self, path: str) -> None:
        """Reach a file that is run as a program, by its path in the code folder."""
        self.script = Located(name=PROGRAM, path=path, is_package=False)
        self._pending.append(self.script)

    def add_program(self, module: str) -> None:
        """Reach a module that is run as a program, as `python -m` does."""
        self.add_module(module)
        self.script = self.search.locate(module)

    def add_extra(self, globs: tuple[Name, ...]) -> list[str]:
        """Reach the files of globs; return the paths of those that are no modules."""
        self.has_extra = bool(globs)
        others: list[str] = []
        for glob in globs:
            for path in self._matches(glob):
                module = _module_name(path)
                if module is None or not self.add_module(module):
                    others.append(path)
                elif located := self.search.locate(module):
                    self.extra.append(located)
        return others

    def follow(self) -> None:
        """Follow imports until nothing new is reached."""
        while self._pending:
            located = self._pending.pop()
            if located.path is None:
                continue
            parts = self.code.parts(located.path, is_script=located is self.script)
            if parts is None:
                source, read = self.code.read(located.path)
                assert isinstance(read, Unreadable)
                self.problems.append(unreadable(source, read))
                continue
            self.modules[located.path] = located
            for found in parts.imported:
                if found.is_certain or not self.only_certain:
                    self._import(located, located.path, found)

    def hiding(self) -> list[tuple[str, str]]:
        """Return the modules that hide one of the standard library, and their files."""
        hiding = sorted(name for name in self._seen if name in STANDARD_MODULES)
        located = [self.search.locate(name) for name in hiding]
        return [(found.name, found.path) for found in located if found and found.path]

    def _matches(self, glob: Name) -> Iterator[str]:
        pattern = PurePosixPath(glob.text)
        if pattern.is_absolute() or ".." in pattern.parts or not pattern.parts:
            self.problems.append(code_outside_folder(glob))
            return
        try:
            found = self.code.glob(glob.text)
        except (ValueError, NotImplementedError):
            self.problems.append(code_outside_folder(glob))
            return
        if not found:
            self.problems.append(no_code_files(glob))
        yield from found

    def _import(self, located: Located, path: str, found: Import) -> None:
        target = absolute_name(located, found.module, found.level)
        if target is None:
            if not found.is_guarded:
                self.problems.append(import_leaves_folder(self.code.source(path), found.place))
            return
        top = target.partition(".")[0]
        if self.search.locate(top) is None:
            self.outside.add(top)
            return
        if not self.add_module(target):
            self._missing(path, found, target)
            return
        for name in found.names:
            if name == "*":
                self._star(target)
            else:
                self._submodule(target, name)

    def _missing(self, path: str, found: Import, target: str) -> None:
        top = self.search.locate(target.partition(".")[0])
        # A namespace package may go on outside the project.
        if top is None or top.path is None:
            self.outside.add(target.partition(".")[0])
        elif not found.is_guarded:
            self.problems.append(unknown_import(self.code.source(path), found.place, target))

    def _submodule(self, package: str, name: str) -> None:
        if self.search.locate(f"{package}.{name}") is not None:
            self.add_module(f"{package}.{name}")

    def _star(self, package: str) -> None:
        located = self.search.locate(package)
        if located is None or located.path is None or not located.is_package:
            return
        parts = self.code.parts(located.path)
        for name in () if parts is None else parts.exported:
            self._submodule(package, name)


def code_of(
    code: CodeFolder,
    reached: Sequence[tuple[Closure, Walk]],
    others: Iterable[str],
    required: frozenset[str],
) -> tuple[Code, tuple[Diagnostic, ...]]:
    """Return what was reached, without problems, and which modules hide Python's own.

    `others` are files that count by their bytes; `required` the modules that are surely imported.
    """
    files: dict[str, list[ReachedFile]] = {}
    named: set[str] = set()
    hiding: dict[tuple[str, str], None] = {}
    for closure, walk in reached:
        for path in closure.modules:
            files.setdefault(path, [])
        for path, file in walk.files().items():
            files[path].append(file)
        named |= walk.outside
        hiding |= dict.fromkeys(closure.hiding())
    others = {*others, *(path for _, walk in reached for path in _data_files(code, walk))}
    found = [_code_file(path, parts) for path, parts in files.items()]
    found.extend(_other_file(code, path) for path in others if path not in files)
    found.sort(key=lambda file: file.path)
    counted = [[file.path, file.digest] for file in found if file.digest is not None]
    made = Code(
        digest=digest_of("code2", counted),
        files=tuple(found),
        imports=tuple(sorted({name.partition(".")[0] for name in named} - STANDARD_MODULES)),
        modules=tuple(
            sorted(name for name in named if name.partition(".")[0] not in STANDARD_MODULES)
        ),
        required=tuple(sorted(required - STANDARD_MODULES)),
    )
    odd = [hidden_module(code.source(path), name) for name, path in hiding]
    return made, (*odd, *_computed(code, reached))


def _computed(code: CodeFolder, reached: Sequence[tuple[Closure, Walk]]) -> Iterator[Diagnostic]:
    """Say which names of modules and files are computed, unless some are named beside."""
    if any(closure.has_extra for closure, _ in reached):
        return
    for _, walk in reached:
        for module, place in walk.computed:
            if module.path is not None:
                yield computed_import(code.source(module.path), place)
        for module, place in walk.computed_data:
            if module.path is not None:
                yield computed_data(code.source(module.path), place)


def _data_files(code: CodeFolder, walk: Walk) -> Iterator[str]:
    """Go through the files beside modules that they name; modules count by what is reached."""
    for path in walk.data:
        if path and not path.endswith(".py") and code.workspace.is_file(code.path / path):
            yield path
    for pattern in walk.globs:
        for found in code.glob(pattern):
            if not found.endswith(".py"):
                yield found


def _code_file(path: str, parts: list[ReachedFile]) -> CodeFile:
    """Return a Python file, of which several programs may have reached a part each."""
    return _merged(path, tuple(dict.fromkeys(parts)))


@lru_cache(maxsize=65536)
def _merged(path: str, parts: tuple[ReachedFile, ...]) -> CodeFile:
    digests = sorted({part.digest for part in parts})
    digest = digests[0] if len(digests) == 1 else digest_of("reach1", digests)
    names = frozenset[str]().union(*(part.definitions for part in parts))
    reasons = sorted({part.whole for part in parts if part.whole is not None})
    return CodeFile(
        path=path,
        digest=digest if digests else None,
        definitions=tuple(sorted(names)),
        whole=reasons[0] if reasons else None,
    )


def _other_file(code: CodeFolder, path: str) -> CodeFile:
    return CodeFile(path=path, digest=_bytes_digest(code, path), definitions=(), whole=None)


def _bytes_digest(code: CodeFolder, path: str) -> Digest:
    return Digest(f"sha256:{sha256_hex(code.read_bytes(path))}")


def _module_name(path: str) -> str | None:
    """Return the dotted name of a Python file below the code folder, None for any other."""
    if not path.endswith(".py"):
        return None
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
