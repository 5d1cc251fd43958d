"""What is reached of one file, and the digest of it, `reach1`.

The digest is of the canonical list of what counts, in the order of the file: of a statement its
syntax tree's digest; of a name that an import binds the digest `import1` of the module, the number
of dots, the name taken or null, and the name bound; of an import that makes other modules act,
whatever it binds, `["runs", modules …]`, and the former if it counts too. Names bound by imports
that follow on each other, none of which makes others act, are sorted unless two are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ...canonical import CanonicalValue, Digest, digest_of
from .parts import Part, Parts

SCHEME = "reach1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachedFile:
    """What counts of a file: its digest, the names it defines, and why all of it does if so."""

    digest: Digest
    definitions: frozenset[str]
    whole: str | None


@lru_cache(maxsize=65536)
def reached_file(
    parts: Parts,
    counted: frozenset[int],
    runs: tuple[tuple[int, tuple[str, ...]], ...],
    whole: str | None,
) -> ReachedFile | None:
    """Return what counts of a file, `counted` by index, or None where nothing does.

    `runs` are the imports, by index, that make modules act, and those that they ask for.
    """
    items = _items(parts, counted, dict(runs))
    if not items:
        return None
    definitions = frozenset(name for index in counted for name in parts.parts[index].defines)
    return ReachedFile(digest=digest_of(SCHEME, items), definitions=definitions - {""}, whole=whole)


def _items(
    parts: Parts, counted: frozenset[int], runs: Mapping[int, tuple[str, ...]]
) -> list[CanonicalValue]:
    items: list[CanonicalValue] = []
    together: list[Part] = []
    for part in map(parts.parts.__getitem__, sorted({*counted, *runs})):
        is_counted = part.index in counted
        if part.bound is not None and part.index not in runs:
            if is_counted:
                together.append(part)
            continue
        items.extend(_imports(together))
        together = []
        if part.bound is not None:
            items.append(["runs", *runs[part.index], *([part.digest] if is_counted else [])])
        elif is_counted:
            items.append(part.digest)
    items.extend(_imports(together))
    return items


def _imports(together: list[Part]) -> list[str]:
    """Return the digests of imports that follow on each other, in an order that does not matter."""
    digests = [part.digest for part in together]
    names = {part.bound.name for part in together if part.bound is not None}
    return sorted(digests) if len(names) == len(together) else digests
