"""Mend what is certainly meant otherwise in a pipeline file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .compiling import compile_spec
from .rewriting import rewrite_file
from .status import USAGE
from .stop import Stop

if TYPE_CHECKING:
    from ..compiler.driver import Compiled
    from ..compiler.fixing.apply import Applied

_MOST_ROUNDS = 100
"""How often a file is compiled: a mend may uncover the next mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What a file says now, what was changed in it round by round, and its text then and now."""

    compiled: Compiled
    rounds: tuple[tuple[Applied, ...], ...]
    before: str
    after: str


def fix_spec(spec: str, given: list[str] | None, parameters: str | None) -> Mended:
    """Apply the certain fixes to the spec at a path, and to what they uncover, and write it.

    Only the file itself is changed, never code beside it. Every byte that no fix names stays.
    Stops where the file cannot be written.
    """
    from ..compiler.fixing.apply import apply_fixes
    from ..compiler.workspace import Workspace

    path = os.path.abspath(spec)
    if os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path):
        raise Stop(f"`{spec}` is no file that can be written anew", status=USAGE)
    files: dict[str, bytes] = {}
    workspace = Workspace(overlay=files)
    compiled = compile_spec(spec, given, parameters, workspace=workspace)
    if compiled.source is None:
        return Mended(compiled=compiled, rounds=(), before="", after="")
    before, data = compiled.source.text, workspace.read(Path(spec))
    text, rounds, seen = before, list[tuple["Applied", ...]](), {before}
    while compiled.source is not None and len(rounds) < _MOST_ROUNDS:
        changed, applied = apply_fixes(compiled.source, compiled.diagnostics)
        if not applied or changed in seen:
            break
        text = changed
        seen.add(text)
        rounds.append(applied)
        files[path] = _encoded(text, data)
        compiled = compile_spec(spec, given, parameters, workspace=Workspace(overlay=files))
    if rounds:
        rewrite_file(spec, data, files[path])
    return Mended(compiled=compiled, rounds=tuple(rounds), before=before, after=text)


def _encoded(text: str, former: bytes) -> bytes:
    """Return a text as bytes, with the byte order mark that it had."""
    from codecs import BOM_UTF8

    return (BOM_UTF8 if former.startswith(BOM_UTF8) else b"") + text.encode()
