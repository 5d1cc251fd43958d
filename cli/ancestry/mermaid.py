"""A lineage as a Mermaid flowchart: one box for the versions of an artifact on either side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .tree import group_label

if TYPE_CHECKING:
    from ...runtime.lineage.graph import Lineage, VersionKey
    from ...runtime.store.records import Version

_Box = tuple[str, str, str]
"""Pipeline, artifact, and the side on which its versions lie."""

# Quotes end a label, a `#` begins an entity, `<` and `&` are HTML, a backtick begins Markdown.
_ESCAPED = {character: f"#{ord(character)};" for character in '"#<>&`\\'}
_TABLE = str.maketrans({**_ESCAPED, "\n": " ", "\r": " ", "\t": " "})


def draw_mermaid(lineages: dict[str, Lineage]) -> str:
    """Return a flowchart from left to right of the lineages by direction, `up` and `down`."""
    boxes: dict[_Box, list[VersionKey]] = {}
    versions: dict[VersionKey, Version | None] = {}
    roots = {key for lineage in lineages.values() for key in lineage.roots}
    arrows: dict[tuple[_Box, _Box, str], None] = {}
    for side, lineage in lineages.items():
        versions.update(lineage.versions)
        for key, _ in lineage.versions:
            members = boxes.setdefault(_box(key, side, roots), [])
            if key not in members:
                members.append(key)
        for edge in lineage.edges:
            maker = versions[edge.target]
            made_by = "" if maker is None else maker.task.partition("[")[0]
            arrows[_box(edge.source, side, roots), _box(edge.target, side, roots), made_by] = None
    names = {box: f"v{number}" for number, box in enumerate(boxes)}
    lines = ["flowchart LR"]
    lines += [f"  {names[box]}{_shape(keys, versions)}" for box, keys in boxes.items()]
    for source, target, made_by in arrows:
        label = f'|"{escape(made_by)}"|' if made_by else ""
        lines.append(f"  {names[source]} -->{label} {names[target]}")
    lines += [f"  style {names[box]} stroke-width:3px" for box in boxes if box[2] == "root"]
    return "\n".join(lines)


def escape(text: str) -> str:
    """Return a text as it stands between the quotes of a label."""
    return text.translate(_TABLE)


def _box(key: VersionKey, side: str, roots: set[VersionKey]) -> _Box:
    return key[0], key[1], "root" if key in roots else side


def _shape(keys: list[VersionKey], versions: dict[VersionKey, Version | None]) -> str:
    """Return a box's label: rounded for what comes from outside."""
    label = escape(group_label(tuple(keys)))
    first = versions[keys[0]]
    if first is None:
        return f'["{label}<br/>gone from the store"]'
    if first.task:
        return f'["{label}"]'
    place = f"<br/>{escape(first.location)}" if first.location is not None else ""
    return f'(["{label}{place}"])'
