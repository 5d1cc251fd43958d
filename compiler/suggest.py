"""The word that a person probably meant."""

from __future__ import annotations

from collections.abc import Iterable

_ALIKE = 0.7
"""The least likeness of two words of which one is probably a slip for the other."""

_SHORTEST_PREFIX = 3


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate most like a word, or None where none is much like it.

    An abbreviation, or what it abbreviates, counts as alike (`min` and `minimum`), and so do the
    same letters in another order. Equal likeness is settled by the alphabet, so the answer never
    depends on order.
    """
    import difflib  # costs milliseconds, and only mistakes need it

    by_folded = {candidate.casefold(): candidate for candidate in sorted(candidates, reverse=True)}
    folded = word.casefold()
    found = difflib.get_close_matches(folded, sorted(by_folded), n=1, cutoff=_ALIKE)
    found = found or [other for other in sorted(by_folded) if _is_slip(folded, other)]
    return by_folded[found[0]] if found else None


def _is_slip(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    abbreviates = len(short) >= _SHORTEST_PREFIX and long.startswith(short)
    return abbreviates or sorted(one) == sorted(other)
