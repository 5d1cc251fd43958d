"""How code differs from code: files, what changed in them, and the lines."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from .content import Content
from .store.backend import Backend, StoreError
from .store.objects import get_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """A file that is not what it was.

    `old` and `new` are the sha256 of its bytes, None where there is none. `definitions` names the
    functions, classes and variables of a module's top level that count and differ; `diff` is a
    unified one.
    Both are empty where the bytes are no longer there or are no text.
    """

    old: str | None
    new: str | None
    definitions: tuple[str, ...]
    diff: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeChanges:
    """Two states of a transformation's code.

    Digests by path are those that its identity is of; `definitions` are the names of a module that
    counted in either state.
    """

    old: Content | None
    new: Content
    old_digests: Mapping[str, str]
    new_digests: Mapping[str, str]
    definitions: Mapping[str, frozenset[str]]

    def files(self, old_store: Backend, new_store: Backend) -> dict[str, FileChange]:
        """Return the files that differ, by path; what is not known of the former state is left
        out."""
        if self.old is None:
            return {}
        was = {part.path: part.sha256 for part in self.old.parts}
        now = {part.path: part.sha256 for part in self.new.parts}
        is_known = bool(self.old_digests)
        before, after = (self.old_digests, self.new_digests) if is_known else (was, now)
        return {
            path: _change(
                path,
                was.get(path),
                now.get(path),
                _text(old_store, was.get(path)),
                _text(new_store, now.get(path)),
                self.definitions.get(path, frozenset()),
            )
            for path in sorted({*before, *after})
            if before.get(path) != after.get(path)
        }


def text_diff(name: str, old: str, new: str) -> str:
    """Return a unified diff of two texts."""
    import difflib  # costs milliseconds, and only questions need it

    return "\n".join(
        line.rstrip("\n")
        for line in difflib.unified_diff(
            old.splitlines(), new.splitlines(), f"{name} (before)", f"{name} (now)", lineterm=""
        )
    )


def changed_definitions(old: str, new: str) -> tuple[str, ...]:
    """Return the names of a module's top level that differ, sorted; none where it is no Python."""
    try:
        was, now = _definitions(old), _definitions(new)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    return tuple(name for name in sorted({*was, *now}) if was.get(name) != now.get(name))


def _change(
    path: str,
    was: str | None,
    now: str | None,
    old: str | None,
    new: str | None,
    counted: frozenset[str],
) -> FileChange:
    if old is None or new is None:
        return FileChange(old=was, new=now, definitions=(), diff=None)
    changed = changed_definitions(old, new) if path.endswith(".py") else ()
    return FileChange(
        old=was,
        new=now,
        # What is read as bytes has no definitions that count by themselves.
        definitions=tuple(name for name in changed if not counted or name in counted),
        diff=text_diff(path, old, new),
    )


def _definitions(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for statement in ast.parse(text).body:
        names = _names(statement)
        for name in names:
            found[name] = found.get(name, "") + ast.dump(statement)
    return found


def _names(statement: ast.stmt) -> tuple[str, ...]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return (statement.name,)
        case ast.Assign():
            return tuple(one.id for one in statement.targets if isinstance(one, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            return (name,)
        case _:
            return ()


def _text(backend: Backend, sha256: str | None) -> str | None:
    if sha256 is None:
        return None
    try:
        return get_bytes(backend, sha256).decode()
    except (StoreError, UnicodeDecodeError):
        return None
