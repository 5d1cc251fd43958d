"""What an artifact's content is, apart from who made it when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..compiler.canonical import CanonicalValue, Digest
from ..compiler.spec import ArtifactKind

Layout = Literal["table", "file", "folder"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One object of a content.

    `sha256` addresses the object, `size` is in bytes. `rows` is set for a part of a table. `path`
    is the member's path in a folder, with `/`; empty otherwise. An empty folder is a part whose
    `sha256` is empty.
    """

    sha256: str
    size: int
    rows: int | None
    path: str
    executable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything that is needed to read a value back.

    `digest` names the content: `table1:` (logical) for tables, `tree1:` for folders, `sha256:` for
    single files and metrics. `parts` are in order (rows of a table; paths of a folder, sorted).
    `schema` gives a table's column names and canonical types. `suffix` is that of a single file.
    """

    kind: ArtifactKind
    layout: Layout
    digest: Digest
    parts: tuple[Part, ...]
    rows: int | None
    schema: tuple[tuple[str, str], ...] | None
    suffix: str

    @property
    def size(self) -> int:
        """Bytes of all parts."""
        return sum(part.size for part in self.parts)


def content_record(content: Content) -> dict[str, CanonicalValue]:
    """Return a content as a canonical value, for manifests and records."""
    return {
        "kind": content.kind,
        "layout": content.layout,
        "digest": content.digest,
        "parts": [_part_record(part) for part in content.parts],
        "rows": content.rows,
        "schema": None if content.schema is None else [list(pair) for pair in content.schema],
        "suffix": content.suffix,
    }


def _part_record(part: Part) -> dict[str, CanonicalValue]:
    record: dict[str, CanonicalValue] = {"object": part.sha256, "size": part.size}
    if part.rows is not None:
        record["rows"] = part.rows
    if part.path:
        record["path"] = part.path
    if part.executable:
        record["executable"] = True
    return record
