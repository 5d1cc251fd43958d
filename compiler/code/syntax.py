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


def syntax_digest(tree: ast.AST) -> Digest:
    """Return the digest of a syntax tree. Deep trees are no danger: nothing here recurses."""
    written: list[bytes] = []
    pending: list[object] = [tree]
    while pending:
        value = pending.pop()
        kind = type(value)
        if kind is _Ready:
            written.append(value.data)  # type: ignore[attr-defined]
        elif kind is list:
            written.append(b"L%d\n" % len(value))  # type: ignore[arg-type]
            pending += value[::-1]  # type: ignore[index]
        elif isinstance(value, ast.AST):
            _write(value, written, pending)
        else:
            written.append(_constant(value))  # type: ignore[arg-type]
    return Digest(f"{SCHEME}:{hashlib.sha256(b''.join(written)).hexdigest()}")


class _Ready:
    """Bytes of the stream that wait for their turn."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data


def _write(node: ast.AST, written: list[bytes], pending: list[object]) -> None:
    """Write a node up to the first of its fields that holds another; the rest waits."""
    name, names, keeps_none = _kind(type(node))  # type: ignore[arg-type]
    given = node.__dict__
    if name == b"JoinedStr":
        given = {"values": _parts(node)}  # type: ignore[arg-type]
    elif name == b"FormattedValue" and _is_empty_format(given.get("format_spec")):
        given = {**given, "format_spec": None}
    fields: list[tuple[bytes, object]] = []
    for field, encoded in names:
        value = given.get(field)
        if (value is None and not keeps_none) or (type(value) is list and not value):
            continue
        fields.append((encoded, value))
    ready = b"N%d\n%s%d\n" % (len(name), name, len(fields))
    rest: list[object] = []
    for encoded, value in fields:
        ready += encoded
        if type(value) is list or isinstance(value, ast.AST):
            rest += (_Ready(ready), value)
            ready = b""
        else:
            ready += _constant(value)  # type: ignore[arg-type]
    if not rest:
        written.append(ready)
        return
    if ready:
        rest.append(_Ready(ready))
    written.append(rest[0].data)  # type: ignore[attr-defined]
    pending += rest[:0:-1]


@cache
def _kind(kind: type[ast.AST]) -> tuple[bytes, tuple[tuple[str, bytes], ...], bool]:
    """Return a kind's name, its fields with their names written, and whether None is kept."""
    names = sorted(set(kind._fields) - _OMITTED)
    fields = tuple((name, _constant(name)) for name in names)
    return kind.__name__.encode(), fields, issubclass(kind, ast.Constant | ast.MatchSingleton)


def _is_empty_format(value: object) -> bool:
    return isinstance(value, ast.JoinedStr) and not _parts(value)


def _parts(node: ast.JoinedStr) -> list[ast.expr]:
    """Return the parts of an f-string, each text as long as it can be."""
    parts: list[ast.expr] = []
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
