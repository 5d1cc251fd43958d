"""From an address to a backend."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes

from .backend import Backend, StoreError

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)\Z", re.DOTALL)


def open_backend(url_or_path: str) -> Backend:
    """Return the backend at a path, a `file://` URL or a `memory://` URL; it makes nothing yet.

    A path without a scheme is taken as it is, so a `%` in it is a `%`; relative ones start at the
    current folder. Raises StoreError for an address that is no place for a store.
    """
    matched = _URL.match(url_or_path)
    if matched is None:
        return _local(os.fsencode(url_or_path), url_or_path)
    scheme, rest = matched[1].lower(), matched[2]
    if scheme == "file":
        return _local(unquote_to_bytes(_without_host(rest, url_or_path)), url_or_path)
    if scheme == "memory":
        from .memory import MemoryBackend

        return MemoryBackend(unquote(rest))
    raise _refused(f"stores at `{scheme}://` are not supported yet", _without_secret(url_or_path))


def _local(path: bytes, address: str) -> Backend:
    from .local import LocalBackend

    if not path or b"\0" in path:
        raise _refused("this address names no folder", address)
    return LocalBackend(Path(os.fsdecode(path)))


def _without_host(rest: str, address: str) -> str:
    host, slash, path = rest.partition("/")
    if host not in ("", "localhost") or not slash:
        raise _refused("a `file://` address needs three slashes and a whole path", address)
    return slash + path


def _without_secret(address: str) -> str:
    """Leave out a user and password; addresses of other tools may carry them."""
    return re.sub(r"://[^/]*@", "://", address)


def _refused(message: str, address: str) -> StoreError:
    return StoreError(
        message, place=address, remedy="give a folder, or `file:///…`", can_retry=False
    )
