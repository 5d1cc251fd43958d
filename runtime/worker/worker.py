"""What a process keeps between the attempts that it makes."""

from __future__ import annotations

import sys
from pathlib import Path

from ..store.backend import Backend
from ..store.open import open_backend
from .laid_code import LaidCode
from .laid_tables import LaidTables
from .scratch import Scratches
from .servers import ForkServers
from .workplace import Workplace


class Worker:
    """Stores, children, code and tables, kept between attempts; for one thread.

    It works below `folder`, by default the temporary one, with servers out of the `nursery` in
    that folder where there is one. Without `forks`, each attempt starts a process of its own, as
    is safe on macOS. Raises OSError where it cannot make its own folder.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        nursery: Path | None = None,
        forks: bool = sys.platform == "linux",
    ) -> None:
        self._place = Workplace(folder)
        self.scratch_folder = self._place.path
        self.scratches = Scratches(self._place.path)
        self.servers = ForkServers(self._place.path, nursery=nursery, forks=forks)
        self.code = LaidCode(self._place.folder("code"))
        self.tables = LaidTables(self._place.folder("tables"))
        self._backends: dict[str, Backend] = {}

    def backend(self, url: str) -> Backend:
        """Return the store at a URL, opened once. Raises StoreError."""
        if url not in self._backends:
            self._backends[url] = open_backend(url)
        return self._backends[url]

    def close(self) -> None:
        """End every process and remove every file; safe to call twice."""
        self.servers.close()
        self._place.close()
