"""What decides how this process reaches object stores, and as whom."""

from __future__ import annotations

import os

Surroundings = tuple[int, tuple[tuple[str, str], ...]]
"""The process, and every variable that may say where a server is or who asks it."""

_DECIDING = ("AWS_", "BOTO", "CLOUDSDK_", "GCE_", "GOOGLE_", "HOME", "NO_GCE", "STORAGE_")
_OF_THE_WAY = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


def surroundings() -> Surroundings:
    """Return them as they are now; a connection made under others must not be used."""
    found = sorted(
        (name, value)
        for name, value in os.environ.items()
        if name.startswith(_DECIDING) or name.upper() in _OF_THE_WAY
    )
    return os.getpid(), tuple(found)
