"""The classes that an annotation names, where all of them are known for what they are."""

from __future__ import annotations

import ast

from .annotation import dotted_name, parsed_annotation
from .folder import CodeFolder, Located
from .names import Found, Outside, find_name

_BUILTINS = frozenset(
    """
    int float complex bool str bytes bytearray list tuple set frozenset dict
    """.split()  # noqa: SIM905
)
_TYPING = {"List": "list", "Dict": "dict", "Tuple": "tuple", "Set": "set", "FrozenSet": "frozenset"}
_LIBRARIES = frozenset(
    {
        "pandas.DataFrame",
        "pandas.Series",
        "polars.DataFrame",
        "polars.LazyFrame",
        "polars.Series",
        "pyarrow.Table",
        "pyarrow.RecordBatch",
        "pyarrow.Array",
        "pyarrow.ChunkedArray",
        "numpy.ndarray",
        "pathlib.Path",
        "pathlib.PosixPath",
        "pathlib.PurePath",
    }
)
_CHOICES = frozenset({"Optional", "Union"})
_DEEPEST = 20


def known_classes(
    folder: CodeFolder, module: Located, annotation: ast.expr | None
) -> frozenset[str] | None:
    """Return the classes that an annotation allows: `int`, `None`, `pandas.DataFrame`, ….

    What a class holds (`list[int]`) does not count. None where there is no annotation, or where it
    names anything else, which may be whatever arrives.
    """
    return None if annotation is None else _classes(folder, module, annotation, _DEEPEST)


def _classes(
    folder: CodeFolder, module: Located, node: ast.expr, depth: int
) -> frozenset[str] | None:
    if depth == 0:
        return None
    match node:
        case ast.Constant(value=None):
            return frozenset({"None"})
        case ast.Constant(value=str() as text):
            parsed = parsed_annotation(text)
            return None if parsed is None else _classes(folder, module, parsed, depth - 1)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _any_of(folder, module, [left, right], depth)
        case ast.Subscript(value=value, slice=inner):
            word = dotted_name(value).rpartition(".")[2]
            items = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            if word == "Annotated":
                return _classes(folder, module, items[0], depth - 1)
            if word in _CHOICES:
                return _any_of(folder, module, items, depth)
            return _named(folder, module, dotted_name(value), depth)
        case ast.Name() | ast.Attribute():
            return _named(folder, module, dotted_name(node), depth)
        case _:
            return None


def _any_of(
    folder: CodeFolder, module: Located, nodes: list[ast.expr], depth: int
) -> frozenset[str] | None:
    found: set[str] = set()
    for node in nodes:
        classes = _classes(folder, module, node, depth - 1)
        if classes is None:
            return None
        found |= classes
    return frozenset(found)


def _named(folder: CodeFolder, module: Located, dotted: str, depth: int) -> frozenset[str] | None:
    match find_name(folder, module, dotted) if dotted else None:
        case Outside(name=name):
            root, last = name.partition(".")[0], name.rpartition(".")[2]
            if root == "typing" and last in _TYPING:
                return frozenset({_TYPING[last]})
            # Libraries define these classes in inner modules too.
            return frozenset({f"{root}.{last}"}) if f"{root}.{last}" in _LIBRARIES else None
        case Found(definition=definition, module=where) if isinstance(definition.node, ast.expr):
            return _classes(folder, where, definition.node, depth - 1)
        case None if dotted in _BUILTINS:
            return frozenset({dotted})
        case _:
            return None
