"""The digest of a syntax tree, `syntax1`: equal for equal code on every version of Python.

A module's digest is the sha256 of the stream below, taken over the tree that `ast` makes of it.
Comments, white space, line numbers, quotes and redundant parentheses are in no tree, so they do not
count; docstrings are ordinary expressions, which code can read, so they do.

A value is written as one letter and what follows it; numbers that count are decimal and end in a
line feed; nothing is separated otherwise, so the stream can be read in one way only:

* `N` node: the number of characters of its class's name, line feed, the name, the number of its
  fields, line feed, then for each field its name as a string, and its value; fields in the order of
  their names;
* `L` list: the number of items, line feed, the items;
* `S` string: the number of bytes of its UTF-8 (lone surrogates as three bytes each), line feed, the
  bytes; `B` bytes: likewise;
* `I` integer: hexadecimal with `0x` and an optional `-`, line feed;
* `D` float: 64 bits, big endian; `C` complex: two of them;
* `T` true, `F` false, `Z` None, `E` Ellipsis.

So that versions agree, a field that is None or an empty list is left out, save the `value` of a
constant; so are `ctx`, `kind`, `type_comment` and `type_ignores`, which say nothing or repeat what
the place says. In an f-string, f-strings that stand directly in it are opened, neighbouring texts
joined, empty texts dropped, and an empty format left out.
"""

from __future__ import annotations

import ast
import hashlib
import struct
from collections.abc import Iterator
from functools import cache
from types import EllipsisType

from ..canonical import Digest

SCHEME = "syntax1"

_OMITTED = frozenset({"ctx", "kind", "type_comment", "type_ignores"})

_Value = ast.AST | list["_Value"] | str | bytes | int | float | complex | EllipsisType | None


def syntax_digest(tree: ast.AST) -> Digest:
    """Return the digest of a syntax tree. Deep trees are no danger: nothing here recurses."""
    state = hashlib.sha256()
    pending: list[_Value | _Ready] = [tree]
    while pending:
        value = pending.pop()
        if isinstance(value, _Ready):
            state.update(value.data)
        elif isinstance(value, ast.AST):
            pending.extend(reversed(list(_node(value))))
        elif isinstance(value, list):
            state.update(b"L%d\n" % len(value))
            pending.extend(reversed(value))
        else:
            state.update(_constant(value))
    return Digest(f"{SCHEME}:{state.hexdigest()}")


class _Ready:
    """Bytes of the stream that wait for their turn."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data


def _node(node: ast.AST) -> Iterator[_Value | _Ready]:
    name = type(node).__name__
    fields = [(field, value) for field, value in _fields(node) if not _is_left_out(node, value)]
    head = b"N%d\n%s%d\n" % (len(name), name.encode(), len(fields))
    if not fields:
        yield _Ready(head)
    for field, value in fields:
        yield _Ready(head + _constant(field))
        yield value
        head = b""


def _is_left_out(node: ast.AST, value: _Value) -> bool:
    if value is None:
        return not isinstance(node, ast.Constant | ast.MatchSingleton)
    return isinstance(value, list) and not value


def _fields(node: ast.AST) -> list[tuple[str, _Value]]:
    if isinstance(node, ast.JoinedStr):
        return [("values", _parts(node))]
    found = [(field, getattr(node, field, None)) for field in _names(type(node).__name__)]
    if isinstance(node, ast.FormattedValue):
        return [(field, None if _is_empty_format(value) else value) for field, value in found]
    return found


@cache
def _names(kind: str) -> tuple[str, ...]:
    return tuple(sorted(set(getattr(ast, kind)._fields) - _OMITTED))


def _is_empty_format(value: _Value) -> bool:
    return isinstance(value, ast.JoinedStr) and not _parts(value)


def _parts(node: ast.JoinedStr) -> list[_Value]:
    """Return the parts of an f-string, each text as long as it can be."""
    parts: list[_Value] = []
    text = ""
    for value in _opened(node):
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            text += value.value
            continue
        if text:
            parts.append(ast.Constant(value=text))
        text = ""
        parts.append(value)
    if text:
        parts.append(ast.Constant(value=text))
    return parts


def _opened(node: ast.JoinedStr) -> Iterator[ast.expr]:
    pending = list(reversed(node.values))
    while pending:
        value = pending.pop()
        if isinstance(value, ast.JoinedStr):
            pending.extend(reversed(value.values))
        else:
            yield value


def _constant(value: str | bytes | complex | EllipsisType | None) -> bytes:
    if isinstance(value, str):
        data = value.encode("utf-8", "surrogatepass")
        return b"S%d\n%s" % (len(data), data)
    if isinstance(value, bytes):
        return b"B%d\n%s" % (len(value), value)
    if value is None or value is ... or isinstance(value, bool):
        return {None: b"Z", ...: b"E", True: b"T", False: b"F"}[value]
    if isinstance(value, int):
        return b"I%s\n" % hex(value).encode()
    if isinstance(value, float):
        return b"D" + struct.pack(">d", value)
    assert isinstance(value, complex)
    return b"C" + struct.pack(">dd", value.real, value.imag)
