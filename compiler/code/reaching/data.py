"""Files that code finds beside itself, by `__file__` or `importlib.resources`."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from ..folder import Located
from .parts import Part, Parts

_DEEPEST = 12
_SAME = frozenset({"absolute", "resolve"})
_PATHS = frozenset({"Path", "PosixPath", "PurePath", "PurePosixPath", "abspath", "realpath"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DataUse:
    """Paths in the code folder that a part of a module names, files or not; and the expressions
    that go on from such a place by a name that is computed."""

    paths: tuple[str, ...]
    computed: tuple[ast.expr, ...]


def data_of(module: Located, parts: Parts, part: Part) -> DataUse:
    """Return the places beside a module that one of its parts names."""
    search = _Search(module, parts, part)
    paths: dict[str, None] = {}
    computed: list[ast.expr] = []
    for node in ast.walk(part.node):
        if isinstance(node, ast.BinOp | ast.Call):
            place = search.place(node)
            if place is not None:
                paths[place] = None
            elif search.goes_on(node):
                computed.append(node)
    return DataUse(paths=tuple(paths), computed=tuple(computed))


class _Search:
    """Evaluates paths in one part of a module."""

    def __init__(self, module: Located, parts: Parts, part: Part) -> None:
        self._module = module
        self._own = dict(_assigned(part.node))
        self._parts = parts

    def place(self, node: ast.expr, depth: int = _DEEPEST) -> str | None:
        """Return the path that an expression names, from the code folder; None where unknown."""
        if depth == 0:
            return None
        match node:
            case ast.Name(id="__file__"):
                return self._module.path
            case ast.Name(id=name):
                value = self._value(name)
                return None if value is None else self.place(value, depth - 1)
            case ast.Attribute(value=value, attr="parent"):
                return self._above(value, 1, depth)
            case ast.Subscript(
                value=ast.Attribute(value=value, attr="parents"),
                slice=ast.Constant(value=int() as count),
            ) if count >= 0:
                return self._above(value, count + 1, depth)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return self._below(left, [right], depth)
            case ast.Call(func=func, args=args):
                return self._called(func, args, depth)
            case _:
                return None

    def goes_on(self, node: ast.BinOp | ast.Call) -> bool:
        """Say whether an expression goes on from a known place by a name that is not literal."""
        match node:
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                names, place = [right], left
            case ast.Call(
                func=ast.Attribute(value=place, attr="joinpath" | "with_name"), args=[*names]
            ):
                pass
            case ast.Call(func=ast.Attribute(attr="join"), args=[place, *names]):
                pass
            case _:
                return False
        if all(isinstance(name, ast.Constant) for name in names):
            return False
        return self.place(place) is not None

    def _called(self, func: ast.expr, args: list[ast.expr], depth: int) -> str | None:
        name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
        if isinstance(func, ast.Attribute) and not args and name in _SAME:
            return self.place(func.value, depth - 1)
        if isinstance(func, ast.Attribute) and name == "joinpath":
            return self._below(func.value, args, depth)
        if isinstance(func, ast.Attribute) and name == "with_name":
            above = self._above(func.value, 1, depth)
            return None if above is None else _joined(above, args)
        if not args:
            return None
        if name in _PATHS or (name == "join" and len(args) > 1):
            return self._below(args[0], args[1:], depth)
        if name == "dirname":
            return self._above(args[0], 1, depth)
        return self._package(args[0]) if name == "files" else None

    def _package(self, named: ast.expr) -> str | None:
        """Return the folder of a package that `importlib.resources.files` is asked for."""
        match named:
            case ast.Constant(value=str() as name):
                return name.replace(".", "/")
            case ast.Name(id="__package__" | "__name__"):
                return posixpath.dirname(self._module.path or "")
            case _:
                return None

    def _above(self, node: ast.expr, count: int, depth: int) -> str | None:
        place = self.place(node, depth - 1)
        for _ in range(count):
            if not place:  # above the code folder
                return None
            place = posixpath.dirname(place)
        return place

    def _below(self, node: ast.expr, names: list[ast.expr], depth: int) -> str | None:
        place = self.place(node, depth - 1)
        return None if place is None else _joined(place, names)

    def _value(self, name: str) -> ast.expr | None:
        if name in self._own:
            return self._own[name]
        defined = self._parts.definitions.get(name, ())
        if len(defined) != 1 or not isinstance(defined[0].node, ast.Assign | ast.AnnAssign):
            return None
        return defined[0].node.value


def _joined(place: str, names: list[ast.expr]) -> str | None:
    texts: list[str] = []
    for name in names:
        if not (isinstance(name, ast.Constant) and isinstance(name.value, str)):
            return None
        texts.append(name.value)
    path = posixpath.normpath(posixpath.join(place, *texts))
    if path == ".." or path.startswith(("/", "../")):
        return None
    return "" if path == "." else path


def _assigned(node: ast.stmt) -> Iterator[tuple[str, ast.expr | None]]:
    """Go through the names that a part assigns to once, and their values; None where twice."""
    values: dict[str, list[ast.expr]] = {}
    for child in ast.walk(node):
        if isinstance(child, ast.Assign) and isinstance(child.targets[0], ast.Name):
            values.setdefault(child.targets[0].id, []).append(child.value)
    for name, all_values in values.items():
        yield name, all_values[0] if len(all_values) == 1 else None
