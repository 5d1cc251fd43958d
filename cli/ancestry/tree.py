"""A lineage as a tree of text: points and versions of one artifact folded into one line."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...compiler.point import AxisValue, key_of, parse_point
from ..fold import fold_versions
from ..terminal import short, table

if TYPE_CHECKING:
    from ...runtime.lineage.graph import Lineage, VersionKey
    from ...runtime.lineage.origin import Origin
    from ...runtime.store.records import Version

    Group = tuple[VersionKey, ...]
    Origins = Callable[[Version], Origin | None]

_LONGEST = 60
_UNKNOWN = "(unknown: no record tells)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line that is still to be drawn: its group below its parents' bars."""

    group: Group
    bars: str
    tip: str
    note: str


def draw_tree(lineage: Lineage, *, upward: bool, origins: Origins) -> str:
    """Return a tree under the roots: their inputs where `upward`, else what was made of them."""
    return _Drawing(lineage, upward=upward, origins=origins).text()


class _Drawing:
    def __init__(self, lineage: Lineage, *, upward: bool, origins: Origins) -> None:
        self._lineage = lineage
        self._versions = dict(lineage.versions)
        self._origins = origins
        self._unknown = set(lineage.unknown) if upward else set()
        self._cut = set(lineage.cut)
        self._pipelines = {key[0] for key, _ in lineage.versions}
        self._beside: dict[VersionKey, list[VersionKey]] = {}
        for edge in lineage.edges:
            start, end = (edge.target, edge.source) if upward else (edge.source, edge.target)
            self._beside.setdefault(start, []).append(end)

    def text(self) -> str:
        """Return all lines, depth first; a group that was drawn before is not drawn out again."""
        rows: list[tuple[str, str, str, str]] = []
        drawn: set[VersionKey] = set()
        roots = self._grouped(self._lineage.roots)
        left = [_Line(group=group, bars="", tip="", note="") for group in reversed(roots)]
        while left:
            line = left.pop()
            if line.note:
                rows.append((f"{line.bars}{line.tip}{line.note}", "", "", ""))
                continue
            below = self._below(line.group)
            is_known = bool(below) and drawn.issuperset(line.group)
            rows.append(self._row(line, is_known=is_known))
            drawn.update(line.group)
            if not is_known:
                left += reversed(self._children(line, below))
        return table(rows, head=("VERSION", "DIGEST", "MADE BY", "IN RUN"))

    def _children(self, line: _Line, below: list[Group]) -> list[_Line]:
        """Return the lines under a line."""
        notes = [_UNKNOWN] if self._unknown.intersection(line.group) else []
        notes += ["…"] if self._cut.intersection(line.group) else []
        whole: list[tuple[Group, str]] = [(group, "") for group in below]
        whole += [((), note) for note in notes]
        is_root = not line.tip
        bars = line.bars if is_root else line.bars + ("│  " if line.tip == "├─ " else "   ")
        return [
            _Line(
                group=group,
                bars=bars,
                tip="└─ " if index == len(whole) - 1 else "├─ ",
                note=note,
            )
            for index, (group, note) in enumerate(whole)
        ]

    def _below(self, group: Group) -> list[Group]:
        found = dict.fromkeys(other for key in group for other in self._beside.get(key, ()))
        return self._grouped(found)

    def _grouped(self, keys: Sequence[VersionKey] | dict[VersionKey, None]) -> list[Group]:
        """Put the versions of one artifact together, those that are gone apart."""
        found: dict[tuple[str, str, bool], list[VersionKey]] = {}
        for key in keys:
            found.setdefault((key[0], key[1], self._versions[key] is None), []).append(key)
        return [tuple(sorted(group, key=_order)) for group in found.values()]

    def _row(self, line: _Line, *, is_known: bool) -> tuple[str, str, str, str]:
        is_plain = bool(line.tip) and len(self._pipelines) == 1
        name = group_label(line.group, with_pipeline=not is_plain, counted=False)
        label = f"{line.bars}{line.tip}{name}"
        digests = {key[4] for key in line.group}
        digest = short(digests.pop()) if len(digests) == 1 else f"{len(line.group)} versions"
        if is_known:
            return label, digest, "(above)", ""
        versions = [found for key in line.group if (found := self._versions[key]) is not None]
        if not versions:
            return label, digest, "(gone from the store)", ""
        return label, digest, self._made_by(versions), _runs(versions)

    def _made_by(self, versions: list[Version]) -> str:
        version = versions[0]
        if not version.task:
            places = dict.fromkeys(one.location for one in versions)
            known = [place for place in places if place is not None]
            return ", ".join(known[:2]) + (", …" if len(known) > 2 else "") or "a source"
        if len(versions) > 1:
            return " ".join(dict.fromkeys(one.task.partition("[")[0] for one in versions))
        name, _, _ = version.task.partition("[")
        origin = self._origins(version)
        return name if origin is None else f"{name}{_arguments(origin)}"


def group_label(group: Group, *, with_pipeline: bool = True, counted: bool = True) -> str:
    """Write a group of versions of one artifact: `chain/scores[depth=2,4]@1`.

    Where not `counted`, how many they are is said elsewhere.
    """
    pipeline, artifact, point, number, digest = group[0]
    name = f"{pipeline}/{artifact}" if with_pipeline else artifact
    if number:
        versions = [(parse_point(key[2]), key[3]) for key in group]
        return fold_versions(name, versions, counted=counted)
    more = f" and {len(group) - 1} more" if len(group) > 1 else ""
    return f"{name}{f'[{point}]' if point else ''}@{short(digest)}{more}"


def _order(key: VersionKey) -> tuple[list[tuple[str, tuple[str, AxisValue]]], int, str]:
    """Sort by point, numbers before strings, then by number."""
    return [(axis, key_of(value)) for axis, value in parse_point(key[2])], key[3], key[4]


def _runs(versions: list[Version]) -> str:
    """Name the run that computed versions, which may not be the one that published them."""
    runs = sorted({one.reused_from or one.run for one in versions})
    return runs[0] if len(runs) == 1 else f"{len(runs)} runs"


def _arguments(origin: Origin) -> str:
    """Write arguments as in a call: `(depth=4, rate=0.1)`, cut where they are long."""
    values = json.loads(origin.arguments)
    inside = ", ".join(f"{name}={json.dumps(values[name], ensure_ascii=False)}" for name in values)
    if not inside:
        return ""
    inside = " ".join(inside.split())
    if len(inside) > _LONGEST:
        inside = f"{inside[: _LONGEST - 1]}…"
    return f"({inside})"
