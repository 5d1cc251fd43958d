"""What the store asks of an object store's client: single requests, and what went wrong in them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

Result = TypeVar("Result")
Verb = Literal["read", "write", "list", "delete"]

Kind = Literal[
    "missing",  # nothing has this name
    "no-bucket",  # nothing has the bucket's name
    "taken",  # something has this name, and nothing was to have it
    "beyond",  # the range begins behind the end
    "busy",  # the server asks to try later
    "broken",  # there was no answer, or half of one
    "denied",  # who asks is known and may not
    "no-credentials",  # nothing says who asks
    "credentials",  # who asks is not who they say
    "refused",  # anything else that the server says no to
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a request failed; `status` is that of HTTP, where there was an answer."""

    kind: Kind
    status: int | None = None

    @property
    def is_transient(self) -> bool:
        """Whether the same request may succeed in a moment; it may have been carried out too."""
        return self.kind in ("busy", "broken")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A piece of a listing, in order: names with size in bytes and time, names that end in `/`.

    A time is in seconds since 1970 by the server's clock, of the last write or touch.

    `more` leads to the next piece, or is None.
    """

    entries: tuple[tuple[str, int, float], ...]
    folders: tuple[str, ...]
    more: str | None


class Again(Protocol):
    """Does something until it succeeds or cannot; see `RemoteBackend`."""

    async def __call__(self, act: Callable[[], Awaitable[Result]]) -> Result:
        """Return what `act` gave. Raises StoreError."""
        ...


class Bucket(Protocol):
    """A bucket, asked from the event loop of fsspec; names are whole, with every prefix.

    Each method but `put_large` and `touch` makes one request, and raises whatever the client
    raises; the service's `fault` knows what that means.
    """

    async def create(self, name: str, data: bytes) -> None:
        """Write where nothing is, or fail with `taken`. Of racing creators one succeeds."""
        ...

    async def put(self, name: str, data: bytes) -> None:
        """Write in place of whatever is there."""
        ...

    async def put_large(self, name: str, file: int, size: int, again: Again) -> None:
        """Write a file of this size in bytes, given its descriptor, in pieces that are each tried
        `again`; nothing has the name before all of it is there."""
        ...

    async def get(self, name: str) -> bytes:
        """Return all bytes."""
        ...

    async def read(self, name: str, start: int, length: int) -> tuple[bytes, int]:
        """Return at most `length` bytes (at least 1) from `start`, and the size of the whole."""
        ...

    async def stat(self, name: str) -> tuple[int, float]:
        """Return the size in bytes and the time, which is as in a listing."""
        ...

    async def touch(self, name: str, size: int, again: Again) -> None:
        """Let the server copy what has this name and size onto itself, so that it is new."""
        ...

    async def page(self, prefix: str, *, folders: bool, more: str | None, most: int) -> Page:
        """Return the first `most` names that begin with `prefix`, from `more` on; with `folders`,
        names that have a `/` behind the prefix are cut there."""
        ...

    async def delete(self, name: str) -> None:
        """Remove what has this name."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A kind of object store, and how its people call things.

    `permissions` are what an account needs for each verb, `make` is the command that makes a
    bucket, `log_in` what to do for want of credentials. `connect` opens a bucket in this process
    without asking it anything; `fault` says what its errors and those of the bucket mean, None of
    what is no fault of theirs.
    """

    scheme: str
    title: str
    permissions: dict[Verb, str]
    make: str
    log_in: str
    connect: Callable[[str], Bucket]
    fault: Callable[[Exception], Fault | None]
