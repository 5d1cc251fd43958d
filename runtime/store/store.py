"""A store: a backend with the mark that says its format."""

from __future__ import annotations

from dataclasses import dataclass

from .backend import Backend, Missing
from .fresh import Fresh, make_store
from .layout import STORE
from .open import open_backend
from .records_json import check_store, encode_store


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """An opened store, in a format that this program knows."""

    backend: Backend

    @property
    def url(self) -> str:
        """The address under which any process finds this store again."""
        return self.backend.url

    @classmethod
    def open(cls, url: str, *, create: bool = True) -> Store:
        """Open the store at a path or URL.

        Where there is none it is made if `create`, else Missing is raised and nothing is written.
        Raises NewerFormat for a store that a later program wrote, Damaged where its mark is,
        StoreError.
        """
        backend = open_backend(url)
        store = _opened(backend)
        if store is None and create:
            make_store(backend, encode_store())
            store = _opened(backend)
        if store is None:
            raise _no_store(backend)
        return store

    @classmethod
    def for_writing(cls, url: str) -> Store:
        """Open the store at a path or URL; where there is none, the first write makes it.

        Raises what `open` raises.
        """
        backend = open_backend(url)
        return _opened(backend) or cls(backend=Fresh(backend, encode_store()))

    @classmethod
    def find(cls, url: str) -> Store | None:
        """Open the store at a path or URL for reading, or return None where there is none.

        Nothing is written. Raises what `open` raises.
        """
        return _opened(open_backend(url))


def _opened(backend: Backend) -> Store | None:
    try:
        data = backend.get(STORE)
    except Missing:
        return None
    check_store(data, f"{backend.url}/{STORE}")
    return Store(backend=backend)


def _no_store(backend: Backend) -> Missing:
    return Missing(
        "there is no store here",
        place=backend.url,
        remedy="submit a pipeline to make one, or choose another with `--store`",
        can_retry=False,
    )
