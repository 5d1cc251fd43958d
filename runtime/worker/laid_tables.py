"""Tables as Arrow IPC files on this machine's disk, one for each digest, kept between attempts."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from ..content import Content
from ..store.backend import Backend
from .watched import Signature, signature_of

LIMIT = 8 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidTable:
    """An Arrow IPC file; `sha256` is that of the file, `size` in bytes."""

    path: Path
    sha256: str
    size: int
    signature: Signature

    @property
    def is_untouched(self) -> bool:
        """Whether the file is there as it was written."""
        try:
            return signature_of(self.path) == self.signature
        except OSError:
            return False


class LaidTables:
    """Lays tables below an existing folder; `trim` keeps the newest `limit` bytes of them."""

    def __init__(self, folder: Path, *, limit: int = LIMIT) -> None:
        self._folder = folder
        self._limit = limit
        self._laid: OrderedDict[str, LaidTable] = OrderedDict()
        self._count = 0

    def lay(self, backend: Backend, content: Content) -> LaidTable:
        """Return the file of a table, written where it is not there as it was.

        Raises StoreError, OSError.
        """
        known = self._laid.get(content.digest)
        if known is not None and not known.is_untouched:
            # Whoever changed it may have ended the attempt before that could be found.
            self.forget(known.path)
            known = None
        if known is None:
            self._laid[content.digest] = known = self._write(backend, content)
        self._laid.move_to_end(content.digest)
        return known

    def forget(self, path: Path) -> None:
        """Drop a file that is no longer what it was."""
        for digest, laid in list(self._laid.items()):
            if laid.path == path:
                del self._laid[digest]
                path.unlink(missing_ok=True)

    def trim(self) -> None:
        """Remove the files least recently asked for until the rest is within the limit."""
        sizes = {digest: laid.size for digest, laid in self._laid.items()}
        total = sum(sizes.values())
        for digest in list(self._laid):
            if total <= self._limit:
                return
            total -= sizes[digest]
            self._laid.pop(digest).path.unlink(missing_ok=True)

    def _write(self, backend: Backend, content: Content) -> LaidTable:
        from ..codecs.table import lay_ipc

        self._count += 1
        path = self._folder / f"{self._count}.arrow"
        sha256, size = lay_ipc(backend, content, path)
        path.chmod(0o444)
        return LaidTable(path=path, sha256=sha256, size=size, signature=signature_of(path))
