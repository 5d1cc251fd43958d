"""Something that is wrong in a store, and what was done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..store.backend import Stat
from .census import Entry

Kind = Literal[
    "store-mark",  # `store.json` is damaged
    "damaged-record",  # a record's seal, kind, types or place are wrong
    "newer-record",  # a later program wrote it
    "gap",  # a number is missing among versions, or moves of a tag
    "lost-target",  # a tag names a version that is not there
    "missing-object",  # a record names it, and it is not there
    "wrong-size",  # it is there with another size
    "damaged-object",  # its bytes have another sha256
    "killed-run",  # it has no end, and its process has
    "leftover",  # a process ended while it wrote
]
Severity = Literal["damage", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong.

    `key` is where; `severity` is `damage` where something is lost or may be, `note` for what a
    killed process leaves or what costs history alone. `size` is in bytes, or None. `named_by` says
    in words what builds upon it. `found` is what lies there, `entries` are the records that name
    it. `act` is what was done about it, or empty; `stays` says whether it is still wrong.
    """

    kind: Kind
    severity: Severity
    key: str
    message: str
    size: int | None = None
    named_by: tuple[str, ...] = ()
    found: Stat | None = None
    entries: tuple[Entry, ...] = ()
    act: str = ""
    stays: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check has looked at; sizes are in bytes. `orphans` are objects that nothing names."""

    findings: tuple[Finding, ...]
    records: int
    objects: int
    bytes: int
    orphans: int
    orphan_bytes: int

    @property
    def is_whole(self) -> bool:
        """Whether no damage stays."""
        return not any(one.stays and one.severity == "damage" for one in self.findings)
