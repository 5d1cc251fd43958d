"""What is different between two versions, whatever kind they are of."""

from __future__ import annotations

from dataclasses import dataclass

from ..store.backend import Backend
from ..store.records import Version
from .files import FileChange, compare_files
from .key import declared_key
from .metrics import MetricsDifference, compare_metrics
from .tables import TableDifference, compare_tables


class OtherKind(Exception):
    """The two versions are of different kinds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesDifference:
    """Files added, removed or changed."""

    changes: tuple[FileChange, ...]


Difference = MetricsDifference | TableDifference | FilesDifference


def compare_versions(
    backend: Backend, old: Version, new: Version, *, key: tuple[str, ...], limit: int
) -> Difference | None:
    """Return the differences; None where the digests are equal, and nothing is read.

    `key` names the columns by which rows of tables are told apart; where it is empty that is the
    key that the spec declares, of the new version or else of the old one. `limit` rows of each
    kind are shown. Raises OtherKind, NoKey for a `key` that cannot serve, StoreError.
    """
    if old.content.kind != new.content.kind:
        raise OtherKind
    if old.content.digest == new.content.digest:
        return None
    if old.content.kind == "metrics":
        from ..codecs.metrics import read_metrics

        return compare_metrics(
            read_metrics(backend, old.content), read_metrics(backend, new.content)
        )
    if old.content.layout != "table" or new.content.layout != "table":
        return FilesDifference(changes=compare_files(old.content, new.content))
    declared = key or declared_key(backend, new) or declared_key(backend, old)
    return compare_tables(
        backend, old.content, new.content, key=declared, is_key_given=bool(key), limit=limit
    )
