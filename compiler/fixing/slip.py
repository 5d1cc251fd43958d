"""The one word that was certainly meant."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SHORTEST_ABBREVIATION = 3
_SHORTEST = 3
"""Letters of the shorter word from which one that is missing, doubled or swapped is a slip."""
_SHORTEST_OF_NAMES = 5
_WORDS = frozenset({"json"})
"""Words that mean another thing elsewhere than those of the language that they are like."""
_LONG = 8
"""Letters from which two slips in a word of the language still leave no doubt."""


def slip_of(word: str, known: Iterable[str], *, of_language: bool) -> str | None:
    """Return the only known word of which `word` is a slip of the hand; None where there is doubt.

    A slip is one letter missing, doubled, wrong or swapped with the next. Numbers are never slips
    (`model_2` is not `model_1`). Words of the language are a closed list, so an abbreviation or
    other capitals are no doubt there; of names that people give, a plural may be another name.
    """
    found = {other for other in known if _is_slip(word, other, of_language)}
    return found.pop() if len(found) == 1 else None


def _is_slip(word: str, other: str, of_language: bool) -> bool:
    if word == other or word in _WORDS or re.findall(r"\d+", word) != re.findall(r"\d+", other):
        return False
    if _folded(word) == _folded(other):
        return True
    if of_language and len(word) >= _SHORTEST_ABBREVIATION and other.startswith(word.casefold()):
        return True
    short, long = sorted((word, other), key=len)
    if not of_language and (len(short) < _SHORTEST_OF_NAMES or long == f"{short}s"):
        return False
    slips = _distance(word.casefold() if of_language else word, other, most=2)
    if slips == 1:
        is_other_letter = len(word) == len(other) and sorted(word) != sorted(other)
        return len(short) >= (_SHORTEST_OF_NAMES if is_other_letter else _SHORTEST)
    return of_language and slips == 2 and len(short) >= _LONG


def _folded(word: str) -> str:
    return re.sub(r"[-_\s]", "", word.casefold())


def _distance(one: str, other: str, *, most: int) -> int:
    """Count the letters missing, too many, wrong or swapped with the next; `most` + 1 for more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, another in enumerate(other, start=1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != another))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == another:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        before, last = last, now
    return min(last[-1], most + 1)
