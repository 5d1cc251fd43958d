"""Mistakes in the shape of an item, as diagnostics."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, get_args

from ..codes import shape as codes
from ..diagnostic import Code, Diagnostic, Edit, Fix, Label
from ..document import Mapping, Scalar, Sequence
from ..spec import ArtifactKind
from ..suggest import closest
from .place import Location, Place, locate
from .words import LATER_FORMS, LATER_KEYS, LATER_VALUES, MEANT_KEYS, article, described

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_CODES = {code.name: code for code in vars(codes).values() if isinstance(code, Code)}
_EXPECTED = {
    "string_type": "a text",
    "bool_type": "`true` or `false`",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
}
_LONGEST_HEADLINE = 80


def unknown_key(start: Place, location: Location) -> tuple[Diagnostic, str | None]:
    """Say that a key is unknown here, and return the key that was probably meant."""
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
    written = {entry.key for entry in owner.node.entries} if isinstance(owner.node, Mapping) else ()
    unwritten = [name for name in known if name not in written]
    suggestion = meant_key(noun, key, unwritten)
    fix = Fix(
        title=f"Write `{suggestion}`", edits=(Edit(span=place.key_span, text=str(suggestion)),)
    )
    diagnostic = Diagnostic(
        code=codes.UNKNOWN_KEY,
        message=f"`{key}` is not a key of {article(noun)}",
        primary=label,
        help=f"did you mean `{suggestion}`?" if suggestion else _choice(unwritten),
        fixes=(fix,) if suggestion else (),
    )
    return diagnostic, suggestion


def meant_key(noun: str, key: str, unwritten: Iterable[str]) -> str | None:
    """Return the key that an unknown one was probably meant for: a word of another tool's first."""
    free = list(unwritten)
    meant = MEANT_KEYS.get(noun, {}).get(key)
    return meant if meant in free else closest(key, free)


def missing_key(start: Place, owner: Location, key: str) -> Diagnostic:
    """Say that a key is missing; the place is the key of what should have it."""
    place = locate(start, owner)
    return Diagnostic(
        code=codes.MISSING_KEY,
        message=f"{place.words} has no `{key}`",
        primary=Label(span=place.key_span),
        help=f"add `{key}:`",
    )


def wrong_value(start: Place, detail: ErrorDetails, misnamed: frozenset[str]) -> list[Diagnostic]:
    """Say what a value must be; nothing where the mistake is said elsewhere."""
    location, kind = detail["loc"], detail["type"]
    is_key = location[-1:] == ("[key]",)
    place = locate(start, location[:-1] if is_key else location)
    if kind == "bad-name":
        return _bad_name(place, is_key, detail, misnamed)
    later = _later(place, kind)
    if later is not None:
        return [later]
    if kind == "duplicate-entry":
        return [_duplicate_entry(place, detail)]
    if kind == "literal_error":
        return [_wrong_choice(place)]
    if kind == "too_short":
        return [_say(codes.WRONG_VALUE, place, f"{place.words} must not be empty", None)]
    expected = _expected(detail)
    if kind == "wrong-type" or kind in _EXPECTED:
        return [
            _unquoted_text(place)
            or _misread_boolean(place)
            or _bare_entry(place, expected)
            or _wrong(codes.WRONG_TYPE, place, expected)
        ]
    code = _CODES.get(kind, codes.WRONG_VALUE)
    if code is codes.NOT_SUPPORTED_YET:  # an empty source is no URL
        code = codes.WRONG_VALUE
    if code is codes.BAD_COLUMN_TYPE:
        return [_bad_column_type(place)]
    return [_wrong(code, place, expected)]


def _expected(detail: ErrorDetails) -> str:
    context: dict[str, Any] = detail.get("ctx") or {}
    return str(context.get("expected") or _EXPECTED.get(detail["type"]) or detail["msg"])


def _say(code: Code, place: Place, message: str, help_text: str | None) -> Diagnostic:
    return Diagnostic(code=code, message=message, primary=Label(span=_span(place)), help=help_text)


def _span(place: Place) -> Any:
    """Return the place of a value, or of its key where the value is empty or long."""
    span = place.node.span
    if span.start == span.end or isinstance(place.node, Mapping | Sequence):
        return place.key_span
    return span


def _wrong(code: Code, place: Place, expected: str) -> Diagnostic:
    message = f"{place.words} must be {expected}, but is {described(place.node)}"
    if len(message) > _LONGEST_HEADLINE:
        message = f"{place.words} must be {expected}"
    return _say(code, place, message, None)


def _later(place: Place, kind: str) -> Diagnostic | None:
    """Say that a value is not supported yet, where the language has it."""
    node = place.node
    if isinstance(node, Scalar) and isinstance(node.value, str):
        if kind == "not-supported-yet" and "://" in node.value:
            message = "a source behind a URL is not supported yet"
            return _say(codes.NOT_SUPPORTED_YET, place, message, None)
        if LATER_VALUES.get(place.key) == node.value:
            message = f"`{place.key}: {node.value}` is not supported yet"
            return _say(codes.NOT_SUPPORTED_YET, place, message, None)
    if isinstance(node, Mapping):
        for entry in node.entries:
            if entry.key in LATER_FORMS:
                label = Label(span=entry.key_span)
                message = f"{LATER_FORMS[entry.key]} is not supported yet"
                return Diagnostic(code=codes.NOT_SUPPORTED_YET, message=message, primary=label)
    return None


def _bad_name(
    place: Place, is_key: bool, detail: ErrorDetails, misnamed: frozenset[str]
) -> list[Diagnostic]:
    is_axis = isinstance(place.node, Mapping | Sequence)
    if is_key or is_axis:
        name, span = place.key, place.key_span
    else:
        name, span = str(detail["input"]), place.node.span
    if name in misnamed:
        return []
    message = f"`{name}` is not {_expected(detail)}"
    if "${" in name:
        message = "a name cannot hold an expression"
    return [Diagnostic(code=codes.BAD_NAME, message=message, primary=Label(span=span))]


def _duplicate_entry(place: Place, detail: ErrorDetails) -> Diagnostic:
    context: dict[str, Any] = detail.get("ctx") or {}
    assert isinstance(place.node, Sequence), "only lists have entries"
    again, first = place.node.items[context["index"]], place.node.items[context["first"]]
    what = described(again) if isinstance(again, Scalar) else "an entry"
    return Diagnostic(
        code=codes.DUPLICATE_ENTRY,
        message=f"{what} stands twice in `{place.key}`",
        primary=Label(span=again.span),
        related=(Label(span=first.span, message="first written here"),),
    )


def _wrong_choice(place: Place) -> Diagnostic:
    choices: list[Any] = place.schema.get("enum") or [place.schema.get("const")]
    if all(isinstance(choice, str) for choice in choices):
        return wrong_choice(place, choices)
    what = "a text" if isinstance(place.node, Scalar) else described(place.node)
    message = f"{place.words} must be the number {choices[0]}, but is {what}"
    return _say(codes.WRONG_VALUE, place, message, f"write `{choices[0]}`")


def wrong_choice(place: Place, choices: list[str]) -> Diagnostic:
    """Say which values a key takes, and which of them was probably meant."""
    node = place.node
    if not isinstance(node, Scalar) or node.value is None:
        message = f"`{place.key}` must be a word, but is {described(node)}"
        return _say(codes.WRONG_VALUE, place, message, _choice(choices))
    suggestion = closest(str(node.value), choices)
    fix = Fix(title=f"Write `{suggestion}`", edits=(Edit(span=node.span, text=str(suggestion)),))
    return Diagnostic(
        code=codes.WRONG_VALUE,
        message=f"{described(node)} is not a value of `{place.key}`",
        primary=Label(span=_span(place)),
        help=f"did you mean `{suggestion}`?" if suggestion else _choice(choices),
        fixes=(fix,) if suggestion else (),
    )


def _choice(words: list[str]) -> str | None:
    if not words or len(words) > 12:
        return None
    return f"use {'one of ' if len(words) > 1 else ''}{', '.join(f'`{word}`' for word in words)}"


def _unquoted_text(place: Place) -> Diagnostic | None:
    """Say that a text is read as something else, where quotes would make it right."""
    node, schema = place.node, place.schema
    takes = schema.get("type", ())
    if not isinstance(node, Scalar) or isinstance(node.value, str) or node.value is None:
        return None
    written = node.span.text
    if (
        "string" not in takes
        or "number" in takes
        or re.search(schema.get("pattern", ""), written) is None
    ):
        return None
    kind = "boolean" if isinstance(node.value, bool) else "number"
    fix = Fix(title="Quote it", edits=(Edit(span=node.span, text=f'"{written}"'),))
    return Diagnostic(
        code=codes.UNQUOTED_TEXT,
        message=f"{place.words} must be a text, but `{written}` is read as a {kind}",
        primary=Label(span=node.span),
        help=f'quote it: `"{written}"`',
        fixes=(fix,),
    )


def _misread_boolean(place: Place) -> Diagnostic | None:
    """Say that `yes` and `no` are texts, where a boolean is meant."""
    node = place.node
    if place.schema.get("type") != "boolean" or not isinstance(node, Scalar):
        return None
    meant = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(
        str(node.value).lower()
    )
    if meant is None:
        return None
    return Diagnostic(
        code=codes.WRONG_TYPE,
        message=f"{place.words} must be `true` or `false`, and {described(node)} is a text",
        primary=Label(span=node.span),
        help=f"write `{meant}`",
        fixes=(Fix(title=f"Write `{meant}`", edits=(Edit(span=node.span, text=meant),)),),
    )


def _bare_entry(place: Place, expected: str) -> Diagnostic | None:
    """Say that one word stands where a list is meant."""
    node = place.node
    is_word = isinstance(node, Scalar) and isinstance(node.value, str) and node.value.strip() != ""
    if not is_word or "array" not in place.schema.get("type", ()):
        return None
    edit = Edit(span=node.span, text=f"[{node.span.text}]")
    return Diagnostic(
        code=codes.WRONG_TYPE,
        message=f"{place.words} must be {expected}",
        primary=Label(span=node.span),
        help=f"write `[{node.span.text}]`",
        fixes=(Fix(title="Make it a list", edits=(edit,)),),
    )


def _bad_column_type(place: Place) -> Diagnostic:
    from ..columns import COLUMN_TYPES

    word = place.node.value if isinstance(place.node, Scalar) else None
    likely = {"integer": "int64", "int": "int64", "float": "float64", "number": "float64"}
    likely |= {"double": "float64", "str": "string", "text": "string", "boolean": "bool"}
    likely |= {"timestamp": "timestamp[us]", "datetime": "timestamp[us]"}
    suggestion = likely.get(str(word)) or closest(str(word), COLUMN_TYPES)
    return Diagnostic(
        code=codes.BAD_COLUMN_TYPE,
        message=f"{described(place.node)} is not a column type",
        primary=Label(span=_span(place)),
        help=f"did you mean `{suggestion}`?" if suggestion else None,
    )


def _kinds_with(key: str) -> list[str]:
    from ..model.items import item_schema

    kinds: tuple[ArtifactKind, ...] = get_args(ArtifactKind)
    return [kind for kind in kinds if key in item_schema(kind)["properties"]]
