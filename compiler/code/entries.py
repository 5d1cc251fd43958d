"""What transformations call, and the code each can reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..diagnostic import Diagnostic
from ..plan import Code
from ..source import Source
from ..spec import CommandLine, Function, Query, Spec, Transformation
from ..workspace import Workspace
from .entry import Entry, find_entry
from .folder import CodeFolder
from .reach import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """What was found by transformation; what is missing has been reported.

    `functions` are those of Python, `queries` the files of queries, `codes` the code of all.
    """

    functions: Mapping[str, Entry]
    queries: Mapping[str, Source]
    codes: Mapping[str, Code]


NO_ENTRIES = Entries(functions={}, queries={}, codes={})


def find_entries(
    spec: Spec, folder: Path, workspace: Workspace
) -> tuple[Entries, tuple[Diagnostic, ...]]:
    """Find what each transformation calls and reaches; each function is looked at once."""
    beside = PurePosixPath(spec.span.source.path).parent
    shown = beside if spec.code is None else beside / spec.code.text
    code_folder = CodeFolder(workspace, folder, shown.as_posix())
    reach = Reach(code_folder)
    functions: dict[str, Entry] = {}
    queries: dict[str, Source] = {}
    codes: dict[str, Code] = {}
    known: dict[str, Entry] = {}
    reached: dict[tuple[str, tuple[str, ...]], Code] = {}
    found: list[Diagnostic] = []
    for transformation in spec.transformations:
        name = transformation.name.text
        if not isinstance(transformation.body, Function):
            code, diagnostics = _other(transformation, code_folder, queries)
            found.extend(diagnostics)
            if code is not None:
                codes[name] = code
            continue
        called = transformation.body.entry_point
        text = called.text
        entry = known.get(text)
        if entry is None:
            entry, diagnostics = find_entry(workspace, code_folder, called)
            found.extend(diagnostics)
        if entry is None:
            continue
        functions[name] = known[text] = entry
        key = text, tuple(extra.text for extra in transformation.code)
        code = reached.get(key)
        if code is None:
            code, diagnostics = reach.of_function(entry, transformation.code)
            found.extend(diagnostics)
        if code is not None:
            codes[name] = reached[key] = code
    entries = Entries(functions=functions, queries=queries, codes=codes)
    return entries, tuple(dict.fromkeys(found))


def _other(
    transformation: Transformation, code: CodeFolder, queries: dict[str, Source]
) -> tuple[Code | None, tuple[Diagnostic, ...]]:
    """Return the code of a command or a query; the text of a query's file goes to `queries`."""
    from .script import reach_files

    body = transformation.body
    files: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    found: list[Diagnostic] = []
    if isinstance(body, CommandLine):
        from ..commands.files import named_files

        named, unknown = named_files(body, code)
        files, modules = named.files, named.modules
        found.extend(unknown)
    elif isinstance(body, Query) and body.file is not None:
        from ..queries.file import read_query

        read = read_query(code, body.file)
        if isinstance(read, Diagnostic):
            return None, (read,)
        queries[transformation.name.text], path = read
        files = (path,)
    reached, problems = reach_files(code, files, modules, transformation.code)
    found.extend(problems)
    return reached, tuple(found)
