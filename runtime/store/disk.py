"""The few system calls by which bytes come to lie safely on a local disk."""

from __future__ import annotations

import errno
import hashlib
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from .backend import StoreError

_CHUNK = 1 << 20
_NO_FOLDER_FLUSH = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
_NO_LINK = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
_NO_CLONE = frozenset(
    {errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EBADF}
)


def write_all(file: int, data: bytes | memoryview) -> None:
    """Write all bytes to a descriptor. Raises OSError."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]


def copy_all(source: int, target: int) -> None:
    """Copy a file from its start to the end, inside the kernel where it can. Raises OSError."""
    for _ in _copied(source, target, 1 << 30):
        pass


def copy_hashed(source: int, target: int) -> tuple[str, int]:
    """Copy a file from its start to an empty one that is open for reading too, and hash it.

    Returns sha256 in hexadecimal and size in bytes, of what the copy holds. It is hashed, and
    flushed from time to time, while the rest is copied. Raises OSError.
    """
    digest, size = hashlib.sha256(), 0
    progress: SimpleQueue[int] = SimpleQueue()
    buffer = memoryview(bytearray(_CHUNK >> 2))
    with ThreadPoolExecutor(1) as pool:
        copying = pool.submit(_copy_telling, source, target, progress)
        while count := progress.get():
            end = size + count
            while size < end:
                read = os.preadv(target, [buffer[: end - size]], size)
                if not read:
                    raise OSError(errno.EIO, "the copy was cut short")
                digest.update(buffer[:read])
                size += read
        copying.result()
    return digest.hexdigest(), size


def _copy_telling(source: int, target: int, progress: SimpleQueue[int]) -> None:
    """Copy a file and tell how many bytes came; 0 when no more come."""
    unflushed = 0
    try:
        for count in _copied(source, target, 8 * _CHUNK):
            progress.put(count)
            unflushed += count
            if unflushed >= 256 * _CHUNK:
                # The disk writes while the rest is hashed, and the last flush finds little left.
                flush(target)
                unflushed = 0
    finally:
        progress.put(0)


def _copied(source: int, target: int, most: int) -> Iterator[int]:
    """Copy a file from its start to the end; yield how many bytes came, each time some did.

    What the file has no bytes for, as sparse files do, the copy has none for either.
    """
    at = 0
    try:
        while True:
            start, end = _extent(source, at, most)
            if start > at:
                os.ftruncate(target, start)
                hole, at = start - at, start
                yield hole
            count = os.copy_file_range(source, target, end - at, at, at)
            if not count:
                break
            at += count
            yield count
    except AttributeError:
        pass
    except OSError as error:
        if error.errno not in _NO_CLONE:
            raise
    # The rest, if any: files of /proc and some network file systems report an early end.
    os.lseek(source, at, os.SEEK_SET)
    os.lseek(target, at, os.SEEK_SET)
    while chunk := os.read(source, _CHUNK):
        write_all(target, chunk)
        yield len(chunk)


def _extent(file: int, at: int, most: int) -> tuple[int, int]:
    """Return from where to where a file has bytes, from an offset on, at most so many."""
    try:
        start = os.lseek(file, at, os.SEEK_DATA)
        return start, min(start + most, os.lseek(file, start, os.SEEK_HOLE))
    except OSError as error:
        # Behind the last byte there may be a hole, which is as long as the file says.
        start = max(at, os.fstat(file).st_size) if error.errno == errno.ENXIO else at
        return start, start + most


def flush(file: int) -> None:
    """Return when what was written to a descriptor survives a loss of power. Raises OSError."""
    if sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(file, fcntl.F_FULLFSYNC)
    else:
        os.fsync(file)


def flush_folder(path: str) -> None:
    """Return when the names in a folder survive a loss of power. Raises OSError."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    except OSError as error:
        # Some network file systems know no such call; their names are safe at once, or never.
        if error.errno not in _NO_FOLDER_FLUSH:
            raise
    finally:
        os.close(folder)


def make_folder(path: str) -> set[str]:
    """Make a folder and what lacks above it; return the folders that must be flushed for it.

    Raises OSError.
    """
    changed: set[str] = set()
    try:
        os.mkdir(path)
    except FileExistsError:
        return changed
    except FileNotFoundError:
        changed = make_folder(os.path.dirname(path))
        try:
            os.mkdir(path)
        except FileExistsError:
            return changed
    return changed | {os.path.dirname(path)}


def open_unnamed(folder: str, mode: int) -> int | None:
    """Open a new file that has no name yet and is gone when closed without one.

    Returns None where the system or the file system has no such thing, or the folder lacks.
    """
    if not hasattr(os, "O_TMPFILE"):
        return None
    try:
        return os.open(folder, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, mode)
    except OSError:
        return None


def name_unnamed(file: int, final: str) -> bool:
    """Give an unnamed file its name, which must be free; say whether that can be done here.

    Raises FileExistsError, FileNotFoundError where the folder of `final` lacks, OSError.
    """
    try:
        # With a descriptor, whatever it is, this is a linkat that follows the link of /proc.
        os.link(f"/proc/self/fd/{file}", final, src_dir_fd=file)
    except FileNotFoundError:
        if os.path.exists(f"/proc/self/fd/{file}"):
            raise
        return False
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        return False
    return True


def place_new(temporary: str, final: str) -> None:
    """Give a whole file its final name, which must be free. Raises FileExistsError, OSError.

    A hard link is the one portable call that never replaces; where the file system has none, the
    exclusive rename of Linux and macOS does as well. There is no third way that is safe: opening
    the final name with O_EXCL shows readers a half-written file.
    """
    try:
        os.link(temporary, final)
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        rename_new(temporary, final)


def rename_new(temporary: str, final: str) -> None:
    """Rename a file to a name that must be free. Raises FileExistsError, OSError, StoreError."""
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    old, new = os.fsencode(temporary), os.fsencode(final)
    here, no_replace, exclusive = -100, 1, 4  # AT_FDCWD, RENAME_NOREPLACE; RENAME_EXCL on macOS
    if sys.platform == "darwin":
        failed = library.renamex_np(old, new, exclusive)
    elif hasattr(library, "renameat2"):
        failed = library.renameat2(here, old, here, new, no_replace)
    else:
        ctypes.set_errno(errno.ENOSYS)
        failed = -1
    if not failed:
        return
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP):
        raise StoreError(
            "this file system has neither hard links nor exclusive renames",
            place=final,
            remedy="choose a store on another file system with `--store`",
            can_retry=False,
        )
    raise OSError(number, os.strerror(number), final)
