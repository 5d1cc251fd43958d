"""Write what a verb makes to a file that the user named."""

from __future__ import annotations

from pathlib import Path

from .status import FAULT
from .stop import Stop


def write_output(path: str, data: bytes) -> None:
    """Write a file, or stop and say why it cannot be written."""
    try:
        Path(path).write_bytes(data)
    except OSError as error:
        raise cannot_write(path, error) from error


def cannot_write(path: str, error: OSError) -> Stop:
    """Return the end of a verb that could not write where the user asked it to."""
    from ..runtime.store.oserrors import store_error

    said = store_error(error, path, verb="write", side="local")
    return Stop(f"cannot write `{path}`: {said.message}", status=FAULT, help="name another path")
