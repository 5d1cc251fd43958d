"""The files of the code folder that the words of a command name."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ..code.folder import CodeFolder
from ..codes.commands import UNKNOWN_COMMAND_FILE
from ..diagnostic import Diagnostic, Label
from ..document import Scalar
from ..expression.pieces import Hole, pieces_of
from ..expression.value import written
from ..reading.places import place_of
from ..source import Span
from ..spec import CommandLine
from ..suggest import closest

_SCRIPT = re.compile(
    r"[\w./+-]*\w\.(?:py|sh|bash|zsh|ksh|R|r|Rscript|pl|rb|js|mjs|ts|jl|lua|awk|sed|sql|php|ipynb)"
)
_BEFORE_WRITTEN = (">", ">>", ">|", "-o")
"""What stands before a file that a command writes itself."""

_BEFORE_FOLDER = ("cd", "pushd", "-C")
"""What stands before a folder to which a command goes."""

_HOLE = "\0"
_UNNAMED = {_HOLE, "\n"}
_OPERATORS = "();<>|&\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFiles:
    """Files by their paths in the code folder, and modules that `python -m` runs; both sorted."""

    files: tuple[str, ...]
    modules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    """One word as the program sees it; a hole in it is a null character."""

    text: str
    span: Span


def named_files(body: CommandLine, code: CodeFolder) -> tuple[NamedFiles, tuple[Diagnostic, ...]]:
    """Find the files and modules that literal words name, and scripts that are not there."""
    files: set[str] = set()
    modules: set[str] = set()
    found: list[Diagnostic] = []
    before, is_comment = "", False
    tokens = list(_tokens(body))
    pairs = list(pairwise(tokens))
    written = {second.text for first, second in pairs if first.text in _BEFORE_WRITTEN}
    folders = [second.text for first, second in pairs if first.text in _BEFORE_FOLDER]
    for token in tokens:
        word = token.text
        # A quoted `#` looks like a comment here, so what follows may still be a file's name.
        is_comment = body.is_shell and (word.startswith("#") or (is_comment and "\n" not in word))
        here = [path for path in _paths(word, folders) if code.workspace.is_file(code.path / path)]
        if before == "-m" and (module := _program(code, word)) is not None:
            modules.add(module)
        elif here:
            files.update(here)
        elif not (is_comment or before in ("-c", "-e") or word in written) and _is_script(word):
            # Where a command goes to another folder, its files may be made there.
            found.extend([] if folders else [_unknown(token, code)])
        before = word
    return NamedFiles(files=tuple(sorted(files)), modules=tuple(sorted(modules))), tuple(found)


def _tokens(body: CommandLine) -> Iterator[_Token]:
    for node in body.words:
        assert isinstance(node, Scalar), "the shape has been judged"
        text = _with_holes(node)
        if not body.is_shell:
            yield _Token(text=text, span=node.span)
            continue
        value, at = written(node.value), 0
        for word in _split(text):
            found = value.find(word, at) if word else -1
            span = node.span
            if found >= 0:
                at = found + len(word)
                span = place_of(node, found, at)
            yield _Token(text=word, span=span)


def _with_holes(node: Scalar) -> str:
    pieces = pieces_of(written(node.value), node)
    if isinstance(pieces, Diagnostic):
        return ""
    return "".join(_HOLE if isinstance(piece, Hole) else piece.text for piece in pieces)


def _split(text: str) -> list[str]:
    """Split a text as a shell would, as well as that goes without running it."""
    reader = shlex.shlex(text, posix=True, punctuation_chars=_OPERATORS)
    reader.whitespace_split = True
    reader.whitespace = " \t\r"
    reader.commenters = ""
    try:
        return list(reader)
    except ValueError:
        return text.split()


def _paths(word: str, folders: list[str]) -> Iterator[str]:
    """Return the paths in the code folder that a word, or the value of its option, may name."""
    option, equals, value = word.partition("=")
    if equals and option.startswith("-"):
        word = value
    if not word or len(word) > 1_000 or word.startswith("/"):
        return
    for folder in ("", *folders):
        path = posixpath.normpath(posixpath.join(folder, word))
        if not (path in (".", "..") or path.startswith(("../", "/")) or _UNNAMED & set(path)):
            yield path


def _is_script(word: str) -> bool:
    return _SCRIPT.fullmatch(word) is not None and not word.startswith(("/", "-"))


def _program(code: CodeFolder, word: str) -> str | None:
    located = code.locate(word) if word and _HOLE not in word else None
    if located is None:
        return None
    name = f"{word}.__main__" if located.is_package else word
    main = code.locate(name)
    return name if main is not None and main.path is not None else None


def _unknown(token: _Token, code: CodeFolder) -> Diagnostic:
    path = posixpath.normpath(token.text)
    if path.startswith("../"):
        message, hint = f"`{token.text}` lies outside the code folder", None
        hint = "set `code` at the top level to a folder that holds it"
    else:
        folder, name = posixpath.split(path)
        near = closest(name, code.workspace.names(code.path / folder))
        message = f"there is no file `{token.text}` in the code folder"
        hint = None if near is None else f"did you mean `{posixpath.join(folder, near)}`?"
    return Diagnostic(
        code=UNKNOWN_COMMAND_FILE, message=message, primary=Label(span=token.span), help=hint
    )
