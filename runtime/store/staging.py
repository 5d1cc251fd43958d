"""What a backend may offer beside `Backend`, because it can do it in one pass."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, runtime_checkable


@runtime_checkable
class Staging(Protocol):
    """A backend that can take a file in before it knows the key."""

    def put_hashed(
        self, path: Path, key_of: Callable[[str], str], *, replace: bool
    ) -> tuple[str, int]:
        """Write a file's bytes under the key that `key_of` makes of their sha256 in hexadecimal.

        Owes: what `put_file` owes; the key fits the bytes even while someone else writes to the
        file. Unless `replace`, what is there with the same size is left alone. Returns sha256 in
        hexadecimal and size in bytes.
        """
        ...
