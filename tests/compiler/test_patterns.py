"""Patterns: what is accepted without RE2 is accepted by RE2, which pyarrow holds."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reprocc.compiler.patterns import pattern_fault

PIECES = (
    *("a", "b", "(", ")", "(?:", "(?P<n>", "(?i)", "(?i:", "[", "]", "[^", "-", "|", "^", "$", "."),
    *("*", "+", "?", "??", "*?", "{2}", "{2,}", "{,3}", "{2,3}", "{1001}", "{", "}", ","),
    *("\\d", "\\w", "\\b", "\\.", "\\p{L}", "\\pN", "\\z", "\\x{41}", "[:alpha:]", "\\Qa*\\E"),
    *("(?=", "(?!", "(?<=", "(?<!", "\\1", "(?P=n)", "(?>", "++", "\\Z", "\\u0041", "\\A", "\\n"),
    *(
        "(?#",
        "(?x)",
        "(?s)",
        "(?L)",
        "(?a)",
        "(?<n>",
        "\\x41",
        "\\012",
        "\\0",
        "\\8",
        "é",
        " ",
        "#",
    ),
)


def is_taken_by_re2(pattern: str) -> bool:
    try:
        pc.match_substring_regex(pa.array(["a"]), pattern=rf"\A(?:{pattern})\z")
    except pa.ArrowInvalid:
        return False
    return True


@settings(max_examples=500)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join))
@example("[[:alpha:]]+")
@example("a{1000}")
def test_what_is_accepted_is_a_pattern_of_re2(pattern: str) -> None:
    if pattern_fault(pattern) is None:
        assert is_taken_by_re2(pattern), pattern


@pytest.mark.parametrize(
    "pattern",
    [
        *("[a-z]+", "[xy]", r"\d{4}-\d{2}", "(?i)adelie|gentoo", r"\p{Lu}\pL*", "(?P<year>[0-9]+)"),
        *("[[:alpha:]_]+", r"\Q(.)\E", "(?i:a)b", "a{2,5}?", r"[^\s,]*", r"\x{1F427}?", "é+", ""),
        *("[(?=]", r"\\1", "[+]+", r"\++"),
    ],
)
def test_what_people_write_is_accepted(pattern: str) -> None:
    assert is_taken_by_re2(pattern)
    assert pattern_fault(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "word"),
    [
        ("(x", "is no regular expression"),
        ("x)", "is no regular expression"),
        ("[a", "is no regular expression"),
        ("*a", "is no regular expression"),
        ("(?=x)", "a lookahead or lookbehind"),
        ("(?<!x)y", "a lookahead or lookbehind"),
        (r"(a)\1", "a reference back to a group"),
        ("a++", "a possessive repetition"),
        ("a{1001}", "repeats more than 1000 times"),
        (r"a\Z", r"`\Z`"),
    ],
)
def test_what_re2_refuses_is_said_in_words(pattern: str, word: str) -> None:
    assert not is_taken_by_re2(pattern)
    assert word in (pattern_fault(pattern) or "")
