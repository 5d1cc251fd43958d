"""Regular expressions in RE2's syntax, judged without RE2: on the safe side, in our own words."""

from __future__ import annotations

import re
import warnings
from functools import cache

_CLASS = r"\[\^?\]?(?:\[:\^?[a-z]+:\]|\\.|[^\]\\])*\]"
_POSIX = (
    r"\[:\^?(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit)"
    r":\]"
)
_TOKENS = rf"""
      (?P<quoted>\\Q.*?\\E)
    | (?P<class>{_CLASS})
    | (?P<reference>\\[1-9]|\(\?P[=>]|\(\?\()
    | (?P<look>\(\?(?:[=!]|<[=!]))
    | (?P<atomic>\(\?>)
    | (?P<comment>\(\?\#)
    | (?P<name>\(\?P?<(?=[A-Za-z_]))
    | (?P<flags>\(\?[imsU]*(?:-[imsU]+)?[:)])
    | (?P<group>\(\?)
    | (?P<property>\\[pP](?:\{{\^?\w+\}}|[A-Z]))
    | (?P<hex>\\x(?:\{{[0-9A-Fa-f]{{1,5}}\}}|[0-9A-Fa-f]{{2}}))
    | (?P<octal>\\0[0-7]{{0,2}})
    | (?P<end>\\z)
    | (?P<escape>\\(?:[AbBdDsSwWafnrtv]|(?![A-Za-z0-9])[\x00-\x7f]))
    | (?P<foreign>\\.?)
    | (?P<possessive>(?:[*+?]|\{{[0-9]+(?:,[0-9]*)?\}})\+)
    | (?P<count>\{{(?P<least>[0-9]+)(?:,(?P<most>[0-9]*))?\}})
    | (?P<brace>\{{)
"""
_MISSING = {
    "reference": "a reference back to a group",
    "look": "a lookahead or lookbehind",
    "atomic": "an atomic group",
    "comment": "a comment",
    "possessive": "a possessive repetition",
}
_IN_PYTHON = {
    "name": "(?P<",
    "property": r"\w",
    "hex": "x",
    "octal": "x",
    "end": r"\Z",
    "brace": r"\{",
}
_MOST_REPETITIONS = 1000


def pattern_fault(text: str) -> str | None:
    """Say what of a pattern is wrong, as the end of a sentence that begins with it; None if sound.

    What RE2 has and Python has not is put in Python's terms, then Python judges the syntax.
    """
    tokens = _tokens()
    for match in tokens.finditer(text):
        fault = _fault(match)
        if fault is not None:
            return fault
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(tokens.sub(_in_python, text))
    except (re.error, RecursionError, OverflowError):
        return "is no regular expression"
    return None


@cache
def _tokens() -> re.Pattern[str]:
    return re.compile(_TOKENS, re.VERBOSE | re.DOTALL)


def _kind(match: re.Match[str]) -> str:
    return "count" if match["count"] else match.lastgroup or ""


def _fault(match: re.Match[str]) -> str | None:
    kind = _kind(match)
    if kind in _MISSING:
        return f"holds {_MISSING[kind]}, which RE2 has not"
    if kind == "group":
        return "is no regular expression"
    if kind == "foreign":
        return f"holds `{match[0]}`, which RE2 has not"
    if kind == "count":
        if max(int(number) for number in match.group("least", "most") if number) > (
            _MOST_REPETITIONS
        ):
            return f"repeats more than {_MOST_REPETITIONS} times"
    elif kind == "class":
        return _class_fault(_without_posix(match[0][1:-1]))
    return None


def _class_fault(text: str) -> str | None:
    """Say what is wrong within brackets, where only escapes have another meaning."""
    for match in _tokens().finditer(text):
        if _kind(match) in ("foreign", "reference") or match[0] in (r"\b", r"\B", r"\A", r"\z"):
            return f"holds `{match[0]}` in brackets, which RE2 has not"
    return "is no regular expression" if "[:" in text else None


def _without_posix(text: str) -> str:
    return re.sub(_POSIX, r"\\w", text)


def _in_python(match: re.Match[str]) -> str:
    kind = _kind(match)
    if kind == "quoted":
        return re.escape(match[0][2:].removesuffix("\\E"))
    if kind == "flags":
        return "(?:" if match[0].endswith(":") else ""
    if kind == "class":
        inner = re.sub(r"\\[pP](?:\{\^?\w+\}|[A-Z])", r"\\w", _without_posix(match[0]))
        return re.sub(r"\\x\{[0-9A-Fa-f]+\}|\\0[0-7]{0,2}", "x", inner)
    return _IN_PYTHON.get(kind, match[0])
