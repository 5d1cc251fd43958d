"""What is said about a user's code and the places in a spec that name it."""

from __future__ import annotations

import ast

from ..codes import code as codes
from ..codes.shape import BAD_ENTRY_POINT
from ..diagnostic import Diagnostic, Label
from ..fixing.rename import rename, replace_word
from ..source import Source, Span
from ..spec import Name
from ..suggest import closest
from .bindings import bindings_of
from .folder import CodeFolder, Located
from .module import Module, Unreadable
from .names import Found, find_name
from .place import Place, line_span, name_span, span_at, span_of


def unreadable(source: Source, found: Unreadable) -> Diagnostic:
    """Say why a Python file could not be read; the same for all that need it."""
    if found.text is None:
        return Diagnostic(
            code=codes.UNREADABLE_CODE,
            message=f"`{source.path}` cannot be read: {found.reason}",
            primary=Label(span=Span(source, 0, 0)),
        )
    return Diagnostic(
        code=codes.INVALID_PYTHON,
        message=f"`{source.path}` is not valid Python",
        primary=Label(span=line_span(source, found.line, found.column), message=found.reason),
    )


def malformed_entry_point(name: Name) -> Diagnostic:
    """Say that a name is not `package.module:function`."""
    return Diagnostic(
        code=BAD_ENTRY_POINT,
        message=f"`{name.text}` is not `package.module:function`",
        primary=Label(span=name.span),
    )


def unknown_module(code: CodeFolder, name: Name) -> Diagnostic:
    """Say that the module of an entry point is not in the code folder."""
    module = name.text.partition(":")[0]
    parts = module.split(".")
    stem = module.removesuffix(".py")
    if stem != module and code.locate(stem) is not None:
        fixes = replace_word(_part(name, 0, len(module)), module, stem, is_certain=True)
        return Diagnostic(
            code=codes.UNKNOWN_MODULE,
            message=f"`{module}` is a file, not a module",
            primary=Label(span=_part(name, 0, len(module))),
            help=f"write `{stem}`",
            fixes=fixes,
        )
    known = 0
    while known < len(parts) and code.locate(".".join(parts[: known + 1])) is not None:
        known += 1
    if known == len(parts):
        message, guess = f"`{module}` is a folder, not a module", None
    else:
        message = f"there is no module `{module}` in the code folder"
        siblings = code.names(".".join(parts[:known]))
        guess = closest(parts[known], (name.rpartition(".")[2] for name in siblings))
    full = ".".join([*parts[:known], guess, *parts[known + 1 :]]) if guess else module
    return Diagnostic(
        code=codes.UNKNOWN_MODULE,
        message=message,
        primary=Label(span=_part(name, 0, len(module))),
        help=f"did you mean `{full}`?" if guess and code.locate(full) else None,
    )


def unknown_function(code: CodeFolder, name: Name, located: Located) -> Diagnostic:
    """Say that the module of an entry point binds no such name."""
    module, _, function = name.text.partition(":")
    candidates: list[str] = []
    if located.path is not None:
        _, read = code.read(located.path)
        if isinstance(read, Module):
            candidates = [
                other
                for other in bindings_of(read).names
                if _is_function(find_name(code, located, other))
            ]
    guess = closest(function, sorted(candidates))
    return Diagnostic(
        code=codes.UNKNOWN_FUNCTION,
        message=f"module `{module}` has no function `{function}`",
        primary=Label(span=_part(name, len(module) + 1, len(function))),
        help=f"did you mean `{module}:{guess}`?" if guess else None,
        fixes=rename(_part(name, len(module) + 1, len(function)), function, guess, candidates),
    )


def not_a_function(name: Name, found: Found) -> Diagnostic | None:
    """Say that what an entry point names cannot be called as a plain function, or nothing."""
    module, _, function = name.text.partition(":")
    node, statement = found.definition.node, found.definition.statement
    match node:
        case ast.ClassDef():
            what = "a class"
        case ast.AsyncFunctionDef():
            what = "an async function"
        case ast.Constant() | ast.List() | ast.Dict() | ast.Tuple() | ast.Set() | ast.JoinedStr():
            what = "a value"
        case _:
            return None
    if isinstance(statement, ast.ClassDef | ast.AsyncFunctionDef):
        there = name_span(found.source, statement, statement.name)
    else:
        there = span_of(found.source, statement)
    return Diagnostic(
        code=codes.NOT_A_FUNCTION,
        message=f"`{function}` is {what}, not a function",
        primary=Label(span=_part(name, len(module) + 1, len(function))),
        related=(Label(span=there, message="defined here"),),
    )


def unknown_import(source: Source, place: Place, target: str) -> Diagnostic:
    """Say that a module of the project imports one that is not there."""
    package = target.rpartition(".")[0]
    return Diagnostic(
        code=codes.UNKNOWN_IMPORT,
        message=f"`{source.path}` imports `{target}`, which is not in `{package}`",
        primary=Label(span=span_at(source, place)),
    )


def import_leaves_folder(source: Source, place: Place) -> Diagnostic:
    """Say that a relative import climbs out of its package."""
    return Diagnostic(
        code=codes.UNKNOWN_IMPORT,
        message=f"`{source.path}` imports from above its package",
        primary=Label(span=span_at(source, place)),
    )


def hidden_module(source: Source, name: str) -> Diagnostic:
    """Say that a module of the project has the name of one of the standard library."""
    return Diagnostic(
        code=codes.HIDDEN_MODULE,
        message=f"`{source.path}` hides the standard module `{name}`",
        primary=Label(span=Span(source, 0, 0)),
        help="rename it",
    )


def computed_import(source: Source, place: Place) -> Diagnostic:
    """Say that which module a call imports is known only when it runs."""
    return Diagnostic(
        code=codes.COMPUTED_IMPORT,
        message=f"`{source.path}` imports a module whose name is computed",
        primary=Label(span=span_at(source, place)),
        help="name the modules that it may be with `code` in the transformation",
    )


def computed_data(source: Source, place: Place) -> Diagnostic:
    """Say that which file beside a module is meant is known only when it runs."""
    return Diagnostic(
        code=codes.COMPUTED_DATA,
        message=f"`{source.path}` finds a file beside it by a name that is computed",
        primary=Label(span=span_at(source, place)),
        help="name the files that it may be with `code` in the transformation",
    )


def no_code_files(name: Name) -> Diagnostic:
    """Say that a glob under `code` matches nothing."""
    return Diagnostic(
        code=codes.NO_CODE_FILES,
        message=f"`{name.text}` matches no file in the code folder",
        primary=Label(span=name.span),
    )


def code_outside_folder(name: Name) -> Diagnostic:
    """Say that a glob under `code` is not relative to the code folder or leaves it."""
    return Diagnostic(
        code=codes.CODE_OUTSIDE_FOLDER,
        message=f"`{name.text}` is not a pattern within the code folder",
        primary=Label(span=name.span),
        help="write a path relative to the code folder, without `..`",
    )


def _is_function(found: object) -> bool:
    return isinstance(found, Found) and isinstance(
        found.definition.node, ast.FunctionDef | ast.Lambda
    )


def _part(name: Name, start: int, length: int) -> Span:
    """Return the span of a part of a name, which may stand in quotes."""
    at = name.span.text.find(name.text)
    if at < 0:
        return name.span
    begin = name.span.start + at + start
    return Span(name.span.source, begin, begin + length)
