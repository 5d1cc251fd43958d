"""A Python file as text and syntax tree, read once for each content."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from dataclasses import dataclass, field
from functools import lru_cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A Python file that could be read: its whole text and its tree."""

    text: str = field(repr=False)
    tree: ast.Module = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A Python file that could not be read, and why.

    `line` and `column` count from 1; `column` is None where only the line is known. `text` is None
    where the bytes could not be decoded.
    """

    text: str | None = field(repr=False)
    reason: str
    line: int
    column: int | None


def text_of(data: bytes) -> str | None:
    """Return the text of a Python file, in the encoding that it says; None where it is none."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return None


@lru_cache(maxsize=4096)
def read_module(data: bytes) -> Module | Unreadable:
    """Read the bytes of a Python file; what is wrong with them is in the value returned."""
    text = text_of(data)
    if text is None:
        return Unreadable(text=None, reason="its bytes are no text", line=1, column=None)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError as error:
        reason = error.msg.removesuffix(".")
        return Unreadable(text=text, reason=reason, line=error.lineno or 1, column=error.offset)
    except ValueError:
        return Unreadable(text=text, reason="it holds a null byte", line=1, column=None)
    except (RecursionError, MemoryError):
        return Unreadable(text=text, reason="it is nested too deeply", line=1, column=None)
    return Module(text=text, tree=tree)
