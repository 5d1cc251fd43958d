"""A source before it is converted: which files it is, what they hold, and its fingerprint."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...compiler.canonical import CanonicalValue, Digest, Json, digest_of, encode_text
from ...compiler.fingerprint import Fingerprint
from ...compiler.plan import Artifact, SourceBinding
from ..codecs.files import local_digest
from ..codecs.unstorable import Unstorable
from ..store.backend import StoreError
from .files import (
    HashedFile,
    IngestError,
    SourceFile,
    hash_file,
    source_files,
    source_path,
    unreadable,
)

_CONVERSION = 1
"""Raised whenever the same files would be converted to something else."""

_SUFFIXES = {
    "csv": (".csv", ".tsv"),
    "parquet": (".parquet", ".pq"),
    "jsonl": (".jsonl", ".ndjson"),
    "arrow": (".arrow", ".feather", ".ipc"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """A source before it is converted: its files as they are now, and their fingerprint.

    `files` are the hashed files of a table or of a single file; `folder` is set instead where the
    source is kept as a folder. `identity` is the canonical JSON that the fingerprint, `ingest1:`,
    is taken over: the version of the conversion, kind, format, suffix, declared column types, key,
    and the digests of the files in order. Where they lie is no part of it.
    """

    artifact: Artifact
    binding: SourceBinding
    files: tuple[HashedFile, ...]
    folder: Path | None
    folder_digest: Digest | None
    format: str | None
    fingerprint: Fingerprint
    identity: Json


def examine(artifact: Artifact, binding: SourceBinding, *, folder: Path) -> Intake:
    """Read a source's files through and fingerprint them; nothing is converted or stored.

    Raises IngestError where a file is missing, cannot be read, or is not the one pinned.
    """
    files, tree, format_ = _find(artifact, binding, folder)
    hashed = tuple(hash_file(file) for file in files)
    tree_digest = None if tree is None else _folder_digest(tree, binding)
    _check_pin(binding, hashed, tree)
    digests = [file.sha256 for file in hashed] if tree_digest is None else [tree_digest]
    identity: dict[str, CanonicalValue] = {
        "conversion": _CONVERSION,
        "kind": artifact.kind,
        "format": _compressed_format(format_, files),
        "suffix": kept_suffix(artifact, files),
        "columns": [[column.name, column.type] for column in artifact.contract.columns],
        "key": list(artifact.contract.key),
        "files": digests,
    }
    return Intake(
        artifact=artifact,
        binding=binding,
        files=hashed,
        folder=tree,
        folder_digest=tree_digest,
        format=format_,
        fingerprint=Fingerprint(digest_of("ingest1", identity)),
        identity=encode_text(identity),
    )


def _find(
    artifact: Artifact, binding: SourceBinding, folder: Path
) -> tuple[tuple[SourceFile, ...], Path | None, str | None]:
    """Return a source's files, or the folder that it is kept as, and how a table is read."""
    location = binding.location
    if artifact.kind != "table":
        path = source_path(folder, location)
        if path.is_dir() and artifact.kind in ("checkpoint", "directory"):
            return (), path, None
        _refuse_wrong_layout(artifact, location, path)
        return (SourceFile(path=path, name=location),), None, None
    wanted = _SUFFIXES.get(artifact.format or "")
    if wanted is None:
        wanted = tuple(suffix for group in _SUFFIXES.values() for suffix in group)
    files = source_files(folder, location, suffixes=wanted)
    formats = {file.name: artifact.format or _format_of(file) for file in files}
    for name, found in formats.items():
        if found != formats[files[0].name]:
            raise IngestError(
                f"`{files[0].name}` and `{name}` have different formats",
                help="name the format with `format:`",
                place=location,
            )
    return files, None, formats[files[0].name]


def _refuse_wrong_layout(artifact: Artifact, location: str, path: Path) -> None:
    if path.is_dir():
        problem = f"`{location}` is a folder, but a {artifact.kind} is one file"
    elif artifact.kind == "directory":
        problem = f"`{location}` is a file, but a directory is a folder"
    else:
        return
    raise IngestError(problem, help=None, place=location)


def _format_of(file: SourceFile) -> str:
    for suffix in reversed(file.path.suffixes[-2:]):
        for name, suffixes in _SUFFIXES.items():
            if suffix.lower() in suffixes:
                return name
    raise IngestError(
        f"the name `{file.name}` does not say how to read it",
        help="add `format: csv`, `parquet`, `jsonl` or `arrow` to the artifact",
        place=file.name,
    )


def _compressed_format(format_: str | None, files: Sequence[SourceFile]) -> CanonicalValue:
    """Name whatever of a table file's name decides how its bytes are read."""
    if format_ is None:
        return None
    return [format_, *(".".join(s.lower() for s in file.path.suffixes[-2:]) for file in files)]


def kept_suffix(artifact: Artifact, files: Sequence[SourceFile]) -> str:
    if artifact.kind == "table" or not files:
        return ""
    return artifact.suffix or files[0].suffix


def _folder_digest(folder: Path, binding: SourceBinding) -> Digest:
    try:
        return local_digest(folder)
    except Unstorable as error:
        raise IngestError(
            f"`{binding.location}`: {error.message}", help=None, place=binding.location
        ) from error
    except OSError as error:
        raise unreadable(os.fspath(error.filename or binding.location), error) from error
    except StoreError as error:
        raise IngestError(error.message, help=error.remedy, place=error.place) from error


def _check_pin(binding: SourceBinding, hashed: Sequence[HashedFile], folder: Path | None) -> None:
    if binding.sha256 is None:
        return
    if folder is not None or len(hashed) != 1:
        many = "a folder" if folder is not None else f"{len(hashed)} files"
        raise IngestError(
            f"`sha256` pins one file, but `{binding.location}` is {many}",
            help=None,
            place=binding.location,
        )
    wanted = binding.sha256.removeprefix("sha256:").lower()
    if hashed[0].sha256 != wanted:
        raise IngestError(
            f"`{binding.location}` is not the file that `sha256` pins",
            help=f"it is {hashed[0].sha256}, pinned is {wanted}",
            place=binding.location,
        )
