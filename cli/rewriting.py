"""Write a file of the user's anew, all of it or nothing."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from .status import FAULT, REFUSED
from .stop import Stop


def rewrite_file(path: str, before: bytes, after: bytes) -> None:
    """Write `after` over a file that holds `before`; its permissions stay, a link is followed.

    The new file takes the old one's place at once. Stops where the file is read-only, no longer
    holds `before`, or cannot be written; then nothing has changed.
    """
    target = Path(os.path.realpath(path))
    try:
        status = target.stat()
        if not status.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
            raise Stop(f"`{path}` is read-only", status=REFUSED, help="allow writing to it")
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        raise _cannot_write(path, error) from error
    try:
        with open(handle, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(handle)
        _keep_rights(temporary, status)
        if target.read_bytes() != before:
            raise _changed(path)
        os.replace(temporary, target)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)


def _keep_rights(temporary: str, status: os.stat_result) -> None:
    """Give a file the owner, where that is allowed, and the permissions of another."""
    with contextlib.suppress(OSError):
        os.chown(temporary, status.st_uid, status.st_gid)
    os.chmod(temporary, stat.S_IMODE(status.st_mode))


def _changed(path: str) -> Stop:
    return Stop(
        f"`{path}` was changed by someone else while it was being mended",
        status=FAULT,
        help="run the command again",
    )


def _cannot_write(path: str, error: OSError) -> Stop:
    from ..runtime.store.oserrors import store_error

    said = store_error(error, path, verb="write", side="local")
    return Stop(f"cannot write `{path}`: {said.message}", status=FAULT, help=said.remedy)
