"""Keys that are unknown or missing, as diagnostics."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from collections.abc import Sequence as SequenceOf
from dataclasses import replace
from typing import Any, get_args

from ..codes import shape as codes
from ..diagnostic import Diagnostic, Fix, Label
from ..document import Mapping, Node, Scalar
from ..fixing.rename import rename
from ..spec import ArtifactKind
from ..suggest import closest
from .body import BODIES
from .parameter import type_of
from .place import Location, Place, locate
from .words import LATER_KEYS, MEANT_KEYS, article, choice

_ENTRY_POINT = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_]*\Z")


def unknown_key(
    start: Place, location: Location, missing: SequenceOf[str]
) -> tuple[Diagnostic, str | None]:
    """Say that a key is unknown here, and return the key that was probably meant.

    Where it is like none, that is the only one of `missing`, if it takes such a value.
    """
    owner, place = locate(start, location[:-1]), locate(start, location)
    key, label = place.key, Label(span=place.key_span)
    noun = str(owner.schema.get("title") or owner.words)
    if key in LATER_KEYS.get(noun, ()):
        what = "a source from another pipeline" if noun == "source" else f"`{key}`"
        message = f"{what} is not supported yet"
        return Diagnostic(code=codes.NOT_SUPPORTED_YET, message=message, primary=label), None
    kinds = _kinds_with(key) if noun in get_args(ArtifactKind) else []
    if kinds:
        message = f"`{key}` belongs to {' or '.join(map(article, kinds))}, not {article(noun)}"
        return Diagnostic(code=codes.MISPLACED_KEY, message=message, primary=label), None
    known = owner.schema.get("properties", {})
    entries = owner.node.entries if isinstance(owner.node, Mapping) else ()
    written = {entry.key for entry in entries}
    unwritten = [name for name in known if name not in written]
    suggestion = meant_key(noun, key, unwritten) or _only(missing, known, place.node)
    if noun == "transformation" and (suggestion is None or suggestion in BODIES):
        suggestion = _meant_body(suggestion, place.node, written)
    says_nothing = noun == "transformation" and not BODIES & written
    free = [name for name in unwritten if name in BODIES] if says_nothing else unwritten
    diagnostic = Diagnostic(
        code=codes.UNKNOWN_KEY,
        message=f"`{key}` is not a key of {article(noun)}",
        primary=label,
        help=f"did you mean `{suggestion}`?" if suggestion else choice(free),
        fixes=_key_fix(place, suggestion, noun, known),
    )
    return diagnostic, suggestion


def meant_key(noun: str, key: str, unwritten: Iterable[str]) -> str | None:
    """Return the key that an unknown one was probably meant for: a word of another tool's first."""
    free = list(unwritten)
    meant = MEANT_KEYS.get(noun, {}).get(key)
    return meant if meant in free else closest(key, free)


def _key_fix(
    place: Place, suggestion: str | None, noun: str, known: dict[str, Any]
) -> tuple[Fix, ...]:
    """Return the fix of a key's name; in doubt where its value is not what the other key takes."""
    fixes = rename(place.key_span, place.key, suggestion, known, of_language=True)
    is_word_of_others = MEANT_KEYS.get(noun, {}).get(place.key) == suggestion
    takes = known.get(str(suggestion), {}).get("type")
    fits = takes is None or _fits(place.node, takes)
    return tuple(
        replace(fix, is_certain=fits and (fix.is_certain or is_word_of_others)) for fix in fixes
    )


def _meant_body(suggestion: str | None, node: Node, written: Collection[str]) -> str | None:
    """Return what a transformation does by an unknown key: an entry point is told by its form."""
    is_entry_point = isinstance(node, Scalar) and _ENTRY_POINT.match(str(node.value))
    return "python" if is_entry_point and not BODIES & set(written) else suggestion


def _only(missing: SequenceOf[str], known: dict[str, Any], node: Node) -> str | None:
    takes = known.get(missing[0], {}).get("type", ()) if len(missing) == 1 else ()
    return missing[0] if takes and _fits(node, takes) else None


def _fits(node: Node, takes: str | list[str]) -> bool:
    """Whether a value is of a type that a key takes."""
    written = _type_of(node)
    # A single word is an entry that lacks its brackets, which is mended next.
    return written in takes or {"integer": "number", "string": "array"}.get(written, "-") in takes


def _type_of(node: Node) -> str:
    """Return the type of a node as JSON Schema calls it."""
    if isinstance(node, Scalar) and node.value is None:
        return "null"
    kind = type_of(node)
    return {"mapping": "object", "list": "array"}.get(kind, kind)


def missing_key(start: Place, owner: Location, key: str) -> Diagnostic:
    """Say that a key is missing; the place is the key of what should have it."""
    place = locate(start, owner)
    return Diagnostic(
        code=codes.MISSING_KEY,
        message=f"{place.words} has no `{key}`",
        primary=Label(span=place.key_span),
        help=f"add `{key}:`",
    )


def _kinds_with(key: str) -> list[str]:
    from ..model.items import item_schema

    kinds: tuple[ArtifactKind, ...] = get_args(ArtifactKind)
    return [kind for kind in kinds if key in item_schema(kind)["properties"]]
