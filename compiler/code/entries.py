"""What transformations call, and the code each can reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import assert_never

from ..diagnostic import Diagnostic
from ..plan import Code
from ..source import Source
from ..spec import CommandLine, Function, Name, Query, Spec, Transformation
from ..workspace import Workspace
from .entry import Entry, find_entry
from .folder import CodeFolder
from .reach import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """What was found by transformation; what is missing has been reported.

    `functions` are those of Python, `queries` the files of queries, `codes` the code of all,
    `programs` the files of Python that commands run.
    """

    functions: Mapping[str, Entry]
    queries: Mapping[str, Source]
    codes: Mapping[str, Code]
    programs: Mapping[str, tuple[str, ...]]


NO_ENTRIES = Entries(functions={}, queries={}, codes={}, programs={})


def find_entries(
    spec: Spec, folder: Path, workspace: Workspace
) -> tuple[Entries, tuple[Diagnostic, ...]]:
    """Find what each transformation calls and reaches; each function is looked at once."""
    beside = PurePosixPath(spec.span.source.path).parent
    shown = beside if spec.code is None else beside / spec.code.text
    search = _Search(CodeFolder(workspace, folder, shown.as_posix()))
    for transformation in spec.transformations:
        match transformation.body:
            case Function(entry_point=name):
                search.add_function(transformation, name)
            case CommandLine() as body:
                search.add_command(transformation, body)
            case Query() as body:
                search.add_query(transformation, body)
            case _:
                assert_never(transformation.body)
    entries = Entries(
        functions=search.functions,
        queries=search.queries,
        codes=search.codes,
        programs=search.programs,
    )
    return entries, tuple(dict.fromkeys(search.found))


class _Search:
    """What was found so far; what several transformations share is looked at once."""

    def __init__(self, code: CodeFolder) -> None:
        self.functions: dict[str, Entry] = {}
        self.queries: dict[str, Source] = {}
        self.codes: dict[str, Code] = {}
        self.programs: dict[str, tuple[str, ...]] = {}
        self.found: list[Diagnostic] = []
        self._code = code
        self._reach = Reach(code)
        self._entries: dict[str, Entry] = {}
        self._reached: dict[tuple[str, ...], Code] = {}

    def add_function(self, transformation: Transformation, called: Name) -> None:
        text = called.text
        if text not in self._entries:
            entry, diagnostics = find_entry(self._code.workspace, self._code, called)
            self.found.extend(diagnostics)
            if entry is None:
                return
            self._entries[text] = entry
        self.functions[transformation.name.text] = entry = self._entries[text]
        key = "", text, *(extra.text for extra in transformation.code)
        self._add(transformation, key, lambda: self._reach.of_function(entry, transformation.code))

    def add_command(self, transformation: Transformation, body: CommandLine) -> None:
        from ..commands.files import named_files

        named, unknown = named_files(body, self._code)
        self.found.extend(unknown)
        self._add_files(transformation, named.files, named.modules)
        modules = (self._code.locate(module) for module in named.modules)
        programs = [path for path in named.files if path.endswith(".py")]
        programs += [located.path for located in modules if located and located.path]
        self.programs[transformation.name.text] = tuple(dict.fromkeys(programs))

    def add_query(self, transformation: Transformation, body: Query) -> None:
        files: tuple[str, ...] = ()
        if body.file is not None:
            from ..queries.file import read_query

            read = read_query(self._code, body.file)
            if isinstance(read, Diagnostic):
                self.found.append(read)
                return
            self.queries[transformation.name.text], path = read
            files = (path,)
        self._add_files(transformation, files, ())

    def _add_files(
        self, transformation: Transformation, files: tuple[str, ...], modules: tuple[str, ...]
    ) -> None:
        from .script import reach_files

        extra = transformation.code
        key = "files", *files, "modules", *modules, "code", *(glob.text for glob in extra)
        self._add(transformation, key, lambda: reach_files(self._code, files, modules, extra))

    def _add(
        self,
        transformation: Transformation,
        key: tuple[str, ...],
        reach: Callable[[], tuple[Code | None, tuple[Diagnostic, ...]]],
    ) -> None:
        code = self._reached.get(key)
        if code is None:
            code, diagnostics = reach()
            self.found.extend(diagnostics)
        if code is not None:
            self.codes[transformation.name.text] = self._reached[key] = code
