"""Values that an item may not have, as diagnostics."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..codes import shape as codes
from ..diagnostic import Code, Diagnostic, Label
from ..document import Mapping, Scalar, Sequence
from ..fixing.amounts import spelt_amount
from ..fixing.removal import remove_item
from ..fixing.rename import rename, replace_word
from ..fixing.scalars import listed, rewrite, unquote
from ..fixing.slip import slip_of
from ..suggest import closest
from .place import Location, Place, locate
from .words import LATER_FORMS, LATER_VALUES, choice, described

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
_SETS = frozenset({"inputs", "over", "key", "values", "on", "preload", "code", "pass"})
"""Keys of lists in which an entry says nothing when it is written again."""


_LIKELY_TYPES = {"integer": "int64", "int": "int64", "float": "float64", "number": "float64"}
_LIKELY_TYPES |= {"timestamp": "timestamp[us]", "datetime": "timestamp[us]"}
"""Types whose width the language wants to hear."""

_SAME_TYPES = {"double": "float64", "str": "string", "text": "string", "boolean": "bool"}
"""Other words for exactly one type."""


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
    points = _misspelt_points(start, location)
    if points is not None:
        return [points] if location[-1] == 0 else []
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
            or _quoted_number(place, expected)
            or _wrong(codes.WRONG_TYPE, place, expected)
        ]
    code = _CODES.get(kind, codes.WRONG_VALUE)
    if code is codes.NOT_SUPPORTED_YET:  # an empty source is no URL
        code = codes.WRONG_VALUE
    if code is codes.BAD_COLUMN_TYPE:
        return [_bad_column_type(place)]
    if code is codes.BAD_UNIT:
        return [_bad_unit(place, expected)]
    if code is codes.BAD_ENTRY_POINT:
        return [_bad_entry_point(place, expected)]
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
        help="remove it" if place.key in _SETS else None,
        fixes=remove_item(place.node, context["index"]) if place.key in _SETS else (),
    )


def _wrong_choice(place: Place) -> Diagnostic:
    choices: list[Any] = place.schema.get("enum") or [place.schema.get("const")]
    if all(isinstance(choice, str) for choice in choices):
        return wrong_choice(place, choices)
    is_text = isinstance(place.node, Scalar) and isinstance(place.node.value, str)
    what = "a text" if is_text else described(place.node)
    message = f"{place.words} must be the number {choices[0]}, but is {what}"
    said = _say(codes.WRONG_VALUE, place, message, f"write `{choices[0]}`")
    is_quoted = isinstance(place.node, Scalar) and place.node.value == str(choices[0])
    word = str(choices[0])
    fixes = rewrite(place.node.span, word, title=f"Write `{word}`") if is_quoted else ()
    return replace(said, fixes=fixes)


def wrong_choice(place: Place, choices: list[str]) -> Diagnostic:
    """Say which values a key takes, and which of them was probably meant."""
    node = place.node
    if not isinstance(node, Scalar) or node.value is None:
        message = f"`{place.key}` must be a word, but is {described(node)}"
        return _say(codes.WRONG_VALUE, place, message, choice(choices))
    suggestion = closest(str(node.value), choices)
    return Diagnostic(
        code=codes.WRONG_VALUE,
        message=f"{described(node)} is not a value of `{place.key}`",
        primary=Label(span=_span(place)),
        help=f"did you mean `{suggestion}`?" if suggestion else choice(choices),
        fixes=rename(node.span, str(node.value), suggestion, choices, of_language=True),
    )


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
    return Diagnostic(
        code=codes.UNQUOTED_TEXT,
        message=f"{place.words} must be a text, but `{written}` is read as a {kind}",
        primary=Label(span=node.span),
        help=f'quote it: `"{written}"`',
        fixes=rewrite(node.span, f'"{written}"', title="Quote it"),
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
        fixes=rewrite(node.span, meant, title=f"Write `{meant}`"),
    )


def _bare_entry(place: Place, expected: str) -> Diagnostic | None:
    """Say that one word stands where a list is meant."""
    node = place.node
    if not isinstance(node, Scalar) or not isinstance(node.value, str) or not node.value.strip():
        return None
    if "array" not in place.schema.get("type", ()):
        return None
    entry = listed(node)
    return Diagnostic(
        code=codes.WRONG_TYPE,
        message=f"{place.words} must be {expected}",
        primary=Label(span=node.span),
        help=f"write `[{node.span.text}]`",
        fixes=() if entry is None else rewrite(node.span, entry, title="Make it a list"),
    )


def _misspelt_points(start: Place, location: Location) -> Diagnostic | None:
    """Say that what looks like an axis of points is `include` or `exclude`, misspelt."""
    axis = locate(start, location[:-1])
    if location[:1] != ("matrix",) or not isinstance(axis.node, Sequence):
        return None
    words = ("include", "exclude")
    meant = slip_of(axis.key, words, of_language=True)
    if meant is None or not all(isinstance(item, Mapping) for item in axis.node.items):
        return None
    return Diagnostic(
        code=codes.UNKNOWN_KEY,
        message=f"`{axis.key}` is no axis, for its entries are points",
        primary=Label(span=axis.key_span),
        help=f"did you mean `{meant}`?",
        fixes=rename(axis.key_span, axis.key, meant, words, of_language=True),
    )


def _quoted_number(place: Place, expected: str) -> Diagnostic | None:
    """Say that quotes make a text of a number or boolean."""
    node = place.node
    bare = unquote(node, place.schema) if isinstance(node, Scalar) else None
    if bare is None:
        return None
    return Diagnostic(
        code=codes.WRONG_TYPE,
        message=f"{place.words} must be {expected}, and `{node.span.text}` is a text",
        primary=Label(span=node.span),
        help=f"write `{bare}`",
        fixes=rewrite(node.span, bare, title=f"Write `{bare}`"),
    )


def _bad_unit(place: Place, expected: str) -> Diagnostic:
    node = place.node
    said = _wrong(codes.BAD_UNIT, place, expected)
    spelt = spelt_amount(str(node.value)) if isinstance(node, Scalar) else None
    if spelt is None or re.search(place.schema.get("pattern", ""), spelt) is None:
        return said
    fixes = rewrite(node.span, spelt, title=f"Write `{spelt}`")
    return replace(said, help=f"write `{spelt}`", fixes=fixes)


def _bad_entry_point(place: Place, expected: str) -> Diagnostic:
    node = place.node
    said = _wrong(codes.BAD_ENTRY_POINT, place, expected)
    word = str(node.value) if isinstance(node, Scalar) else ""
    file = re.fullmatch(r"((?:\w+/)*\w+)\.py:(\w+)", word, re.ASCII)
    path = re.fullmatch(r"(\w+(?:\.\w+)*)\.(\w+)", word, re.ASCII)
    found = file or path
    if found is None or found[2] == "py":
        return said
    meant = f"{found[1].replace('/', '.')}:{found[2]}"
    fixes = replace_word(node.span, word, meant, is_certain=file is not None)
    return replace(said, help=f"write `{meant}`", fixes=fixes)


def _bad_column_type(place: Place) -> Diagnostic:
    from ..columns import COLUMN_TYPES

    node = place.node
    word = str(node.value) if isinstance(node, Scalar) else ""
    same = _SAME_TYPES.get(word.casefold()) or word.casefold()
    is_same = same in COLUMN_TYPES
    suggestion = same if is_same else _LIKELY_TYPES.get(word) or closest(word, COLUMN_TYPES)
    # Types with parts are examples among the others, and of which parts nothing is known.
    plain = [name for name in COLUMN_TYPES if name.isalnum()]
    is_plain = word != "" and suggestion in plain
    fixes = rename(node.span, word, suggestion, plain, of_language=True) if is_plain else ()
    return Diagnostic(
        code=codes.BAD_COLUMN_TYPE,
        message=f"{described(node)} is not a column type",
        primary=Label(span=_span(place)),
        help=f"did you mean `{suggestion}`?" if suggestion else None,
        fixes=tuple(replace(fix, is_certain=fix.is_certain or is_same) for fix in fixes),
    )
