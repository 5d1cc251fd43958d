"""Finding the function that `python: package.module:function` names, without importing it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ..diagnostic import Diagnostic
from ..source import Source
from ..spec import Name
from ..workspace import Workspace
from .folder import CodeFolder
from .names import Broken, Found, Outside, find_name
from .place import span_of
from .problems import (
    malformed_entry_point,
    not_a_function,
    unknown_function,
    unknown_module,
    unreadable,
)
from .signature import Signature, signature_of, unknown_signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The function that a transformation calls.

    `module` and `function` are as the spec names them; `path` is the file in which the function
    stands, relative to the code folder, with `/`, and `source` is its text.
    """

    module: str
    function: str
    path: str
    source: Source = field(compare=False)
    signature: Signature


def find_entry(
    workspace: Workspace, folder: Path | CodeFolder, name: Name
) -> tuple[Entry | None, tuple[Diagnostic, ...]]:
    """Find the function of `package.module:function` below a code folder.

    Re-exports and assignments are followed to the definition. Give a CodeFolder to look up many
    names in one compilation.
    """
    code = folder if isinstance(folder, CodeFolder) else CodeFolder(workspace, folder)
    module, separator, function = name.text.partition(":")
    if not separator or not function.isidentifier() or not _is_dotted(module):
        return None, (malformed_entry_point(name),)
    located = code.locate(module)
    if located is None or located.path is None:
        return None, (unknown_module(code, name),)
    found = find_name(code, located, function)
    match found:
        case Found():
            problem = not_a_function(name, found)
            if problem is not None:
                return None, (problem,)
            signature = signature_of(code, found, function)
            path = found.module.path or located.path
        case Outside():
            signature = unknown_signature(span_of(found.source, found.statement))
            path = located.path
        case Broken():
            return None, (unreadable(found.source, found.unreadable),)
        case None:
            return None, (unknown_function(code, name, located),)
    source = signature.span.source
    entry = Entry(module=module, function=function, path=path, source=source, signature=signature)
    return entry, ()


def _is_dotted(module: str) -> bool:
    return all(part.isidentifier() for part in module.split("."))
