"""Why a command failed, in words: from how its program ended and what it printed."""

from __future__ import annotations

import errno
import os
import re
import signal
from dataclasses import dataclass, replace
from pathlib import Path

from ..child.request import Exit
from ..events import Failure, FailureReason

_MISSING_FILE = (
    re.compile(r"No such file or directory: '([^'\n]+)'"),
    re.compile(r"can't open file '([^'\n]+)'"),
    re.compile(r"(?:cannot open|can't open) ([^\s:]+): No such file"),
    re.compile(r"([^\s:'\"`]+)['\"]?: No such file or directory"),
)
_MISSING_MODULE = re.compile(r"^ModuleNotFoundError: No module named '([^']+)'", re.MULTILINE)
_SAID = r"^(?:/bin/)?sh: (?:\d+: |line \d+: )?([^:\n]+): "
_NOT_RUN = {
    126: (re.compile(_SAID + "Permission denied", re.MULTILINE), errno.EACCES),
    127: (re.compile(_SAID + ".*not found", re.MULTILINE), errno.ENOENT),
}
"""What a shell says, with which status, of a program that it cannot start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A command that has run: its program, its folder, and the end of what it printed."""

    transformation: str
    program: str
    has_shell: bool
    folder: Path
    printed: str


def command_failure(run: Run, exit_: Exit) -> Failure | None:
    """Say why a command failed, or None where its program ended with status 0."""
    if exit_["error"] is not None:
        return _not_started(run, exit_["error"])
    number = exit_["signal"]
    status = exit_["status"]
    if number is None and run.has_shell and status is not None and status > 128:
        # So a shell says that what it ran was killed.
        number = status - 128 if status - 128 in set(signal.Signals) else None
    if number is not None:
        return _killed(run, number)
    if status == 0:
        return None
    if run.has_shell and status in _NOT_RUN:
        pattern, number = _NOT_RUN[status]
        found = pattern.findall(run.printed)
        if found:
            return _not_started(replace(run, program=found[-1].strip()), number)
    return _failure(run, "error", f"ended with status {status}", _action(run))


def _not_started(run: Run, number: int) -> Failure:
    program = run.program
    if number == errno.ENOENT:
        return _no_program(run, program)
    if number in (errno.EACCES, errno.ENOEXEC):
        action = f"make `{program}` executable, with a `#!` line, or name its interpreter"
        return _failure(run, "error", f"may not run `{program}`", action)
    return _failure(run, "error", f"could not run `{program}`: {os.strerror(number)}", None)


def _no_program(run: Run, program: str) -> Failure:
    if "/" in program:
        action = f"declare it: `code: [{program.removeprefix('./')}]`"
    else:
        action = f"install `{program}` into the environment, whose programs lead `PATH`"
    return _failure(run, "error", f"runs `{program}`, which is not found", action)


def _killed(run: Run, number: int) -> Failure:
    if number == signal.SIGKILL:
        said = "was killed by signal 9; the machine may have run out of memory"
        return _failure(run, "out-of-memory", said, None)
    try:
        name = f" ({signal.Signals(number).name})"
    except ValueError:
        name = ""
    return _failure(run, "error", f"was killed by signal {number}{name}", None)


def _action(run: Run) -> str | None:
    """Say what to do where the end of the log tells of something that is not there."""
    for pattern in _MISSING_FILE:
        for name in reversed(pattern.findall(run.printed)):
            shown = _relative(run, name).removeprefix("./")
            if shown.startswith(("../in/", "../out/", "../arguments.json")):
                return _moved(shown)
            if not shown.startswith(("/", "../")) and not (run.folder / shown).exists():
                return f"declare it: `code: [{shown}]`, or make it an input"
    modules = _MISSING_MODULE.findall(run.printed)
    if modules:
        name = modules[-1].partition(".")[0]
        return f"install `{name}`, or declare its file: `code: [{name}.py]`"
    return None


def _moved(path: str) -> str | None:
    if path.startswith("../out/"):
        return None
    return 'paths count from where the command starts: after `cd`, put `"$OLDPWD"/` before them'


def _failure(run: Run, reason: FailureReason, said: str, action: str | None) -> Failure:
    message = f"`{run.transformation}` {said}"
    if len(message) > 80:
        message = message[:79] + "…"
    return Failure(
        reason=reason,
        message=message,
        detail=_relative(run, run.printed).rstrip("\n"),
        help=action,
    )


def _relative(run: Run, text: str) -> str:
    """Name files of the working folder as the command does; links may lead to it."""
    for folder in (os.path.realpath(run.folder), str(run.folder)):
        text = text.replace(f"{folder}/", "")
    return text
