"""Answer a shell that asks what could stand at the cursor."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import redirect_stderr
from io import StringIO
from typing import Any

from .line import Line, line_of_text, line_of_words
from .situation import Situation, situation_of

VARIABLE = "_REPROCC_COMPLETE"
"""Set by the shells' scripts: the name of the shell that asks."""


def answer(shell: str) -> None:
    """Print what could stand at the cursor, a word a line, with a tab before what it means.

    A line that begins with a colon asks the shell for files: `:specs`, `:files` or `:folders`.
    Whatever goes wrong, nothing is said: a person is in the middle of typing.
    """
    try:
        with redirect_stderr(StringIO()):
            line = _line(shell)
            found = list(_candidates(line))
    except (Exception, SystemExit):
        return
    lines = [
        word if word.startswith(":") else f"{word[line.hidden :]}\t{meaning}"
        for word, meaning in found
    ]
    sys.stdout.write("".join(f"{one}\n" for one in lines))


def _line(shell: str) -> Line:
    if shell != "bash":
        return line_of_words(sys.argv[1:])
    text = os.environ.get("COMP_LINE", "")
    cursor = int(os.environ.get("COMP_POINT", len(text)))
    return line_of_text(text[:cursor], os.environ.get("COMP_WORDBREAKS", ""))


def _candidates(line: Line) -> Iterable[tuple[str, str]]:
    from typer.main import get_command

    from ..app import build_app

    root: Any = get_command(build_app())
    now = situation_of(root, line)
    if now is None:
        return
    if now.verb is None:
        yield from _options(root, now) if now.typed.startswith("-") else _verbs(root, now)
    elif now.parameter is None:
        yield from _options(now.verb, now)
    else:
        yield from _values(now)


def _values(now: Situation) -> Iterable[tuple[str, str]]:
    from .values import values

    for word, meaning in values(now):
        if word.startswith((":", now.typed)):
            yield word if word.startswith(":") else now.prefix + word, meaning


def _verbs(root: Any, now: Situation) -> Iterable[tuple[str, str]]:
    for name, verb in root.commands.items():
        if name.startswith(now.typed) and not verb.hidden:
            yield name, verb.get_short_help_str(60)


def _options(verb: Any, now: Situation) -> Iterable[tuple[str, str]]:
    """Yield the options that begin as typed; those given already only where they may repeat."""
    for option in verb.params:
        if option.param_type_name != "option" or option.hidden:
            continue
        if option.name in now.given and not option.multiple:
            continue
        for name in option.opts:
            if name.startswith(now.typed) and (name.startswith("--") or len(option.opts) == 1):
                yield name, (option.help or "").partition(". ")[0]
    if "--help".startswith(now.typed):
        yield "--help", "Show what the verb does."
