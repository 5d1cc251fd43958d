"""From an address to a backend."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes

from .backend import Backend, StoreError
from .key import check_key

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)\Z", re.DOTALL)
_BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]\Z", re.ASCII)
_BUCKETS = {
    "gs": ("gcsfs", "install it: `pip install gcsfs`"),
    "s3": ("s3fs", "install it: `pip install 'reprocc[s3]'`"),
}
"""The package that each scheme needs, and what to do for want of it."""


def open_backend(url_or_path: str) -> Backend:
    """Return the backend at a path, or a `file://`, `gs://`, `s3://` or `memory://` URL.

    It makes and asks nothing yet. A path without a scheme is taken as it is, so a `%` in it is a
    `%`, and so are bucket and prefix; relative paths start at the current folder. Raises
    StoreError for an address that is no place for a store, or one that lacks a package.
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
    if scheme in _BUCKETS:
        return _in_bucket(scheme, rest, _without_secret(url_or_path))
    raise _refused(f"there are no stores at `{scheme}://`", _without_secret(url_or_path))


def _in_bucket(scheme: str, rest: str, address: str) -> Backend:
    from importlib.util import find_spec

    from .remote import RemoteBackend

    bucket, _, prefix = rest.partition("/")
    if not _BUCKET.match(bucket):
        raise _refused(f"`{scheme}://` must be followed by the name of a bucket", address)
    prefix = prefix.removesuffix("/")
    try:
        if prefix:
            check_key(prefix)
    except ValueError as error:
        raise _refused("what follows the bucket is no prefix for names", address) from error
    package, mend = _BUCKETS[scheme]
    if find_spec(package) is None:
        message = f"stores at `{scheme}://` need the package `{package}`"
        raise StoreError(message, place=address, remedy=mend, can_retry=False)
    if scheme == "gs":
        from .gcs import GCS

        return RemoteBackend(GCS, bucket, prefix)
    from .s3 import S3

    return RemoteBackend(S3, bucket, prefix)


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
        message,
        place=address,
        remedy="give a folder, `gs://bucket/prefix` or `s3://bucket/prefix`",
        can_retry=False,
    )
