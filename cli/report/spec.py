"""The spec's text as it was, with keys and comments told apart."""

from __future__ import annotations

import re

from ...runtime.description.description import Description
from .markup import Markup, element, join
from .pieces import folded, note, section

_LINE = re.compile(r"(\s*(?:- )*)([A-Za-z_][\w.-]*)(:)(?=\s|$)")
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$")
_LONGEST = 200_000


def spec_section(description: Description) -> Markup:
    """Return the section, or nothing where the text is gone."""
    if description.spec is None:
        return Markup("")
    words = description.spec[:_LONGEST]
    is_cut = len(description.spec) > _LONGEST
    lines = [_line(line) for line in words.splitlines()]
    pre = element("pre", join(lines, "\n"), tabindex=0, aria_label="The spec", class_="spec")
    cut = note("The rest of the text is not shown.") if is_cut else ""
    return section("spec", "Spec", folded(f"{len(lines):,} lines", pre, cut))


def _line(line: str) -> Markup:
    comment = "" if '"' in line or "'" in line else _found(_COMMENT, line)
    body = line[: len(line) - len(comment)] if comment else line
    if not comment and body.lstrip().startswith("#"):
        return element("span", line, class_="comment")
    key = _LINE.match(body)
    pieces: list[str] = [body]
    if key is not None:
        pieces = [key[1], element("span", key[2], class_="key"), key[3], body[key.end() :]]
    if comment:
        pieces.append(element("span", comment, class_="comment"))
    return join(pieces)


def _found(pattern: re.Pattern[str], line: str) -> str:
    found = pattern.search(line)
    return found[0] if found else ""
