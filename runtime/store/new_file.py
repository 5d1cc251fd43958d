"""A local file that is new, and gone again where what is to be in it cannot be had."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .key import destination_exists
from .oserrors import local_file


@contextmanager
def new_file(path: Path) -> Iterator[int]:
    """Open a new local file and yield its descriptor; where what follows fails, it is gone again.

    Raises StoreError where it cannot be made, or is there already.
    """
    with local_file(str(path), "write"):
        try:
            file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o666)
        except FileExistsError as error:
            raise destination_exists(str(path)) from error
    try:
        yield file
    except BaseException:
        os.unlink(path)
        raise
    finally:
        os.close(file)
