"""The door for sources: which local files a location names, and what they hold."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from ...compiler.workspace import Workspace

_GLOB = frozenset("*?[")


class IngestError(Exception):
    """A source cannot be taken in.

    `message` is a headline, `help` an action or None, `place` the file that it is about, with the
    line where that is known, `detail` more lines to show below, or empty.
    """

    def __init__(self, message: str, *, help: str | None, place: str, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.place = place
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file of a source: `name` is as people should read it, `suffix` includes the dot."""

    path: Path
    name: str

    @property
    def suffix(self) -> str:
        return self.path.suffix


@dataclass(frozen=True, slots=True, kw_only=True)
class HashedFile:
    """A source file as it was when its bytes were read: sha256 in hexadecimal, size in bytes."""

    file: SourceFile
    sha256: str
    size: int
    modified: int

    @property
    def is_unchanged(self) -> bool:
        """Whether size and time of change (nanoseconds) are still those of when it was hashed."""
        try:
            now = self.file.path.stat()
        except OSError:
            return False
        return (now.st_size, now.st_mtime_ns) == (self.size, self.modified)


def is_glob(folder: Path, location: str) -> bool:
    """Say whether a location is a pattern; a file whose name has such letters is none."""
    return bool(_GLOB & set(location)) and not os.path.lexists(folder / location)


def source_path(folder: Path, location: str) -> Path:
    """Return the one file or folder that a location names, relative to `folder`.

    A pattern must match exactly one file. Raises IngestError.
    """
    if is_glob(folder, location):
        files = _matches(folder, location)
        if len(files) != 1:
            raise IngestError(
                f"`{location}` matches {len(files)} files, but one is needed",
                help="write a path without `*`, `?` and `[`",
                place=location,
            )
        return files[0].path
    path = folder / location
    if not path.exists():
        raise _missing(location)
    return path


def source_files(
    folder: Path, location: str, *, suffixes: tuple[str, ...]
) -> tuple[SourceFile, ...]:
    """Return the files that a location names, relative to `folder`, sorted by path.

    A file is itself; of a folder, all files below it with one of these suffixes (compressed or
    not), hidden ones excepted; a pattern, the files that match it. Raises IngestError where there
    is none.
    """
    if is_glob(folder, location):
        return _matches(folder, location)
    path = folder / location
    if not path.is_dir():
        if not path.exists():
            raise _missing(location)
        return (SourceFile(path=path, name=location),)
    found = tuple(
        SourceFile(path=file, name=_joined(location, file.relative_to(path)))
        for file in Workspace().glob(path, "**/*")
        if any(suffix in suffixes for suffix in file.suffixes[-2:])
    )
    if not found:
        raise IngestError(
            f"the folder `{location}` holds no file that ends in {_alternatives(suffixes)}",
            help=None,
            place=location,
        )
    return found


def hash_file(file: SourceFile) -> HashedFile:
    """Read a file through. Raises IngestError where it cannot be read."""
    try:
        before = file.path.stat()
        with file.path.open("rb", buffering=0) as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise unreadable(file.name, error) from error
    return HashedFile(file=file, sha256=sha256, size=before.st_size, modified=before.st_mtime_ns)


def unreadable(name: str, error: OSError) -> IngestError:
    """Return the error for a file that cannot be read."""
    if isinstance(error, FileNotFoundError):
        return _missing(name)
    reason = error.strerror or type(error).__name__
    return IngestError(
        f"`{name}` cannot be read: {reason[:1].lower()}{reason[1:]}", help=None, place=name
    )


def _matches(folder: Path, pattern: str) -> tuple[SourceFile, ...]:
    fixed, rest = _split_pattern(pattern)
    start = folder / fixed
    try:
        paths = Workspace().glob(start, rest)
    except (ValueError, NotImplementedError) as error:
        raise IngestError(f"`{pattern}` is not a pattern", help=None, place=pattern) from error
    found = tuple(
        SourceFile(path=path, name=_joined(fixed, path.relative_to(start))) for path in paths
    )
    if not found:
        raise IngestError(f"no file matches `{pattern}`", help=None, place=pattern)
    return found


def _split_pattern(pattern: str) -> tuple[str, str]:
    """Cut off the leading folders without wildcards, which may be absolute or lead upward."""
    names = pattern.split("/")
    end = next(index for index, name in enumerate(names) if _GLOB & set(name))
    fixed = "/".join(names[:end])
    return (fixed or ("/" if pattern.startswith("/") else ".")), "/".join(names[end:])


def _joined(location: str, relative: Path) -> str:
    prefix = "" if location == "." else location.rstrip("/") + "/"
    return prefix + relative.as_posix()


def _missing(location: str) -> IngestError:
    return IngestError(f"there is no `{location}`", help=None, place=location)


def _alternatives(suffixes: tuple[str, ...]) -> str:
    shown = [f"`{suffix}`" for suffix in suffixes]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
