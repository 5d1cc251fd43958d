"""What is named of sections that could not be read, so that no such name is called unknown."""

from __future__ import annotations

import re

from ..document import Mapping, Node, Scalar, Sequence
from . import read

_PARAMETER = re.compile(r"\bparameters\s*\.\s*([a-z][a-z0-9_]*)")
_OPTIONAL = ("parameters", "environments")


def names_in_unread_sections(root: Mapping) -> frozenset[str]:
    """Return the names that what is readable takes from sections that are no mappings."""
    unread = {
        section
        for section in ("parameters", "environments", "artifacts", "transformations")
        if not isinstance(node := root.get(section), Mapping)
        and not (node is None and section in _OPTIONAL and not _is_misspelt(root))
    }
    names: set[str] = set()
    if "parameters" in unread:
        names.update(_PARAMETER.findall(root.span.source.text))
    if "transformations" in unread:
        names.update(_keys(root.get("artifacts")))
    for _, transformation in read.pairs(root.get("transformations")):
        values = read.fields(transformation)
        if "environments" in unread:
            names.add(read.text(values.get("environment")))
        if "artifacts" in unread:
            for key in ("inputs", "gather", "outputs"):
                names.update(_artifacts(values.get(key)))
    return frozenset(names)


def _is_misspelt(root: Mapping) -> bool:
    """Whether a key of the top level is unknown, which may be an optional section's."""
    known = {"reprocc", "name", "description", "seed", "code", "parameters", "environments"}
    known |= {"artifacts", "transformations", "$schema"}
    return any(entry.key not in known and not entry.key.startswith("x-") for entry in root.entries)


def _keys(node: Node | None) -> frozenset[str]:
    return frozenset(name.text for name, _ in read.pairs(node))


def _artifacts(node: Node | None) -> frozenset[str]:
    """Return the artifacts that `inputs`, `gather` or `outputs` name."""
    items: tuple[Node, ...] = ()
    if isinstance(node, Sequence):
        items = node.items
    elif isinstance(node, Mapping):
        items = tuple(entry.value for entry in node.entries)
    named = (
        item if isinstance(item, Scalar) else read.fields(item).get("artifact") for item in items
    )
    return frozenset(read.text(name) for name in named)
