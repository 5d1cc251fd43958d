"""The word that was probably meant."""

from __future__ import annotations

import pytest

from reprocc.compiler.suggest import closest


@pytest.mark.parametrize(
    ("word", "candidates", "expected"),
    [
        ("outptus", ["inputs", "outputs"], "outputs"),
        ("rwa", ["raw", "model"], "raw"),
        ("min", ["minimum", "maximum"], "minimum"),
        ("int", ["integer", "string"], "integer"),
        ("Kind", ["kind"], "kind"),
        ("missing", ["min", "max", "len"], None),
        ("raw", ["model", "test"], None),
        ("ab", ["abstract"], None),
        ("x", [], None),
    ],
)
def test_the_closest_word_is_alike_or_none(
    word: str, candidates: list[str], expected: str | None
) -> None:
    assert closest(word, candidates) == expected
    assert closest(word, reversed(candidates)) == expected
