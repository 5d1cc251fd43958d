"""A lineage as JSON: every version by itself, nothing folded."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...runtime.lineage.graph import Lineage, VersionKey
    from ...runtime.lineage.origin import Origin
    from ...runtime.store.records import Version


def lineage_record(
    lineages: dict[str, Lineage], *, origins: Callable[[Version], Origin | None]
) -> dict[str, Any]:
    """Return the lineages by direction as one graph of versions by name."""
    from ...runtime.lineage.graph import name_of

    versions: dict[VersionKey, Version | None] = {}
    edges: dict[tuple[str, str, str], None] = {}
    for lineage in lineages.values():
        versions.update(lineage.versions)
        for edge in lineage.edges:
            edges[name_of(edge.source), name_of(edge.target), edge.parameter] = None
    roots = next(iter(lineages.values())).roots
    unknown = {key for one in lineages.values() for key in one.unknown}
    cut = {key for one in lineages.values() for key in one.cut}
    return {
        "roots": [name_of(key) for key in roots],
        "versions": [_version(key, one, origins) for key, one in versions.items()],
        "edges": [
            {"from": source, "to": target, "parameter": parameter}
            for source, target, parameter in edges
        ],
        "unknown": [name_of(key) for key in versions if key in unknown],
        "cut": [name_of(key) for key in versions if key in cut],
    }


def _version(
    key: VersionKey, version: Version | None, origins: Callable[[Version], Origin | None]
) -> dict[str, Any]:
    from ...runtime.lineage.graph import name_of

    pipeline, artifact, point, number, digest = key
    found: dict[str, Any] = {
        "name": name_of(key),
        "pipeline": pipeline,
        "artifact": artifact,
        "point": point,
        "version": number or None,
        "digest": digest,
    }
    if version is None:
        return found | {"kind": None, "source": None, "run": None, "task": None, "made": None}
    origin = origins(version)
    return found | {
        "kind": version.content.kind,
        "source": version.location,
        "run": version.run,
        "reused_from": version.reused_from,
        "created": version.created,
        "task": version.task or None,
        "made": None if origin is None else _origin(origin),
    }


def _origin(origin: Origin) -> dict[str, Any]:
    return {
        "kind": origin.kind,
        "call": origin.call,
        "arguments": json.loads(origin.arguments),
        "seed": origin.seed,
        "code": origin.code,
        "environment": origin.environment,
    }
