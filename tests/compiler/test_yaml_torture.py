"""The torture set: whichever YAML parsers are installed, each text has one meaning, or none.

A line of tests/torture/*.txt is a text, as a JSON string, and what becomes of it:

    =  the value, as JSON: py-yaml12, another reader of YAML 1.2, finds the same
    ~  the codes that refuse it, though py-yaml12 reads it: the language refuses it on purpose
    !  the codes that refuse it, as py-yaml12 does
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .yaml_parsers import INSTALLATIONS, PARSERS, as_json, elsewhere, reading, readings

TORTURE = Path(__file__).parents[1] / "torture"
THEMES = sorted(path.stem for path in TORTURE.glob("*.txt"))

# Where py-yaml12 is wrong: an empty text of a block at the end of a file is a line break to it,
# integers are 64 bits wide, a byte order mark is a letter, and U+00A0 is white space.
NOT_AS_ELSEWHERE = {
    "a: |\n",
    "a: 123456789012345678901234567890\n",
    "\ufeffa: 1\n",
    "\ufeff# c\na: 1\n",
    "a: \xa0\n",
}

# Refused by all, but the pure parser takes the `:` for a part of the alias, and stumbles later.
SAID_OTHERWISE = {"a: &x b\n*x: c\n"}


def cases(theme: str) -> list[tuple[str, str, str]]:
    """Return text, sign and expectation of each line of a theme."""
    found = []
    decoder = json.JSONDecoder()
    for line in (TORTURE / f"{theme}.txt").read_text("utf-8").splitlines():
        text, end = decoder.raw_decode(line)
        sign, expected = line[end:].strip().split("  ", 1)
        found.append((text, sign, expected))
    return found


def test_all_three_parsers_are_here_and_the_pure_one_is_always_the_last() -> None:
    assert [parser.name for parser in PARSERS] == ["pyyaml-c", "ruamel-c", "ruamel"]
    assert [parser.name for parser in INSTALLATIONS[-1]] == ["ruamel"]


def test_the_torture_set_is_large_and_no_text_is_in_it_twice() -> None:
    texts = [(theme, text) for theme in THEMES for text, _, _ in cases(theme)]
    assert len(texts) >= 900
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("theme", THEMES)
def test_each_text_means_what_is_written_beside_it(theme: str) -> None:
    wrong = []
    for text, sign, expected in cases(theme):
        found = reading(text)
        if (found.value if sign == "=" else " ".join(found.codes)) != expected:
            wrong.append((text, sign, expected, found))
    assert wrong == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_verdict_and_every_place_are_the_same_whichever_parsers_are_installed(
    theme: str,
) -> None:
    torn = []
    for text, _, _ in cases(theme):
        found = readings(text)
        if text in SAID_OTHERWISE:
            if any(one.value is not None for one in found):
                torn.append((text, found))
        elif len({(one.value, one.places, one.said[:1]) for one in found}) > 1:
            torn.append((text, found))
    assert torn == []


@pytest.mark.parametrize("theme", THEMES)
def test_another_reader_of_yaml_1_2_finds_the_same_value(theme: str) -> None:
    torn = []
    for text, sign, expected in cases(theme):
        found = elsewhere(text)
        agrees = (found is None) == (sign == "!")
        if sign == "=" and found is not None:
            agrees = len(found) == 1 and as_json(found[0]) == expected
        if agrees == (text in NOT_AS_ELSEWHERE):
            torn.append((text, sign, expected, found))
    assert torn == []
