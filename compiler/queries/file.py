"""A query in a file of its own."""

from __future__ import annotations

import posixpath

from ..code.folder import CodeFolder
from ..codes.queries import UNREADABLE_QUERY
from ..diagnostic import Diagnostic, Label
from ..source import Source
from ..spec import Name
from ..suggest import closest


def read_query(code: CodeFolder, file: Name) -> tuple[Source, str] | Diagnostic:
    """Return the text of a query's file, and its path in the code folder."""
    label = Label(span=file.span)
    path = posixpath.normpath(file.text)
    if posixpath.isabs(path) or path.startswith("../") or path in (".", ".."):
        return Diagnostic(
            code=UNREADABLE_QUERY,
            message=f"`{file.text}` does not lie within the code folder",
            primary=label,
            help="write a path relative to the code folder, without `..`",
        )
    try:
        data = code.read_bytes(path)
    except OSError:
        folder, name = posixpath.split(path)
        near = closest(name, code.workspace.names(code.path / folder))
        return Diagnostic(
            code=UNREADABLE_QUERY,
            message=f"there is no query `{file.text}` in the code folder",
            primary=label,
            help=None if near is None else f"did you mean `{posixpath.join(folder, near)}`?",
        )
    shown = path if code.shown in ("", ".") else f"{code.shown}/{path}"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        message = f"`{shown}` is not UTF-8"
        return Diagnostic(code=UNREADABLE_QUERY, message=message, primary=label)
    return Source(path=shown, text=text), path
