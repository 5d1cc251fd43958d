"""Write what a verb makes to a file that the user named, all of it or nothing."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from .status import FAULT
from .stop import Stop


def write_output(path: str, data: bytes) -> None:
    """Write a file, or stop and say why it cannot be written."""
    with output_file(path) as file:
        file.write(data)


@contextlib.contextmanager
def output_file(path: str) -> Iterator[BinaryIO]:
    """Open a file to write; it takes its name when all of it is there, or not at all.

    What stood there keeps its permissions, a link is followed, and what is a device, a pipe or
    open elsewhere (`/dev/stdout`) is added to as it is. Stops where the file cannot be written.
    """
    try:
        former = os.stat(path) if os.path.exists(path) else None
        if former is not None and not _is_replaceable(path, former):
            with open(path, "ab") as file:
                yield file
        else:
            yield from _replacing(Path(os.path.realpath(path)), former)
    except OSError as error:
        raise cannot_write(path, error) from error


def _is_replaceable(path: str, former: os.stat_result) -> bool:
    # `/dev/stdout` may be a file to which others write as well.
    return stat.S_ISREG(former.st_mode) and not os.path.abspath(path).startswith("/dev/")


def _replacing(target: Path, former: os.stat_result | None) -> Iterator[BinaryIO]:
    """Yield a file beside `target`, which then takes its place."""
    if former is not None:
        open(target, "ab").close()  # a new file would take the place of one that is read-only
    beside = target.with_name(f".{target.name[:200]}.{os.urandom(6).hex()}")
    try:
        with open(beside, "xb") as file:
            yield file
        if former is not None:
            beside.chmod(stat.S_IMODE(former.st_mode))
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def cannot_write(path: str, error: OSError) -> Stop:
    """Return the end of a verb that could not write where the user asked it to."""
    from ..runtime.store.oserrors import store_error

    said = store_error(error, path, verb="write", side="local")
    return Stop(f"cannot write `{path}`: {said.message}", status=FAULT, help="name another path")
