"""Checkpoints, files and folders: how many files, how large, which digest."""

from __future__ import annotations

from ...compiler.point import with_point
from ...runtime.description.description import Artifact, Description, Made
from ..terminal import size
from .markup import Markup, element, join
from .pieces import anchor, code, digest, folded, listing, note, plural, section

_KINDS = ("checkpoint", "file", "directory")
_MOST_ROWS = 200
_MOST_FILES = 50


def files_section(description: Description) -> Markup:
    """Return the section, or nothing where the run has no files but tables, metrics, figures."""
    found = [one for one in description.artifacts if one.kind in _KINDS and one.made]
    if not found:
        return Markup("")
    rows = [_row(artifact, index) for artifact in found for index in range(len(artifact.made))]
    left = sum(one.count for one in found) - min(len(rows), _MOST_ROWS)
    return section(
        "files",
        "Checkpoints and files",
        listing(
            ("artifact", "kind", "files", "size", "version", "digest"),
            rows[:_MOST_ROWS],
            caption="What is kept as files, byte for byte",
            right=(3, 4),
        ),
        note(f"{plural(left, 'more')} not shown.") if left > 0 else "",
    )


def _row(artifact: Artifact, index: int) -> tuple[str, ...]:
    made = artifact.made[index]
    place = anchor("artifact", artifact.name) if index == 0 else None
    return (
        element("span", with_point(artifact.name, made.point), id=place),
        artifact.kind,
        _files(made),
        size(made.content.size) if made.content is not None else "",
        "" if made.number is None else str(made.number),
        digest(made.digest),
    )


def _files(made: Made) -> str:
    if made.content is None:
        return made.lacks
    if made.content.layout != "folder":
        return join(["one file ", code(made.content.suffix)]) if made.content.suffix else "one file"
    parts = [part for part in made.content.parts if part.sha256]
    listed = [element("li", code(part.path), f" {size(part.size)}") for part in parts[:_MOST_FILES]]
    left = len(parts) - len(listed)
    more = Markup(f"<li>and {plural(left, 'more file')}</li>") if left > 0 else Markup("")
    return folded(plural(len(parts), "file"), element("ul", *listed, more, class_="plain"))
