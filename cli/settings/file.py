"""The file that holds the settings: `reprocc.toml`, or `[tool.reprocc]` in `pyproject.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...compiler.diagnostic import Diagnostic, Label
from ...compiler.source import Source, Span

OWN, SHARED = "reprocc.toml", "pyproject.toml"
_IN_SHARED = ("tool", "reprocc")

_SAID = {
    "Expected '=' after a key": "a key must be followed by `=` and a value",
    "Invalid value (at end of document)": "the last value is not finished",
    "Invalid value": "this is no value; a text stands in quotes",
    "Cannot overwrite a value": "a key is given twice",
    "Cannot declare": "a table is declared twice",
    "Expected newline or end of document": "a setting must end its line",
    "Invalid statement": "a line must be `key = value`, `[table]` or a comment",
    "Unterminated string": "a text lacks its closing quote",
    "Illegal character '\\n'": "a text lacks its closing quote",
    "Expected ']'": "a table must end with `]`",
    "Unclosed array": "a list must end with `]`",
    "Unescaped '\\' in a string": "a backslash in a text is written `\\\\`",
}
"""What the parser's words begin with → what we say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsFile:
    """A settings file as read: `table` holds the settings, which stand under `prefix` in it."""

    path: Path
    source: Source
    prefix: tuple[str, ...]
    table: dict[str, Any]


def find_settings_file(start: Path) -> SettingsFile | Diagnostic | None:
    """Return the nearest settings upward from a folder, what is wrong with them, or None.

    In one folder `reprocc.toml` wins. A `pyproject.toml` that has no `[tool.reprocc]` is passed by.
    """
    for folder in (start, *start.parents):
        for name in (OWN, SHARED):
            found = _read(folder / name)
            if found is not None:
                return found
    return None


def _read(path: Path) -> SettingsFile | Diagnostic | None:
    from ...compiler.reading import decode
    from ...compiler.unreadable import why_unreadable

    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as error:
        if path.name == SHARED:
            return None
        place = Span(Source(path=_shown(path), text=""), 0, 0)
        return _refused(f"the settings {why_unreadable(error)}", place)
    if path.name == SHARED and b"reprocc" not in data:
        return None
    source = decode(_shown(path), data)
    return source if isinstance(source, Diagnostic) else _parse(path, source)


def _parse(path: Path, source: Source) -> SettingsFile | Diagnostic | None:
    import tomllib

    from .toml_places import error_place

    prefix = () if path.name == OWN else _IN_SHARED
    try:
        table: Any = tomllib.loads(source.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        if prefix and f"[{'.'.join(prefix)}" not in source.text:
            return None
        return _refused(_translated(str(error)), error_place(source, str(error)))
    for part in prefix:
        table = table.get(part) if isinstance(table, dict) else None
    if prefix and table is None:
        return None
    if not isinstance(table, dict):
        place = Span(source, 0, 0)
        return _refused("`tool.reprocc` must be a table", place)
    return SettingsFile(path=path, source=source, prefix=prefix, table=table)


def _refused(message: str, span: Span) -> Diagnostic:
    from .codes import SETTINGS_SYNTAX

    return Diagnostic(code=SETTINGS_SYNTAX, message=message, primary=Label(span=span))


def _translated(words: str) -> str:
    for beginning, ours in _SAID.items():
        if words.startswith(beginning):
            return ours
    return "this is not valid TOML"


def _shown(path: Path) -> str:
    """Return a path as people should read it: relative to where they are, if it is below."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
