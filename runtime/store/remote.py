"""The store in a bucket of an object store, whichever that is."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from functools import partial
from pathlib import Path
from random import SystemRandom
from typing import Any, TypeVar, cast

from .backend import TOUCHED_WITHIN, Missing, Stat, StoreError
from .bucket import Bucket, Fault, Page, Service, Verb
from .bucket_errors import bucket_error
from .gathered import gathered
from .key import RESERVED, check_key, check_prefix, check_range
from .new_file import new_file
from .oserrors import local_file, missing

Result = TypeVar("Result")

PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 8.0)
"""Seconds between two tries, each times a random factor of 0.5 to 1.5."""

FIRST_PAUSES = 4
"""How many of them are made where the server has never answered: then the address may be wrong."""

LARGE = 32 << 20
"""Bytes from which on a file goes up in pieces."""

_PIECE = 16 << 20
_PIECES_AT_ONCE = 8
_PAGE = 1000
_LONGEST_NAME = 1024
_RANDOM = SystemRandom()


class RemoteBackend:
    """Objects of a bucket whose names begin with one prefix; see `Backend` for what is owed.

    - `create` is one conditional request: the server decides. Where the name is taken, what is
      there is read back and compared: an answer may have been lost, and the request been made
      again, by us or by what is below.
    - What is transient (no answer, half of one, 408, 429, 5xx) is tried again after a pause that
      grows and is partly random, about 20 s in all; then the StoreError says `can_retry`.
    - Whatever else goes wrong is a StoreError that names bucket, key and remedy.
    - Nothing is remembered between calls: no listings, no sizes. A connection belongs to the
      process that first needed it; opening a store makes none.

    Any number of threads may use one. A malformed key is ValueError.
    """

    at_once = 16
    """How many calls gain by being made at the same time; see `at_once.py`."""

    def __init__(self, service: Service, bucket: str, prefix: str) -> None:
        self._service = service
        self._bucket_name = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._url = f"{service.scheme}://{bucket}" + (f"/{prefix}" if prefix else "")
        self._bucket: Bucket | None = None
        self._process = 0
        self._has_answered = self._has_bucket = False

    @property
    def url(self) -> str:
        """The address of bucket and prefix, such as `gs://bucket/prefix`."""
        return self._url

    def create(self, key: str, data: bytes) -> bool:
        """Write `data` under a key that holds nothing; say whether this call did."""
        return self._run(self._create(self._at(key), data))

    def put(self, key: str, data: bytes) -> None:
        """Write `data` under a key, in place of whatever is there."""
        name = self._at(key)
        self._ask("write", name, lambda bucket: bucket.put(name, data))

    def put_file(self, key: str, path: Path) -> None:
        """Write a file's bytes under a key, like `put`; a large one goes up in pieces."""
        name = self._at(key)
        with local_file(str(path), "read"):
            file = path.open("rb", buffering=0)
        with file:
            size = os.fstat(file.fileno()).st_size
            if size >= LARGE:
                self._run(self._put_large(name, file.fileno(), size))
                return
            with local_file(str(path), "read"):
                data = file.readall()
        self.put(key, data)

    def get(self, key: str) -> bytes:
        """Return all bytes. Raises Missing."""
        name = self._at(key)
        return self._ask("read", name, lambda bucket: bucket.get(name))

    def get_file(self, key: str, path: Path) -> None:
        """Copy the bytes to a new local file, which is the caller's own. Raises Missing."""
        name = self._at(key)
        with new_file(path) as file:
            self._run(self._get_file(name, file, path))

    def range(self, key: str, start: int, length: int) -> bytes:
        """Return at most `length` bytes from offset `start`. Raises Missing."""
        check_range(start, length)
        name = self._at(key)
        data, _ = self._run(self._read(name, start, max(length, 1)))
        return data[:length]

    def path(self, key: str) -> Path | None:
        """Return None: nothing here lies on this machine's disk."""
        check_key(key)
        return None

    def stat(self, key: str) -> Stat | None:
        """Return size and time, or None where there is nothing."""
        name = self._at(key)
        try:
            size, modified = self._ask("read", name, lambda bucket: bucket.stat(name))
        except Missing:
            return None
        return Stat(key=key, size=size, modified=modified)

    def touch(self, key: str) -> Stat | None:
        """Make what lies here as young as if it were written now, unless it is young already."""
        found = self.stat(key)
        # A clock that is more wrong than this is refused by the servers themselves.
        if found is None or abs(time.time() - found.modified) < TOUCHED_WITHIN:
            return found
        try:
            self._run(self._touch(self._at(key), found.size))
        except Missing:
            return None
        return self.stat(key)

    def list(self, prefix: str) -> Iterator[Stat]:
        """Yield everything whose key begins with `prefix`, in order of key."""
        for page in self._pages(prefix, folders=False):
            for name, size, modified in page.entries:
                key = name.removeprefix(self._prefix)
                if not key.endswith("/") and key.isprintable():
                    yield Stat(key=key, size=size, modified=modified)

    def children(self, prefix: str) -> tuple[str, ...]:
        """Return the names directly under `prefix`, sorted; one that holds more ends in `/`."""
        start = self._prefix + prefix
        found: set[str] = set()
        for page in self._pages(prefix, folders=True):
            found.update(name.removeprefix(start) for name, _, _ in page.entries)
            found.update(name.removeprefix(start) for name in page.folders)
        # Some tools put an empty object where a folder would be.
        found -= {"", "/"} if prefix else {"", "/", f"{RESERVED}/"}
        return tuple(sorted(name for name in found if name.isprintable()))

    def delete(self, key: str) -> None:
        """Remove a key; nothing happens where there is none."""
        name = self._at(key)
        try:
            self._ask("delete", name, lambda bucket: bucket.delete(name))
        except Missing:
            return

    def discard(self, found: Stat) -> bool:
        """Remove a key if what lies there is what was found; looked at right before."""
        if self.stat(found.key) != found:
            return False
        self.delete(found.key)
        return True

    def check_conditions(self, key: str, data: bytes) -> None:
        """Raise StoreError where the server lets a create succeed on a key that holds `data`.

        Then the key holds nothing any more.
        """
        name = self._at(key)
        if self._run(self._write_new(name, data)):
            self.delete(key)
            raise StoreError(
                "this server ignores conditions on writes, so versions could get lost",
                place=self._place(name),
                remedy="use a server that has conditional writes, or choose another store with "
                "`--store`",
                can_retry=False,
            )

    def _at(self, key: str) -> str:
        name = self._prefix + check_key(key)
        if len(name.encode()) > _LONGEST_NAME:
            raise StoreError(
                f"the name is too long for {self._service.title}",
                place=self._place(name),
                remedy="choose another store with `--store`",
                can_retry=False,
            )
        return name

    def _place(self, name: str) -> str:
        return f"{self._service.scheme}://{self._bucket_name}/{name}"

    def _pages(self, prefix: str, *, folders: bool) -> Iterator[Page]:
        start = self._prefix + check_prefix(prefix)
        more: str | None = None
        while True:
            ask = partial(self._page, start, folders, more)
            page = self._ask("list", start, ask)
            yield page
            more = page.more
            if more is None:
                return

    @staticmethod
    def _page(start: str, folders: bool, more: str | None, bucket: Bucket) -> Awaitable[Page]:
        return bucket.page(start, folders=folders, more=more, most=_PAGE)

    async def _create(self, name: str, data: bytes) -> bool:
        return await self._write_new(name, data) or await self._holds(name, data)

    async def _write_new(self, name: str, data: bytes) -> bool:
        """Write where nothing is; say whether the last try did."""
        bucket = self._connected(name)

        async def create() -> bool:
            try:
                await bucket.create(name, data)
            except Exception as error:
                fault = self._service.fault(error)
                if fault is None or fault.kind != "taken":
                    raise
                return False
            return True

        return await self._again("write", name, create)

    async def _holds(self, name: str, data: bytes) -> bool:
        bucket = self._connected(name)
        try:
            return await self._again("read", name, lambda: bucket.get(name)) == data
        except Missing:
            return False

    async def _put_large(self, name: str, file: int, size: int) -> None:
        async def again(act: Callable[[], Awaitable[Result]]) -> Result:
            return await self._again("write", name, act)

        await self._connected(name).put_large(name, file, size, again)

    async def _touch(self, name: str, size: int) -> None:
        async def again(act: Callable[[], Awaitable[Result]]) -> Result:
            return await self._again("read", name, act)

        await self._connected(name).touch(name, size, again)

    async def _read(self, name: str, start: int, length: int) -> tuple[bytes, int]:
        """Return bytes and the size of the whole; nothing and the start behind the end."""
        bucket = self._connected(name)

        async def read() -> tuple[bytes, int]:
            try:
                return await bucket.read(name, start, length)
            except Exception as error:
                fault = self._service.fault(error)
                if fault is not None and fault.kind == "beyond":
                    return b"", start
                raise

        return await self._again("read", name, read)

    async def _get_file(self, name: str, file: int, path: Path) -> None:
        room = asyncio.Semaphore(_PIECES_AT_ONCE)

        async def copy(start: int) -> int:
            async with room:
                data, size = await self._read(name, start, _PIECE)
                with local_file(str(path), "write"):
                    _write_at(file, data, start)
                return size

        size = await copy(0)
        await gathered(copy(start) for start in range(_PIECE, size, _PIECE))

    def _ask(self, verb: Verb, name: str, act: Callable[[Bucket], Awaitable[Result]]) -> Result:
        async def ask() -> Result:
            bucket = self._connected(name)
            return await self._again(verb, name, lambda: act(bucket))

        return self._run(ask())

    def _run(self, doing: Coroutine[Any, Any, Result]) -> Result:
        """Do something in the event loop that fsspec keeps in a thread of this process."""
        from fsspec.asyn import get_loop, sync

        async def run() -> Result:
            return await doing

        return cast(Result, sync(get_loop(), run))

    async def _again(self, verb: Verb, name: str, act: Callable[[], Awaitable[Result]]) -> Result:
        """Do something, again after what is transient. Raises Missing, StoreError."""
        tried = 0
        while True:
            try:
                result = await act()
            except Exception as error:
                fault = self._service.fault(error)
                if fault is None:
                    raise
                self._has_answered |= fault.kind != "broken"
                pauses = PAUSES if self._has_answered else PAUSES[:FIRST_PAUSES]
                if not fault.is_transient or tried >= len(pauses):
                    raise await self._said(fault, verb, name) from error
            else:
                self._has_answered = self._has_bucket = True
                return result
            await asyncio.sleep(pauses[tried] * _RANDOM.uniform(0.5, 1.5))
            tried += 1

    async def _said(self, fault: Fault, verb: Verb, name: str) -> StoreError:
        """Return the error for a fault; that a name is missing may mean that the bucket is."""
        if fault.kind == "missing" and verb in ("read", "delete") and await self._is_there(name):
            return missing(self._place(name))
        return bucket_error(
            fault,
            service=self._service,
            bucket=self._bucket_name,
            place=self._place(name),
            verb=verb,
        )

    async def _is_there(self, name: str) -> bool:
        """Say whether the bucket is there; asked once, and only where nothing has shown it yet."""
        bucket = self._connected(name)

        async def look() -> bool:
            try:
                await bucket.page(self._prefix, folders=True, more=None, most=1)
            except Exception as error:
                fault = self._service.fault(error)
                if fault is None or fault.is_transient:
                    raise
                return fault.kind not in ("missing", "no-bucket")
            return True

        if not self._has_bucket:
            self._has_bucket = await self._again("list", name, look)
        return self._has_bucket

    def _connected(self, name: str) -> Bucket:
        """Return the bucket as this process reaches it. Raises StoreError."""
        if self._bucket is None or self._process != os.getpid():
            try:
                self._bucket = self._service.connect(self._bucket_name)
            except Exception as error:
                fault = self._service.fault(error)
                if fault is None:
                    raise
                raise bucket_error(
                    fault,
                    service=self._service,
                    bucket=self._bucket_name,
                    place=self._place(name),
                    verb="read",
                ) from error
            self._process = os.getpid()
        return self._bucket


def _write_at(file: int, data: bytes, start: int) -> None:
    rest = memoryview(data)
    while rest:
        written = os.pwrite(file, rest, start)
        rest, start = rest[written:], start + written
