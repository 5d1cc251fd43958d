"""Buckets of S3, by way of s3fs."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from functools import lru_cache
from typing import Any

from .bucket import Again, Fault, Page, Service
from .gathered import gathered
from .surroundings import Surroundings, surroundings

_LEAST_PIECE = 16 << 20
_MOST_PIECES = 9_000
"""S3 takes 10,000."""

_PIECES_AT_ONCE = 8

_LARGEST_COPY = 5 << 30
"""Bytes that S3 copies in one request."""

_COPIED_PIECE = 1 << 30
_CONNECT_SECONDS, _SILENCE_SECONDS = 10, 60

_BUSY = frozenset({408, 409, 429})
"""409 is what S3 answers where another request for the same name is under way."""

_NOBODY = frozenset(
    {
        "AuthorizationHeaderMalformed",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidToken",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
        "TokenRefreshRequired",
    }
)


class S3Bucket:
    """A bucket of AWS, or of whatever speaks its language; see `Bucket` for what is owed.

    Credentials, region, profile and another server's address (`AWS_ENDPOINT_URL`) come from where
    every tool of AWS takes them. s3fs makes and keeps the client, whose requests are made here.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._files = _file_system(surroundings())

    async def create(self, name: str, data: bytes) -> None:
        """Write where nothing is."""
        await self._call("put_object", Key=name, Body=data, IfNoneMatch="*")

    async def put(self, name: str, data: bytes) -> None:
        """Write in place of whatever is there."""
        await self._call("put_object", Key=name, Body=data)

    async def put_large(self, name: str, file: int, size: int, again: Again) -> None:
        """Write a file by a multipart upload, whose pieces go up side by side."""
        begun = await again(lambda: self._call("create_multipart_upload", Key=name))
        upload = {"Key": name, "UploadId": begun["UploadId"]}
        try:
            pieces = await self._put_pieces(upload, file, size, again)
            await again(lambda: self._complete(upload, pieces, size))
        except BaseException:
            # What stays of it is removed by the bucket's own rules; the error is that of the copy.
            with suppress(Exception):
                await self._call("abort_multipart_upload", **upload)
            raise

    async def get(self, name: str) -> bytes:
        """Return all bytes."""
        return (await self._get(Key=name))[0]

    async def read(self, name: str, start: int, length: int) -> tuple[bytes, int]:
        """Return bytes from `start`, and the size of the whole."""
        data, found = await self._get(Key=name, Range=f"bytes={start}-{start + length - 1}")
        covered = found.get("ContentRange")
        if covered is None:  # all of it, as a server may answer
            return data[start : start + length], len(data)
        return data, int(covered.rpartition("/")[2])

    async def stat(self, name: str) -> tuple[int, float]:
        """Return the size in bytes and the time."""
        found = await self._call("head_object", Key=name)
        return int(found["ContentLength"]), _time(found)

    async def touch(self, name: str, size: int, again: Again) -> None:
        """Copy what has this name onto itself; a large one in pieces."""
        source = {"Bucket": self._name, "Key": name}
        if size <= _LARGEST_COPY:
            copy = {"Key": name, "CopySource": source, "MetadataDirective": "REPLACE"}
            await again(lambda: self._call("copy_object", **copy))
            return
        begun = await again(lambda: self._call("create_multipart_upload", Key=name))
        upload = {"Key": name, "UploadId": begun["UploadId"]}
        try:
            pieces = await self._copy_pieces(upload, source, size, again)
            await again(lambda: self._complete(upload, pieces, size))
        except BaseException:
            # What stays of it is removed by the bucket's own rules; the error is that of the copy.
            with suppress(Exception):
                await self._call("abort_multipart_upload", **upload)
            raise

    async def page(self, prefix: str, *, folders: bool, more: str | None, most: int) -> Page:
        """Return names that begin with `prefix`."""
        found = await self._call(
            "list_objects_v2",
            Prefix=prefix,
            MaxKeys=most,
            **({"Delimiter": "/"} if folders else {}),
            **({} if more is None else {"ContinuationToken": more}),
        )
        return Page(
            entries=tuple(
                (one["Key"], int(one["Size"]), _time(one)) for one in found.get("Contents", ())
            ),
            folders=tuple(one["Prefix"] for one in found.get("CommonPrefixes", ())),
            more=found.get("NextContinuationToken"),
        )

    async def delete(self, name: str) -> None:
        """Remove what has this name."""
        await self._call("delete_object", Key=name)

    async def _put_pieces(
        self, upload: dict[str, str], file: int, size: int, again: Again
    ) -> list[dict[str, Any]]:
        length = max(_LEAST_PIECE, -(-size // _MOST_PIECES))
        room = asyncio.Semaphore(_PIECES_AT_ONCE)

        async def put(number: int) -> dict[str, Any]:
            async with room:
                data = os.pread(file, length, (number - 1) * length)
                made = await again(
                    lambda: self._call("upload_part", PartNumber=number, Body=data, **upload)
                )
                return {"PartNumber": number, "ETag": made["ETag"]}

        return await gathered(map(put, range(1, -(-size // length) + 1)))

    async def _copy_pieces(
        self, upload: dict[str, str], source: dict[str, str], size: int, again: Again
    ) -> list[dict[str, Any]]:
        pieces: list[dict[str, Any]] = []
        for number, start in enumerate(range(0, size, _COPIED_PIECE), 1):
            piece = {
                "PartNumber": number,
                "CopySource": source,
                "CopySourceRange": f"bytes={start}-{min(start + _COPIED_PIECE, size) - 1}",
            }
            made = await again(
                lambda piece=piece: self._call(  # type: ignore[misc]
                    "upload_part_copy", **piece, **upload
                )
            )
            pieces.append({"PartNumber": number, "ETag": made["CopyPartResult"]["ETag"]})
        return pieces

    async def _complete(
        self, upload: dict[str, str], pieces: list[dict[str, Any]], size: int
    ) -> None:
        try:
            await self._call(
                "complete_multipart_upload", MultipartUpload={"Parts": pieces}, **upload
            )
        except FileNotFoundError:
            # That it was completed before, and the answer lost, looks like this.
            if (await self.stat(upload["Key"]))[0] != size:
                raise

    async def _get(self, **wanted: str) -> tuple[bytes, dict[str, Any]]:
        found = await self._call("get_object", **wanted)
        async with found["Body"] as body:
            return await body.read(), found

    async def _call(self, method: str, **arguments: Any) -> Any:
        return await self._files._call_s3(method, Bucket=self._name, **arguments)


def _time(found: dict[str, Any]) -> float:
    # A listing tells parts of a second, where everything else tells none.
    return float(int(found["LastModified"].timestamp()))


def _fault(error: Exception) -> Fault | None:
    from aiohttp import ClientError as BrokenOff
    from botocore import exceptions as boto
    from botocore.parsers import ResponseParserError

    refused = error.__cause__ if isinstance(error.__cause__, boto.ClientError) else error
    match refused:
        case boto.ClientError():
            answer: dict[str, Any] = dict(refused.response)
            status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            return _of_answer(int(status), str(answer.get("Error", {}).get("Code", "")))
        case boto.NoCredentialsError() | boto.PartialCredentialsError():
            return Fault(kind="no-credentials")
        case boto.ProfileNotFound() | boto.TokenRetrievalError() | boto.SSOError():
            return Fault(kind="no-credentials")
        case boto.CredentialRetrievalError() | boto.UnauthorizedSSOTokenError():
            return Fault(kind="no-credentials")
        case boto.HTTPClientError() | boto.ConnectionError():
            return Fault(kind="broken")
        case boto.IncompleteReadError() | ResponseParserError():
            return Fault(kind="broken")
        case ValueError() if str(error).startswith("Invalid endpoint"):
            return Fault(kind="broken")
        case BrokenOff() | TimeoutError() | ConnectionError():
            return Fault(kind="broken")
        case boto.BotoCoreError():
            return Fault(kind="refused")
    return None


def _of_answer(status: int, code: str) -> Fault:
    if code == "NoSuchBucket":
        return Fault(kind="no-bucket", status=status)
    if code in _NOBODY:
        return Fault(kind="credentials", status=status)
    if status in _BUSY or status >= 500 or code in ("SlowDown", "RequestTimeout"):
        return Fault(kind="busy", status=status)
    match status:
        case 404:
            return Fault(kind="missing", status=status)
        case 412:
            return Fault(kind="taken", status=status)
        case 416:
            return Fault(kind="beyond", status=status)
        case 401:
            return Fault(kind="credentials", status=status)
        case 403:
            return Fault(kind="denied", status=status)
    return Fault(kind="refused", status=status)


S3 = Service(
    scheme="s3",
    title="S3",
    permissions={
        "read": "`s3:GetObject` and `s3:ListBucket`",
        "write": "`s3:PutObject`",
        "list": "`s3:ListBucket`",
        "delete": "`s3:DeleteObject`",
    },
    make="aws s3 mb s3://{bucket}",
    log_in="log in with `aws configure` or `aws sso login`, "
    "or set `AWS_PROFILE`, or `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`",
    connect=S3Bucket,
    fault=_fault,
)


@lru_cache(maxsize=4)
def _file_system(_: Surroundings) -> Any:
    """Return what all buckets share that are reached in the same way."""
    from s3fs import S3FileSystem

    files = S3FileSystem(
        config_kwargs={
            "connect_timeout": _CONNECT_SECONDS,
            "read_timeout": _SILENCE_SECONDS,
            "retries": {"total_max_attempts": 1},
            "max_pool_connections": 32,
        },
        use_listings_cache=False,
        skip_instance_cache=True,
    )
    files.retries = 1  # how often a request is made is `RemoteBackend`'s to say
    return files
