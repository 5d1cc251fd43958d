"""Buckets of Google Cloud Storage, by way of gcsfs."""

from __future__ import annotations

import inspect
import json
import os
from datetime import datetime
from functools import lru_cache
from typing import Any

from .bucket import Again, Fault, Page, Service
from .surroundings import Surroundings, surroundings

_CHUNK = 32 << 20
"""Bytes of a large file that go up in one request; a multiple of 256 KiB."""

_BYTES = "application/octet-stream"
_CONNECT_SECONDS, _SILENCE_SECONDS = 10, 60


class GcsBucket:
    """A bucket by its JSON interface; see `Bucket` for what each method owes.

    gcsfs signs in, addresses, sends and refuses; that it would also ask again, list what was not
    asked for and remember it is left aside. `STORAGE_EMULATOR_HOST` leads to another server, which
    is asked without credentials.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._files = _file_system(surroundings())

    async def create(self, name: str, data: bytes) -> None:
        """Write where nothing is."""
        # In one request of two parts: the emulator looks at conditions of no other form.
        mark = os.urandom(16).hex()
        head = f"--{mark}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n"
        head += json.dumps({"name": name}) + f"\r\n--{mark}\r\nContent-Type: {_BYTES}\r\n\r\n"
        await self._upload(
            head.encode() + data + f"\r\n--{mark}--".encode(),
            content=f"multipart/related; boundary={mark}",
            uploadType="multipart",
            ifGenerationMatch="0",
        )

    async def put(self, name: str, data: bytes) -> None:
        """Write in place of whatever is there."""
        await self._upload(data, content=_BYTES, uploadType="media", name=name)

    async def put_large(self, name: str, file: int, size: int, again: Again) -> None:
        """Write a file by a resumable upload, whose pieces may each be sent again."""
        from gcsfs.core import initiate_upload, upload_chunk

        files, bucket = self._files, self._name
        upload = await again(lambda: initiate_upload(files, bucket, name))
        for start in range(0, size, _CHUNK):
            data = os.pread(file, min(_CHUNK, size - start), start)
            await again(
                lambda data=data, start=start: upload_chunk(  # type: ignore[misc]
                    files, upload, data, start, size, _BYTES
                )
            )

    async def get(self, name: str) -> bytes:
        """Return all bytes."""
        data: bytes = (await self._download(name))[1]
        return data

    async def read(self, name: str, start: int, length: int) -> tuple[bytes, int]:
        """Return bytes from `start`, and the size of the whole."""
        headers, data = await self._download(name, start, length)
        covered = headers.get("Content-Range")
        if covered is None:  # all of it, as a server may answer
            return data[start : start + length], len(data)
        return data, int(covered.rpartition("/")[2])

    async def stat(self, name: str) -> tuple[int, float]:
        """Return the size in bytes and the time."""
        found = await self._files._call(
            "GET", "b/{}/o/{}", self._name, name, json_out=True, fields="size,updated"
        )
        return int(found["size"]), _time(found["updated"])

    async def touch(self, name: str, size: int, again: Again) -> None:  # noqa: ARG002
        """Copy what has this name onto itself; a large one takes several requests."""
        token: str | None = None
        while True:
            found = await again(
                lambda token=token: self._files._call(  # type: ignore[misc]
                    *("POST", "b/{}/o/{}/rewriteTo/b/{}/o/{}"),
                    *(self._name, name, self._name, name),
                    json_out=True,
                    rewriteToken=token,
                    fields="done,rewriteToken",
                )
            )
            if found["done"]:
                return
            token = found["rewriteToken"]

    async def page(self, prefix: str, *, folders: bool, more: str | None, most: int) -> Page:
        """Return names that begin with `prefix`."""
        found = await self._files._call(
            *("GET", "b/{}/o", self._name),
            json_out=True,
            prefix=prefix,
            delimiter="/" if folders else None,
            maxResults=most,
            pageToken=more,
            fields="items(name,size,updated),prefixes,nextPageToken",
        )
        return Page(
            entries=tuple(
                (one["name"], int(one["size"]), _time(one["updated"]))
                for one in found.get("items", ())
            ),
            folders=tuple(found.get("prefixes", ())),
            more=found.get("nextPageToken"),
        )

    async def delete(self, name: str) -> None:
        """Remove what has this name."""
        await self._files._call("DELETE", "b/{}/o/{}", self._name, name)

    async def _upload(self, data: bytes, *, content: str, **how: str) -> None:
        await self._files._call(
            *("POST", f"{self._files._location}/upload/storage/v1/b/{{}}/o", self._name),
            headers={"Content-Type": content},
            data=data,
            fields="size",
            **how,
        )

    async def _download(self, name: str, start: int = 0, length: int | None = None) -> Any:
        wanted = None if length is None else {"Range": f"bytes={start}-{start + length - 1}"}
        place = f"{self._files._location}/download/storage/v1/b/{{}}/o/{{}}"
        return await self._files._call("GET", place, self._name, name, alt="media", headers=wanted)


def _time(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _fault(error: Exception) -> Fault | None:
    from aiohttp import ClientError
    from gcsfs.retry import HttpError
    from google.auth import exceptions as auth
    from requests.exceptions import RequestException

    match error:
        case FileNotFoundError():
            return Fault(kind="missing", status=404)
        case FileExistsError():
            return Fault(kind="taken", status=412)
        case HttpError():
            return _of_status(int(error.code or 0))
        case auth.DefaultCredentialsError():
            return Fault(kind="no-credentials")
        case auth.TransportError():
            return Fault(kind="broken")
        case auth.GoogleAuthError():
            return Fault(kind="broken" if getattr(error, "retryable", False) else "credentials")
        case RequestException() | ClientError() | TimeoutError() | ConnectionError():
            return Fault(kind="broken")
        case OSError() if str(error).startswith("Forbidden"):
            return Fault(kind="denied", status=403)
        case ValueError() if str(error).startswith("Bad Request"):
            return Fault(kind="refused", status=400)
    return None


def _of_status(status: int) -> Fault:
    match status:
        case 401:
            return Fault(kind="credentials", status=status)
        case 403:
            return Fault(kind="denied", status=status)
        case 416:
            return Fault(kind="beyond", status=status)
        case 408 | 429:
            return Fault(kind="busy", status=status)
    return Fault(kind="busy" if status >= 500 else "refused", status=status)


GCS = Service(
    scheme="gs",
    title="Google Cloud Storage",
    permissions={
        "read": "`storage.objects.get`",
        "write": "`storage.objects.create` and `storage.objects.delete`",
        "list": "`storage.objects.list`",
        "delete": "`storage.objects.delete`",
    },
    make="gcloud storage buckets create gs://{bucket}",
    log_in="log in with `gcloud auth application-default login`, "
    "or set `GOOGLE_APPLICATION_CREDENTIALS`",
    connect=GcsBucket,
    fault=_fault,
)


@lru_cache(maxsize=4)
def _file_system(_: Surroundings) -> Any:
    """Return what all buckets share that are reached in the same way."""
    # Else gcsfs talks gRPC to Google whatever server is meant.
    os.environ["GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT"] = "false"
    from aiohttp import ClientTimeout
    from gcsfs.core import GCSFileSystem

    class Once(GCSFileSystem):  # type: ignore[misc]
        """Makes each request once; how often it is made is `RemoteBackend`'s to say."""

        _request = inspect.unwrap(GCSFileSystem._request)

    return Once(
        token="anon" if os.environ.get("STORAGE_EMULATOR_HOST") else "google_default",
        requests_timeout=ClientTimeout(
            total=None, sock_connect=_CONNECT_SECONDS, sock_read=_SILENCE_SECONDS
        ),
        session_kwargs={"trust_env": True},
        use_listings_cache=False,
        skip_instance_cache=True,
    )
