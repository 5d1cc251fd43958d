"""Pairs of versions and what is different between them, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...compiler.point import point_text, with_point
from .text import files_table, metrics_table, table_text

if TYPE_CHECKING:
    from ...runtime.compare.metrics import MetricsDifference
    from ...runtime.compare.versions import Difference
    from ...runtime.store.records import Version

    Pair = tuple[Version | None, Version | None, Difference | None]


def pairs_text(pairs: list[Pair]) -> str:
    """Write all pairs: metrics of many points as one table, anything else one after another."""
    from ...runtime.compare.metrics import MetricsDifference

    if len(pairs) > 1 and any(isinstance(pair[2], MetricsDifference) for pair in pairs):
        return _metrics_of_points(pairs)
    return "\n\n".join(_pair(*pair) for pair in pairs)


def _pair(old: Version | None, new: Version | None, difference: Difference | None) -> str:
    from ...runtime.compare.metrics import MetricsDifference
    from ...runtime.compare.tables import TableDifference

    title = _title(old, new)
    if old is None or new is None:
        return title
    if difference is None:
        return f"{title}: identical"
    if isinstance(difference, MetricsDifference):
        changes = [("", change) for change in difference.changes]
        body = f"{metrics_table(changes)}{_same(difference)}"
    elif isinstance(difference, TableDifference):
        body = table_text(difference)
    else:
        body = files_table(difference)
    return f"{title}\n\n{body}"


def _title(old: Version | None, new: Version | None) -> str:
    if old is None or new is None:
        one = old or new
        assert one is not None, "a pair has a version"
        return f"{_name(one)}@{one.number}: {'gone' if new is None else 'new'}"
    if _name(old) == _name(new):
        return f"{_name(old)}@{old.number} → @{new.number}"
    return f"{_name(old)}@{old.number} → {_name(new)}@{new.number}"


def _name(version: Version) -> str:
    return with_point(f"{version.pipeline}/{version.artifact}", version.point)


def _metrics_of_points(pairs: list[Pair]) -> str:
    from ...runtime.compare.metrics import MetricsDifference

    changes = [
        (point_text(new.point), change)
        for _, new, difference in pairs
        if new is not None and isinstance(difference, MetricsDifference)
        for change in difference.changes
    ]
    identical = sum(1 for old, new, found in pairs if old and new and found is None)
    lines = [_name_of_all(pairs), "", metrics_table(changes)]
    alone = [_title(old, new) for old, new, _ in pairs if old is None or new is None]
    lines += ["", *alone] if alone else []
    if identical:
        lines.append(f"{identical} of {len(pairs)} points are identical")
    return "\n".join(lines)


def _name_of_all(pairs: list[Pair]) -> str:
    from ..fold import fold_numbers

    both = [(old, new) for old, new, _ in pairs if old is not None and new is not None]
    olds, news = zip(*both, strict=True)
    before, after = (f"{each[0].pipeline}/{each[0].artifact}" for each in (olds, news))
    numbers = [fold_numbers([one.number for one in each]) for each in (olds, news)]
    return f"{before}@{numbers[0]} → {'' if before == after else after}@{numbers[1]}"


def _same(difference: MetricsDifference) -> str:
    return f"\n{difference.same} more the same" if difference.same else ""
