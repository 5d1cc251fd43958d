"""Files that code finds beside itself, by `__file__` or `importlib.resources`."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..place import Place, place_of
from ..within import every
from .effect import chain_of
from .use import Chain

MAY_NAME_FILES = re.compile(
    r"__file__|resources|get_data|/ *\(?f?[\"']|joinpath|with_name|path\.join|import join"
)
"""Found in the text of every module that names a file beside some module, and in few others."""

CODE_FOLDER: Chain = ("",)
THIS_FILE: Chain = ("__file__",)

_DEEPEST = 12
_SAME = frozenset({"absolute", "resolve", "as_posix"})
_PATHS = frozenset({"Path", "PosixPath", "PurePath", "PurePosixPath", "abspath", "realpath", "str"})
_READS_PACKAGE = frozenset(
    {"read_text", "read_binary", "open_text", "open_binary", "path", "get_data"}
    | {"resource_filename", "resource_string", "resource_stream"}
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A path: what a chain of names stands for, a path itself, and the text to be joined to it.

    `CODE_FOLDER` and `THIS_FILE` stand for themselves.
    """

    base: Chain
    below: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataUse:
    """The paths that a part of a module names, files or not; `globs` those whose text is a pattern.

    `computed` go on from a path by a name that is computed. `gives` is what the name that the part
    assigns stands for. Of each, it is not known here whether its base is a path at all.
    """

    files: tuple[Placed, ...]
    globs: tuple[Placed, ...]
    computed: tuple[tuple[Placed, Place], ...]
    gives: Placed | None


NO_DATA = DataUse(files=(), globs=(), computed=(), gives=None)


@lru_cache(maxsize=65536)
def data_of(node: ast.stmt) -> DataUse:
    """Return the paths that a statement of a module names."""
    search = _Search(node)
    files: dict[Placed, None] = {}
    globs: dict[Placed, None] = {}
    computed: list[tuple[Placed, Place]] = []
    for one in every(node):
        if not isinstance(one, ast.BinOp | ast.Call):
            continue
        pattern, from_place = search.glob(one), search.goes_on(one)
        if pattern is not None:
            globs[pattern] = None
        elif (place := search.place(one)) is not None:
            files[place] = None
        elif from_place is not None:
            computed.append((from_place, place_of(one)))
    gives = None
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        gives = search.place(node.value)
    return DataUse(files=tuple(files), globs=tuple(globs), computed=tuple(computed), gives=gives)


def joined(path: str, below: str) -> str | None:
    """Join two paths in the code folder, empty for the folder itself; None where that is left."""
    path = posixpath.normpath(posixpath.join(path, below))
    if path == ".." or path.startswith(("/", "../")):
        return None
    return "" if path == "." else path


class _Search:
    """Evaluates paths in one part of a module."""

    def __init__(self, node: ast.stmt) -> None:
        self._own = dict(_assigned(node)) if _has_scope(node) else {}

    def place(self, node: ast.expr, depth: int = _DEEPEST) -> Placed | None:
        """Return the path that an expression may name; None where it names none."""
        if depth == 0:
            return None
        match node:
            case ast.Name(id=name) if name in self._own:
                value = self._own[name]
                return None if value is None else self.place(value, depth - 1)
            case ast.Attribute(value=value, attr="parent"):
                return self._below(value, [".."], depth)
            case ast.Name() | ast.Attribute():
                chain = chain_of(node)
                return None if chain is None else Placed(chain, "")
            case ast.Subscript(
                value=ast.Attribute(value=value, attr="parents"),
                slice=ast.Constant(value=int() as count),
            ) if count >= 0:
                return self._below(value, [".."] * (count + 1), depth)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return self._below(left, [right], depth)
            case ast.Call(func=func, args=args):
                return self._called(func, args, depth)
            case _:
                return None

    def glob(self, node: ast.BinOp | ast.Call) -> Placed | None:
        """Return the pattern of files that an expression asks a path for by a literal text."""
        match node:
            case ast.Call(
                func=ast.Attribute(value=value, attr="glob" | "rglob" as word),
                args=[ast.Constant(value=str() as pattern)],
            ):
                return self._below(value, [f"**/{pattern}" if word == "rglob" else pattern], 9)
            case _:
                return None

    def goes_on(self, node: ast.BinOp | ast.Call) -> Placed | None:
        """Return the path from which an expression goes on by a name that is not literal."""
        match node:
            case ast.BinOp(left=place, op=ast.Div(), right=right):
                names = [right]
            case ast.Call(
                func=ast.Attribute(value=place, attr="joinpath" | "with_name" | "glob" | "rglob"),
                args=[*names],
            ):
                pass
            case ast.Call(
                func=ast.Attribute(value=place, attr="iterdir" | "with_stem" | "with_suffix")
            ):
                return self.place(place)
            case ast.Call(
                func=ast.Name(id="join" | "listdir" | "scandir" | "walk")
                | ast.Attribute(attr="join" | "listdir" | "scandir" | "walk"),
                args=[place, *names],
            ):
                pass
            case ast.Call(func=func, args=[package, *names]) if _last(func) in _READS_PACKAGE:
                return self._package(package) if len(names) == 1 else None
            case _:
                return None
        if names and all(isinstance(name, ast.Constant) for name in names):
            return None
        return self.place(place)

    def _called(self, func: ast.expr, args: list[ast.expr], depth: int) -> Placed | None:
        name = _last(func)
        if isinstance(func, ast.Attribute) and not args and name in _SAME:
            return self.place(func.value, depth - 1)
        if isinstance(func, ast.Attribute) and name == "joinpath":
            return self._below(func.value, args, depth)
        if isinstance(func, ast.Attribute) and name in ("with_name", "with_suffix"):
            return self._beside(func.value, name, args, depth)
        if not args:
            return None
        if name in _PATHS or (name == "join" and len(args) > 1):
            return self._below(args[0], args[1:], depth)
        if name == "dirname":
            return self._below(args[0], [".."], depth)
        if name == "files":
            return self._package(args[0])
        package = self._package(args[0]) if name in _READS_PACKAGE and len(args) > 1 else None
        return None if package is None else _joined(package, [args[1]])

    def _beside(self, path: ast.expr, name: str, args: list[ast.expr], depth: int) -> Placed | None:
        if name == "with_name":
            return self._below(path, ["..", *args], depth)
        place = self.place(path, depth - 1)
        match place, args:
            case Placed(below=below), [ast.Constant(value=str() as suffix)] if below:
                return Placed(place.base, posixpath.splitext(below)[0] + suffix)
            case Placed(base=base, below=""), [ast.Constant(value=str() as suffix)]:
                return Placed((*base, suffix), "") if base == THIS_FILE else None
            case _:
                return None

    def _package(self, named: ast.expr) -> Placed | None:
        """Return the folder of a package that `importlib.resources` is asked for."""
        match named:
            case ast.Constant(value=str() as name):
                return Placed(CODE_FOLDER, name.replace(".", "/"))
            case ast.Name(id="__package__" | "__name__"):
                return Placed(THIS_FILE, "..")
            case _:
                return None

    def _below(self, node: ast.expr, names: Sequence[ast.expr | str], depth: int) -> Placed | None:
        place = self.place(node, depth - 1)
        return None if place is None else _joined(place, names)


def _joined(place: Placed, names: Sequence[ast.expr | str]) -> Placed | None:
    texts: list[str] = [place.below]
    for name in names:
        match name:
            case ast.Constant(value=str() as text) | (str() as text):
                texts.append(text)
            case _:
                return None
    return Placed(place.base, posixpath.join(*texts))


def _last(func: ast.expr) -> str:
    return func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")


def _has_scope(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def _assigned(node: ast.stmt) -> Iterator[tuple[str, ast.expr | None]]:
    """Go through the names that a part assigns to once, and their values; None where twice."""
    values: dict[str, list[ast.expr]] = {}
    for child in every(node):
        if isinstance(child, ast.Assign) and isinstance(child.targets[0], ast.Name):
            values.setdefault(child.targets[0].id, []).append(child.value)
    for name, all_values in values.items():
        yield name, all_values[0] if len(all_values) == 1 else None
