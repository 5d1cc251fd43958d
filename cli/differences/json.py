"""Differences as JSON."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ...compiler.point import point_text

if TYPE_CHECKING:
    from ...runtime.compare.metrics import MetricChange, MetricsDifference
    from ...runtime.compare.tables import TableDifference
    from ...runtime.compare.versions import Difference
    from ...runtime.store.records import Version


def pair_record(
    old: Version | None, new: Version | None, difference: Difference | None
) -> dict[str, Any]:
    """Return what is different between two versions; one of them may be None."""
    from ...runtime.compare.metrics import MetricsDifference
    from ...runtime.compare.tables import TableDifference

    one = new or old
    assert one is not None, "a pair has a version"
    found: dict[str, Any] = {
        "kind": one.content.kind,
        "old": _side(old),
        "new": _side(new),
        "identical": old is not None and new is not None and difference is None,
    }
    if difference is None:
        return found
    if isinstance(difference, MetricsDifference):
        return found | _metrics(difference)
    if isinstance(difference, TableDifference):
        return found | _table(difference)
    return found | {"files": [asdict(change) for change in difference.changes]}


def _side(version: Version | None) -> dict[str, Any] | None:
    if version is None:
        return None
    return {
        "pipeline": version.pipeline,
        "artifact": version.artifact,
        "point": point_text(version.point),
        "version": version.number,
        "digest": version.content.digest,
        "rows": version.content.rows,
        "bytes": version.content.size,
        "run": version.run,
    }


def _metrics(difference: MetricsDifference) -> dict[str, Any]:
    return {
        "metrics": [metric_record(change) for change in difference.changes],
        "same": difference.same,
    }


def metric_record(change: MetricChange) -> dict[str, Any]:
    """Return a metric that is not what it was."""
    return asdict(change) | {
        "old": None if change.old is None else plain(json.loads(change.old)),
        "new": None if change.new is None else plain(json.loads(change.new)),
    }


def _table(difference: TableDifference) -> dict[str, Any]:
    return {
        "columns": [asdict(change) for change in difference.columns],
        "reordered": difference.is_reordered,
        "key": list(difference.key),
        "note": difference.note,
        "rows": {
            "old": difference.old_rows,
            "new": difference.new_rows,
            "added": difference.added,
            "removed": difference.removed,
            "changed": difference.changed,
            "same": difference.same,
        },
        "values": [asdict(one) for one in difference.values],
        "sample": [
            {
                "change": row.change,
                "key": {name: plain(value) for name, value in row.key},
                "position": row.position,
                "values": {
                    name: {"old": plain(old), "new": plain(new)} for name, old, new in row.cells
                },
            }
            for row in difference.rows
        ],
    }


def plain(value: Any) -> Any:
    """Return a value that JSON has: the words `NaN`, `Infinity` and `-Infinity` as texts."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value
