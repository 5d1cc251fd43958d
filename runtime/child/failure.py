"""Why an attempt has no outputs, in words that name the user's code and nothing of ours."""

from __future__ import annotations

import errno
import os
import traceback
from types import TracebackType

from .request import Call, QueryCall, Report

LONGEST_HEADLINE = 80
_OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep


class WrongOutputError(Exception):
    """The function gave something other than the outputs declared; `report` says what."""

    def __init__(self, message: str, *, detail: str, action: str | None = None) -> None:
        super().__init__(message)
        self.report: Report = {
            "reason": "wrong-output",
            "message": message,
            "detail": detail,
            "help": action,
        }


def failure_report(call: Call | QueryCall, error: BaseException) -> Report:
    """Return a report of what the user's code raised, its traceback without our frames."""
    return {
        "reason": "out-of-memory" if isinstance(error, MemoryError) else "error",
        "message": _headline(call["transformation"], error),
        "detail": _traceback(call["code"] if call["how"] == "function" else "", error),
        "help": _action(error),
    }


def type_name(value: object) -> str:
    """Return the type of a value as people write it: `list`, `pandas.DataFrame`, `None`."""
    if value is None:
        return "None"
    kind = type(value)
    package = kind.__module__.partition(".")[0]
    return kind.__qualname__ if package == "builtins" else f"{package}.{kind.__qualname__}"


def _headline(name: str, error: BaseException) -> str:
    if isinstance(error, SystemExit):
        status = "" if error.code is None else _safe_text(error.code)
        return f"`{name}` ended its process with `sys.exit({status})`"
    lines = _safe_text(error, plain=True).strip().splitlines()
    is_memory = isinstance(error, MemoryError)
    verb = "ran out of memory" if is_memory else f"raised {type_name(error)}"
    text = f"`{name}` {verb}" + (f": {lines[0]}" if lines else "")
    return text if len(text) <= LONGEST_HEADLINE else text[: LONGEST_HEADLINE - 1] + "…"


def _safe_text(value: object, *, plain: bool = False) -> str:
    try:
        return str(value) if plain else repr(value)
    except BaseException:
        # A broken `__str__` must not hide the error that carries it.
        return "" if plain else "…"


def _traceback(code: str, error: BaseException) -> str:
    try:
        error.__traceback__ = _without_ours(error.__traceback__)
        text = "".join(traceback.TracebackException.from_exception(error).format())
    except BaseException:
        text = type_name(error)
    return (text.replace(code + os.sep, "") if code else text).rstrip("\n")


def _without_ours(frames: TracebackType | None) -> TracebackType | None:
    """Drop the leading frames: those of this package, and of the import that it asked for."""
    while frames is not None and _is_ours(frames.tb_frame.f_code.co_filename):
        frames = frames.tb_next
    return frames


def _is_ours(path: str) -> bool:
    return (
        path.startswith(_OURS)
        or path.startswith("<frozen importlib")
        or path.endswith(os.path.join("importlib", "__init__.py"))
    )


def _action(error: BaseException) -> str | None:
    if isinstance(error, ModuleNotFoundError):
        return f"install `{error.name}` where the function runs" if error.name else None
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "free space, or set TMPDIR to a folder with more of it"
    if isinstance(error, RuntimeError) and "deterministic implementation" in _safe_text(error):
        return "set `numerics: fast` where a result that differs between runs will do"
    return None
