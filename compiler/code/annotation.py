"""What a parameter's annotation says about the form in which a table arrives."""

from __future__ import annotations

import ast
from typing import Literal

from ..plan import TableForm
from ..source import Source
from .folder import CodeFolder, Located
from .names import Found, Outside, find_name
from .place import span_of

AnnotatedForm = TableForm | Literal["ray"]
"""A form in which a table arrives; Ray's own is not supported yet."""

# Libraries define these classes in inner modules too (`pandas.core.frame.DataFrame`), so the
# distribution's module and the class's name decide.
_FORMS: dict[tuple[str, str], AnnotatedForm] = {
    ("pyarrow", "Table"): "arrow",
    ("pandas", "DataFrame"): "pandas",
    ("polars", "DataFrame"): "polars",
    ("polars", "LazyFrame"): "polars-lazy",
    ("pathlib", "Path"): "path",
    ("ray", "Dataset"): "ray",
    ("ray", "MaterializedDataset"): "ray",
    ("pathlib", "PosixPath"): "path",
    ("pathlib", "PurePath"): "path",
}
_TRANSPARENT = frozenset({"Optional", "Union", "Annotated", "Final", "ClassVar"})
_DEEPEST = 20


def form_of(
    folder: CodeFolder, module: Located, annotation: ast.expr | None
) -> AnnotatedForm | None:
    """Return the first form of table that an annotation names, or None."""
    return None if annotation is None else _form(folder, module, annotation, _DEEPEST)


def annotation_text(source: Source, annotation: ast.expr | None) -> str | None:
    """Return an annotation as written, without the quotes of one that is a string."""
    if annotation is None:
        return None
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return annotation.value
    return span_of(source, annotation).text


def _form(folder: CodeFolder, module: Located, node: ast.expr, depth: int) -> AnnotatedForm | None:
    if depth == 0:
        return None
    match node:
        case ast.Constant(value=str() as text):
            parsed = parsed_annotation(text)
            return None if parsed is None else _form(folder, module, parsed, depth - 1)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _form(folder, module, left, depth - 1) or _form(folder, module, right, depth - 1)
        case ast.Subscript(value=value, slice=inner):
            if dotted_name(value).rpartition(".")[2] not in _TRANSPARENT:
                return None
            items = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            for item in items:
                form = _form(folder, module, item, depth - 1)
                if form is not None:
                    return form
            return None
        case ast.Name() | ast.Attribute():
            return _named(folder, module, dotted_name(node), depth)
        case _:
            return None


def _named(folder: CodeFolder, module: Located, dotted: str, depth: int) -> AnnotatedForm | None:
    match find_name(folder, module, dotted) if dotted else None:
        case Outside(name=name):
            return _FORMS.get((name.partition(".")[0], name.rpartition(".")[2]))
        case Found(definition=definition, module=where) if isinstance(definition.node, ast.expr):
            return _form(folder, where, definition.node, depth - 1)
        case _:
            return None


def dotted_name(node: ast.expr) -> str:
    """Return a name with its attributes, `a.b.c`; nothing for any other expression."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def parsed_annotation(text: str) -> ast.expr | None:
    """Return the expression of an annotation in quotes, None where it is none."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
