"""Where everything lies in a store: pure functions from what it is to its key."""

from __future__ import annotations

import re
from hashlib import sha256 as _sha256

from ...compiler.point import Point, point_path

STORE = "store.json"
PIPELINES = "pipelines/"
REUSE = "reuse/"
RUNS = "runs/"

GONE = ".gone"
"""The end of the name of a version's manifest that `gc` has put out of use, in place of `.json`."""

DAMAGED = ".damaged"
"""The end of the name of a damaged record that `fsck` has set aside, in place of `.json`."""

ALIVE = "alive"
"""The name of what a run touches as long as it is under way, beside its records; it is empty."""

_NUMBERED = re.compile(r"(\d{10})\.json\Z", re.ASCII)
_ASIDE = re.compile(r"(\d{10})(?:\.gone|\.damaged)\Z", re.ASCII)
_RUN = re.compile(r"(\d{4})(\d\d)(\d\d)-\d{6}-[0-9a-f]{6,}\Z", re.ASCII)
_LONGEST = 180
"""Bytes of a point's folder; file systems allow 255."""


def object_key(sha256: str) -> str:
    """Return the key of an object by the sha256 of its bytes in hexadecimal."""
    return f"objects/sha256/{sha256[:2]}/{sha256}"


def numbered(number: int) -> str:
    """Return the name of the record with this number; numbers count from 1."""
    return f"{number:010d}.json"


def number_of(name: str) -> int | None:
    """Return the number of a record by its name, or None where the name is not a record's."""
    matched = _NUMBERED.match(name)
    return int(matched[1]) if matched else None


def number_aside(name: str) -> int | None:
    """Return the number of a record that was put aside; no later record ever takes it."""
    matched = _ASIDE.match(name)
    return int(matched[1]) if matched else None


def artifacts_of(pipeline: str) -> str:
    """Return the prefix of a pipeline's artifacts."""
    return f"{PIPELINES}{pipeline}/artifacts/"


def tags_of(pipeline: str, artifact: str) -> str:
    """Return the prefix of an artifact's tags; each is a folder of its moves."""
    return f"{PIPELINES}{pipeline}/tags/{artifact}/"


def versions_of(pipeline: str, artifact: str, point: Point) -> str:
    """Return the prefix of the version manifests of an artifact at a point."""
    folder = f"{artifacts_of(pipeline)}{artifact}/"
    return f"{folder}{point_folder(point)}/" if point else folder


def version_key(pipeline: str, artifact: str, point: Point, number: int) -> str:
    """Return the key of a version manifest."""
    return versions_of(pipeline, artifact, point) + numbered(number)


def point_folder(point: Point) -> str:
    """Return a point as one component of a key.

    It is `point_path`, cut and marked with `~` and a hash where that is too long for a name, or
    has capitals, which some file systems take for small letters. `~` is never in a point's path
    but between encoded quotes, so no two points share a folder.
    """
    path = point_path(point)
    if path == path.lower() and len(path) <= _LONGEST:
        return path
    return f"{path[:_LONGEST]}~{_sha256(path.encode()).hexdigest()[:16]}"


def reuse_of(fingerprint: str) -> str:
    """Return the prefix of the reuse records of a fingerprint, `scheme:hex`."""
    return f"{REUSE}{_hex(fingerprint)}/"


def contract_key(contract: str, content: str) -> str:
    """Return the key of the report of a content against a contract, both `scheme:hex`."""
    return f"contracts/{_hex(contract)}/{_hex(content)}.json"


def run_of(run: str) -> str:
    """Return the prefix of a run's records. Raises ValueError where `run` is no run's name."""
    matched = _RUN.match(run)
    if matched is None:
        raise ValueError(f"{run!r} is not the name of a run")
    return f"{RUNS}{matched[1]}-{matched[2]}-{matched[3]}/{run}/"


def _hex(digest: str) -> str:
    return digest.rpartition(":")[2]
