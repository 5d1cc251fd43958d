"""Why an attempt failed, in words: from how its child ended, or from what failed around it."""

from __future__ import annotations

import errno
import signal
import traceback
from pathlib import Path

from ..child.request import Ending
from ..events import Failure, FailureReason
from ..store.backend import StoreError
from .server import ServerLostError

LONGEST_DETAIL = 2000
"""Bytes of the end of a log that stand for a report."""


def failure_of(
    ending: Ending, *, transformation: str, timeout: float | None, printed: str
) -> Failure | None:
    """Say why an attempt failed, or None where it has outputs or its program came to an end.

    `timeout` is in seconds; `printed` is what the attempt printed, whose end is the detail where
    it could not say anything itself.
    """
    report = ending["report"]
    if ending["killed"]:
        return _failure("timeout", f"`{transformation}` ran longer than {timeout:g} s", printed)
    if ending["signal"] is not None:
        return _killed(transformation, ending["signal"], printed)
    if report is None or ending["status"] != 0:
        message = f"`{transformation}` ended its process with status {ending['status']}"
        return _failure("error", message, printed)
    if "outputs" in report or "exit" in report:
        return None
    return Failure(
        reason=report.get("reason", "error"),
        message=report.get("message", ""),
        detail=report.get("detail", ""),
        help=report.get("help"),
        query_offset=report.get("offset"),
    )


def failure_around(error: Exception, *, transformation: str, folder: Path) -> Failure:
    """Put into words what failed around the user's code; `folder` is where the worker works."""
    from ..codecs.unstorable import UnfitForm, Unstorable

    if isinstance(error, ServerLostError):
        return _failure("worker-lost", error.message, error.detail)
    if isinstance(error, StoreError):
        return _failure("store", error.message, error.place, error.remedy)
    if isinstance(error, UnfitForm):
        message = f"`{error.parameter}` cannot be given to `{transformation}` as {error.form}"
        return _failure("error", message, error.message, "ask for it `as: parquet`")
    if isinstance(error, Unstorable):
        message = f"the inputs of `{transformation}` do not go together"
        return _failure("error", message, error.message)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        action = "free space, or set TMPDIR to a folder with more of it"
        return _failure("store", "the disk for temporary files is full", str(folder), action)
    message = f"`{transformation}` could not be run: {type(error).__name__}"
    return _failure("internal", message, "".join(traceback.format_exception(error)))


def _killed(transformation: str, number: int, printed: str) -> Failure:
    if number == signal.SIGKILL:
        # Nobody here sent it; on a machine without memory to spare, the kernel does.
        said = "was killed by signal 9; the machine may have run out of memory"
        return _failure("out-of-memory", f"`{transformation}` {said}", printed)
    try:
        name = f" ({signal.Signals(number).name})"
    except ValueError:
        name = ""
    return _failure("error", f"`{transformation}` was killed by signal {number}{name}", printed)


def _failure(
    reason: FailureReason, message: str, detail: str, action: str | None = None
) -> Failure:
    return Failure(reason=reason, message=message, detail=detail, help=action)
