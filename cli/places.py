"""Which store a command works on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .status import REFUSED, USAGE
from .stop import Stop

if TYPE_CHECKING:
    from ..runtime.store.backend import Backend
    from ..runtime.store.store import Store

FOLDER = ".reprocc"


def store_address(flag: str | None, *, spec: Path | None, profile: str | None = None) -> str:
    """Return the path or URL of the store: flag, settings, the nearest `.reprocc` upward from the
    spec (or from here), else one beside the settings file, else beside the spec (or here)."""
    from .settings.settings import settings_for

    settings = settings_for(spec=spec, profile=profile)  # a profile that is none is never ignored
    given = flag or settings.store
    if given:
        return given
    start = (spec.parent if spec is not None else Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / FOLDER).is_dir():
            return str(folder / FOLDER)
    return str((start if settings.file is None else settings.file.parent) / FOLDER)


def existing_store(
    flag: str | None, *, spec: Path | None = None, profile: str | None = None
) -> Store | None:
    """Open the store for reading, or return None where there is none; nothing is written."""
    from ..runtime.store.store import Store

    return Store.find(_checked(store_address(flag, spec=spec, profile=profile)))


def made_store(flag: str | None, *, spec: Path | None = None, profile: str | None = None) -> Store:
    """Open the store for writing; where there is none, the first write makes it."""
    from ..runtime.store.store import Store

    return Store.for_writing(_checked(store_address(flag, spec=spec, profile=profile)))


def _checked(address: str) -> str:
    """Return an address that can be one of a store, or stop."""
    from ..runtime.store.backend import StoreError
    from ..runtime.store.open import open_backend

    try:
        open_backend(address)
    except StoreError as error:
        raise Stop(f"`{error.place}`: {error.message}", status=USAGE, help=error.remedy) from error
    if Path(address).is_file():
        raise Stop(
            f"`{address}` is a file, but a store is a folder",
            status=USAGE,
            help="name a folder with `--store`; it is made where there is none",
        )
    return address


def backend_to_check(flag: str | None, *, profile: str | None = None) -> Backend:
    """Open what is, or was, a store, whether or not its mark can be read."""
    from ..runtime.store.backend import Damaged
    from ..runtime.store.open import open_backend

    try:
        found = existing_store(flag, profile=profile)
    except Damaged:
        found = None
    if found is not None:
        return found.backend
    backend = open_backend(store_address(flag, spec=None, profile=profile))
    if {"objects/", "pipelines/", "runs/"}.isdisjoint(backend.children("")):
        return open_store(flag, profile=profile).backend
    return backend


def open_store(flag: str | None, *, spec: Path | None = None, profile: str | None = None) -> Store:
    """Open the store for reading; it must exist."""
    store = existing_store(flag, spec=spec, profile=profile)
    if store is None:
        raise Stop(
            f"there is no store at `{store_address(flag, spec=spec, profile=profile)}`",
            status=REFUSED,
            help="run a pipeline with `reprocc submit`, or name a store with `--store`",
        )
    return store
