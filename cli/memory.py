"""Where what was worked out of a user's code is kept between commands."""

from __future__ import annotations

import os
from pathlib import Path


def memory_folder() -> Path | None:
    """Return the folder of the user's caches that is ours; None where the user has no home.

    It may be removed at any time, and is never needed.
    """
    caches = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(caches):
        return Path(caches) / "reprocc"
    home = os.path.expanduser("~")
    return Path(home) / ".cache" / "reprocc" if os.path.isabs(home) else None
