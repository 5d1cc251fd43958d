"""Tables: rows, columns, digests, and the first rows."""

from __future__ import annotations

from ...compiler.point import point_text
from ...runtime.description.description import Artifact, Description, Made, Preview
from ..terminal import size
from .markup import Markup, element, join
from .pieces import anchor, code, digest, folded, listing, note, plural, section

_MOST_POINTS = 100
_MOST_COLUMNS = 200


def tables_section(description: Description) -> Markup:
    """Return the section, or nothing where the run has no tables."""
    found = [one for one in description.artifacts if one.kind == "table" and one.made]
    if not found:
        return Markup("")
    return section("tables", "Tables", *[_artifact(one) for one in found])


def _artifact(artifact: Artifact) -> Markup:
    first = artifact.made[0]
    parts: list[str] = [element("h3", artifact.name, id=anchor("artifact", artifact.name))]
    if len(artifact.made) == 1:
        parts.append(element("p", join(_facts(artifact, first), " · ")))
    else:
        parts.append(_points(artifact))
    if first.content is not None and first.content.schema is not None:
        parts.append(_schema(first.content.schema))
    if first.preview is not None:
        parts.append(_preview(first, first.preview))
    elif first.lacks:
        parts.append(note(f"No preview: {first.lacks}."))
    return element("div", *parts, class_="artifact")


def _facts(artifact: Artifact, made: Made) -> list[str]:
    found: list[str] = []
    if artifact.source:
        found.append(join(["source ", code(artifact.source[0])]))
    if made.content is not None:
        found.append(plural(made.content.rows or 0, "row"))
        found.append(plural(len(made.content.schema or ()), "column"))
        found.append(size(made.content.size))
    if made.number is not None:
        found.append(f"version {made.number}")
    found.append(digest(made.digest))
    return found


def _points(artifact: Artifact) -> Markup:
    rows = [
        (
            point_text(one.point),
            "" if one.content is None else f"{one.content.rows or 0:,}",
            "" if one.content is None else size(one.content.size),
            "" if one.number is None else str(one.number),
            digest(one.digest),
        )
        for one in artifact.made[:_MOST_POINTS]
    ]
    left = artifact.count - len(rows)
    table = listing(
        ("point", "rows", "size", "version", "digest"),
        rows,
        caption=f"{artifact.name} at each point",
        right=(1, 2, 3),
    )
    more = note(f"{plural(left, 'more point')} not shown.") if left > 0 else ""
    return folded(plural(artifact.count, "point"), table, more)


def _schema(schema: tuple[tuple[str, str], ...]) -> Markup:
    table = listing(
        ("column", "type"),
        [(name, code(kind)) for name, kind in schema[:_MOST_COLUMNS]],
        caption="Columns in order",
    )
    left = len(schema) - _MOST_COLUMNS
    more = note(f"{plural(left, 'more column')} not shown.") if left > 0 else ""
    return folded(f"Schema: {plural(len(schema), 'column')}", table, more)


def _preview(made: Made, preview: Preview) -> Markup:
    kinds = dict(made.content.schema or ()) if made.content is not None else {}
    numbers = [
        index
        for index, name in enumerate(preview.columns)
        if kinds.get(name, "").startswith(("int", "uint", "float", "decimal"))
    ]
    left = preview.width - len(preview.columns)
    at = f" at {point_text(made.point)}" if made.point else ""
    shown = "row" if len(preview.rows) == 1 else f"{len(preview.rows)} rows"
    table = listing(
        preview.columns,
        [[_value(value) for value in row] for row in preview.rows],
        caption=f"The first {shown}{at}" if preview.rows else f"No rows{at}",
        right=numbers,
        label=-1,
    )
    more = note(f"{plural(left, 'more column')} not shown.") if left > 0 else ""
    return join([table, more])


def _value(value: str) -> str:
    return element("i", value) if value == "null" else value
