"""The store in a folder of a local or mounted file system."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISREG
from typing import TypeVar
from urllib.parse import quote

from . import disk
from .backend import Missing, Stat
from .key import RESERVED, check_key, check_prefix, check_range
from .new_file import new_file
from .oserrors import copying, local_file, reading, store_error, writing

_Result = TypeVar("_Result")

_READ_ONLY = 0o444
"""Nothing is modified once it has its final name, so not even its owner may write to it."""


class LocalBackend:
    """Files below one folder; see `Backend` for what each method owes.

    Nothing is made before the first write. What is not whole yet lies in `tmp/`, on the same file
    system, and reaches its final name by a link (`create`) or a rename (`put`). A process that is
    killed may leave a file in `tmp/`, never half a file elsewhere. A malformed key is ValueError.
    """

    def __init__(self, root: Path) -> None:
        self._root = os.path.abspath(root)
        self._unflushed: set[str] | None = None

    @property
    def url(self) -> str:
        """The folder as a `file://` URL."""
        return "file://" + quote(os.fsencode(self._root))

    def create(self, key: str, data: bytes) -> bool:
        """Write `data` under a key that holds nothing; say whether this call did."""
        final = self._at(key)
        with writing(final):
            if os.path.lexists(final):
                return False
            try:
                if not self._create_unnamed(final, data):
                    self._create_named(final, data)
            except FileExistsError:
                return False
            self._flush_names({os.path.dirname(final)})
        return True

    def put(self, key: str, data: bytes) -> None:
        """Write `data` under a key, in place of whatever is there."""
        final = self._at(key)
        with writing(final), self._temporary() as (file, name):
            disk.write_all(file, data)
            self._publish(file, name, final)

    def put_file(self, key: str, path: Path) -> None:
        """Write a file's bytes under a key, like `put`."""
        final = self._at(key)
        with _opened(path) as source, writing(final), self._temporary() as (file, name):
            with copying(final, source=str(path), source_side="local"):
                disk.copy_all(source, file)
            self._publish(file, name, final)

    def put_hashed(
        self, path: Path, key_of: Callable[[str], str], *, replace: bool
    ) -> tuple[str, int]:
        """Write a file's bytes under the key that `key_of` makes of their sha256.

        Reads the file once, so the key fits the bytes even while someone else writes to the file.
        Returns sha256 in hexadecimal and size in bytes. Unless `replace`, what is there with the
        same size is left alone.
        """
        root = self._root
        with _opened(path) as source, writing(root), self._temporary() as (file, name):
            with copying(root, source=str(path), source_side="local"):
                sha256, size = disk.copy_hashed(source, file)
            key = key_of(sha256)
            known = None if replace else self.touch(key)
            if known is None or known.size != size:
                self._publish(file, name, self._at(key))
        return sha256, size

    def get(self, key: str) -> bytes:
        """Return all bytes. Raises Missing."""
        final = self._at(key)
        with reading(final), open(final, "rb", buffering=0) as file:
            return file.readall()

    def get_file(self, key: str, path: Path) -> None:
        """Copy the bytes to a new local file, which is the caller's own. Raises Missing."""
        final = self._at(key)
        with reading(final):
            source = open(final, "rb", buffering=0)  # noqa: SIM115  # errors below are others'
        with (
            source,
            new_file(path) as target,
            copying(str(path), source=final, source_side="store"),
        ):
            disk.copy_all(source.fileno(), target)

    def range(self, key: str, start: int, length: int) -> bytes:
        """Return at most `length` bytes from offset `start`. Raises Missing."""
        check_range(start, length)
        final = self._at(key)
        with reading(final), open(final, "rb") as file:
            file.seek(start)
            return file.read(length)

    def path(self, key: str) -> Path | None:
        """Return the file, which must be read only, or None where there is none."""
        return None if self.stat(key) is None else Path(self._at(key))

    def stat(self, key: str) -> Stat | None:
        """Return size and time, or None where there is nothing."""
        final = self._at(key)
        try:
            found = os.stat(final)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise store_error(error, final, verb="read", side="store") from error
        return _stat(key, found) if S_ISREG(found.st_mode) else None

    def touch(self, key: str) -> Stat | None:
        """Make what lies here as young as if it were written now; None where there is nothing."""
        final = self._at(key)
        with writing(final):
            try:
                os.utime(final)
            except (FileNotFoundError, NotADirectoryError):
                return None
            except PermissionError:
                # Times are the owner's to set; whoever may write to the folder may write anew.
                self.put_file(key, Path(final))
            except OSError as error:
                # What is read only here is not collected from here either.
                if error.errno != errno.EROFS:
                    raise
        return self.stat(key)

    def list(self, prefix: str) -> Iterator[Stat]:
        """Yield everything whose key begins with `prefix`, in order of key."""
        for name in self.children(prefix):
            if name.endswith("/"):
                yield from self.list(prefix + name)
            elif (found := self.stat(prefix + name)) is not None:
                yield found

    def children(self, prefix: str) -> tuple[str, ...]:
        """Return the names directly under `prefix`, sorted; one that holds more ends in `/`."""
        folder = f"{self._root}/{check_prefix(prefix)}"
        try:
            with reading(folder), os.scandir(folder) as entries:
                names = [f"{entry.name}/" if entry.is_dir() else entry.name for entry in entries]
        except Missing:
            return ()
        hidden = f"{RESERVED}/" if not prefix else ""
        return tuple(sorted(name for name in names if name != hidden and name.isprintable()))

    def delete(self, key: str) -> None:
        """Remove a key; nothing happens where there is none."""
        final = self._at(key)
        with writing(final), suppress(FileNotFoundError, NotADirectoryError):
            os.unlink(final)

    def discard(self, found: Stat) -> bool:
        """Remove a key if what lies there is what was found; say whether it did."""
        if self.stat(found.key) != found:
            return False
        final = self._at(found.key)
        aside = self._new_name()
        with writing(final):
            try:
                self._in_folder(aside, lambda: os.rename(final, aside))
            except (FileNotFoundError, NotADirectoryError):
                return False
            is_same = _stat(found.key, os.stat(aside)) == found
            if not is_same:  # written or touched in between, so it gets its name back
                with suppress(FileExistsError):
                    disk.place_new(aside, final)
            with suppress(FileNotFoundError):
                os.unlink(aside)
        return is_same

    def leftovers(self) -> tuple[Stat, ...]:
        """Return what processes left that ended while they wrote, sorted by name."""
        found: list[Stat] = []
        folder = f"{self._root}/{RESERVED}"
        try:
            with reading(folder), os.scandir(folder) as entries:
                for entry in entries:
                    with suppress(FileNotFoundError):
                        if entry.is_file(follow_symlinks=False):
                            found.append(_left(entry.name, entry.stat()))
        except Missing:
            return ()
        return tuple(sorted(found, key=lambda one: one.key))

    def discard_left(self, found: Stat) -> bool:
        """Remove one of `leftovers`, unless it was written to since; say whether it did."""
        path = f"{self._root}/{RESERVED}/{found.key}"
        with writing(path):
            try:
                if _left(found.key, os.stat(path)) != found:
                    return False
                os.unlink(path)
            except FileNotFoundError:
                return False
        return True

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let what is written within the block have durable names at its end only."""
        if self._unflushed is not None:
            yield
            return
        self._unflushed = set()
        try:
            yield
        finally:
            folders, self._unflushed = self._unflushed, None
            with writing(self._root):
                self._flush_names(folders)

    def _at(self, key: str) -> str:
        return f"{self._root}/{check_key(key)}"

    def _new_name(self) -> str:
        return f"{self._root}/{RESERVED}/{os.getpid()}-{os.urandom(8).hex()}"

    def _create_unnamed(self, final: str, data: bytes) -> bool:
        """Create a file that has no name until it has its final one; say whether that works here.

        It costs two changes of folders less than a file in `tmp/`. Raises FileExistsError.
        """
        file = disk.open_unnamed(f"{self._root}/{RESERVED}", _READ_ONLY)
        if file is None:
            return False
        try:
            disk.write_all(file, data)
            disk.flush(file)
            return self._in_folder(final, lambda: disk.name_unnamed(file, final))
        finally:
            os.close(file)

    def _create_named(self, final: str, data: bytes) -> None:
        """Create a file by way of `tmp/`. Raises FileExistsError."""
        with self._temporary() as (file, name):
            disk.write_all(file, data)
            disk.flush(file)
            self._in_folder(final, lambda: disk.place_new(name, final))

    def _publish(self, file: int, name: str, final: str) -> None:
        disk.flush(file)
        self._in_folder(final, lambda: os.rename(name, final))
        self._flush_names({os.path.dirname(final)})

    def _in_folder(self, path: str, act: Callable[[], _Result]) -> _Result:
        """Do what needs the folder of `path`, making the folder only where it lacks."""
        try:
            return act()
        except FileNotFoundError:
            self._flush_names(disk.make_folder(os.path.dirname(path)))
            return act()

    def _flush_names(self, folders: set[str]) -> None:
        if self._unflushed is not None:
            self._unflushed |= folders
            return
        for folder in sorted(folders):
            disk.flush_folder(folder)

    @contextmanager
    def _temporary(self) -> Iterator[tuple[int, str]]:
        """Open a new file in `tmp/`; its name is gone at the end, whatever happens."""
        name = self._new_name()
        flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC
        file = self._in_folder(name, lambda: os.open(name, flags, _READ_ONLY))
        try:
            yield file, name
        finally:
            os.close(file)
            with suppress(OSError):
                os.unlink(name)


def _left(name: str, found: os.stat_result) -> Stat:
    """Describe what lies in `tmp/`; a second name for what is whole is old and takes no room."""
    if found.st_nlink > 1:
        return Stat(key=name, size=0, modified=0.0)
    return _stat(name, found)


def _stat(key: str, found: os.stat_result) -> Stat:
    return Stat(key=key, size=found.st_size, modified=found.st_mtime)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    with local_file(str(path), "read"):
        file = path.open("rb", buffering=0)
    with file:
        yield file.fileno()
