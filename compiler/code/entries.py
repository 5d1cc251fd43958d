"""The functions that transformations call, and the code each can reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..diagnostic import Diagnostic
from ..plan import Code
from ..spec import Function, Spec
from ..workspace import Workspace
from . import CodeFolder, Entry, find_entry, reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """Functions and reachable code by transformation; what is missing has been reported."""

    functions: Mapping[str, Entry]
    codes: Mapping[str, Code]


NO_ENTRIES = Entries(functions={}, codes={})


def find_entries(
    spec: Spec, folder: Path, workspace: Workspace
) -> tuple[Entries, tuple[Diagnostic, ...]]:
    """Find each transformation's function and reach; each function is looked at once."""
    beside = PurePosixPath(spec.span.source.path).parent
    shown = beside if spec.code is None else beside / spec.code.text
    code_folder = CodeFolder(workspace, folder, shown.as_posix())
    functions: dict[str, Entry] = {}
    codes: dict[str, Code] = {}
    known: dict[str, Entry] = {}
    reached: dict[tuple[str, tuple[str, ...]], Code] = {}
    found: list[Diagnostic] = []
    for transformation in spec.transformations:
        if not isinstance(transformation.body, Function):
            continue
        name, called = transformation.name.text, transformation.body.entry_point
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
            code, diagnostics = reach(workspace, code_folder, entry, transformation.code)
            found.extend(diagnostics)
        if code is not None:
            codes[name] = reached[key] = code
    return Entries(functions=functions, codes=codes), tuple(found)
