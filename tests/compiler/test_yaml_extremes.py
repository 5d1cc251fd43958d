"""Texts that are hard on a parser: deep, long, huge when unfolded, in other encodings, random."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reprocc.compiler.diagnostic import Diagnostic
from reprocc.compiler.reading import decode
from reprocc.compiler.reading.builder import DEEPEST, MOST_REPEATED

from .yaml_parsers import (
    INSTALLATIONS,
    Reading,
    as_json,
    elsewhere,
    is_mapping,
    reading,
    readings,
)

BOMB = "\n".join(
    ["a0: &a0 [" + ",".join("x" * 10) + "]"]
    + [f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
)

EXTREMES = {
    "lists in brackets": ("[" * 50_000, ["too-deep"]),
    "lists in brackets, closed": ("[" * 20_000 + "]" * 20_000, ["too-deep"]),
    "mappings in braces": ("{a: " * 30_000, ["too-deep"]),
    "lists in lists": ("- " * 30_000, ["too-deep"]),
    "keys of keys": ("? " * 30_000, ["too-deep"]),
    "lists with anchors": ("&a [" * 20_000, ["too-deep"]),
    "mappings in mappings": ("".join(" " * i + "a:\n" for i in range(300)), ["too-deep"]),
    "as deep as may be": ("a: " + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1) + "\n", []),
    "one deeper": ("a: " + "[" * DEEPEST + "]" * DEEPEST + "\n", ["too-deep"]),
    "an alias bomb": (BOMB, ["alias-expansion"]),
    "as many as may be repeated": (
        "a: &a [" + "1," * (MOST_REPEATED // 10 - 1) + "]\n" + "b: [" + "*a," * 10 + "]\n",
        [],
    ),
    "a long line": ("a: " + "x" * 300_000 + "\n", []),
    "a long quoted line": ('a: "' + "x y" * 100_000 + '"\n', []),
    "a long text of many lines": ("a: |\n" + "  line\n" * 30_000, []),
    "many empty lines": ("a: 1\n" + "\n" * 30_000 + "b: 2\n", []),
    "many comments": ("#" * 100_000 + "\n" + "# c\n" * 20_000 + "a: 1\n", []),
    "a key of 1024 characters": ("k" * 1024 + ": 1\n", []),
    "a key of 1025 characters": ("k" * 1025 + ": 1\n", ["yaml-syntax"]),
    "a quoted key of 1025 characters": ('"' + "k" * 1025 + '": 1\n', ["yaml-syntax"]),
    "a key of 1025 characters in braces": ("{" + "k" * 1025 + ": 1}\n", ["yaml-syntax"]),
    "a number of 400 digits": ("a: " + "1" * 400 + "\n", []),
    "a number of 401 digits": ("a: " + "1" * 401 + "\n", ["number-too-long"]),
    "a text of stars": ("a: " + "*" * 10_000 + "\n", ["unknown-alias"]),
    "a text of quotes": ("a: " + "'" * 10_000 + "\n", []),
    "a text of backslashes": ('a: "' + "\\\\" * 5_000 + '"\n', []),
    "many colons": ("a: " + ":" * 10_000 + "b\n", []),
    "many commas": ("a: [" + "," * 5_000 + "]\n", ["yaml-syntax"]),
    "a quote that never ends": ("a: '" + "x\n" * 10_000, ["yaml-syntax"]),
    "a bracket that never ends": ("a: [" + "x,\n" * 5_000, ["yaml-syntax"]),
}


@pytest.mark.parametrize("case", EXTREMES)
def test_what_is_hard_on_a_parser_has_one_verdict(case: str) -> None:
    text, codes = EXTREMES[case]
    for found in readings(text):
        assert found.codes == codes


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("a: é\n".encode("latin-1"), "not-utf8"),
        ("a: 1\n".encode("utf-16"), "not-utf8"),
        ("a: 1\n".encode("utf-16-le"), "unprintable-character"),
        ("a: 1\n".encode("utf-16-be"), "unprintable-character"),
        ("a: 1\n".encode("utf-32"), "not-utf8"),
        ("a: \ud800\n".encode("utf-8", "surrogatepass"), "not-utf8"),
        (b"a: \xc0\xaf\n", "not-utf8"),
        (b"a: \xf5\x80\x80\x80\n", "not-utf8"),
        (b"a: \xe2\x82\n", "not-utf8"),
        (b"\xef\xbb\xbf\xef\xbb\xbfa: 1\n", "unprintable-character"),
    ],
)
def test_what_is_not_utf_8_is_refused_before_any_parser_sees_it(data: bytes, code: str) -> None:
    found = decode("pipeline.yaml", data)
    assert isinstance(found, Diagnostic)
    assert found.code.name == code
    assert 0 <= found.primary.span.start < found.primary.span.end


@pytest.mark.parametrize("number", [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0xFEFF, 0xFFFE])
def test_every_character_is_refused_or_kept_by_all(number: int) -> None:
    for text in (f"a: b{chr(number)}c\n", f'a: "b{chr(number)}c"\n'):
        assert len({(one.value, one.places, one.said[:1]) for one in readings(text)}) == 1


PIECES = (
    "a", "b", "c:", "key:", "-", "?", "?x", ":", ":x", "[", "]", "{", "}", ",", "|", ">", "|-",
    ">+", "|2", "#", "&a", "&x", "*a", "*x", "!t", "!!str", "%", "@", "`", "<<:", "1", "~", "true",
    "*", ".", "0x1F", "s3://b", "${x}", "a:b", "é", "=", "'", '"', "\\", "\\n", "...", "---", "\n",
    "\n  ", "\n    ", " ", "  ", " # c", "\t", "\r\n", "\n---\n", "\n...\n", "\n- ", "\na: ",
    "\nb:\n  - ", "{a: ", "[a, ", '"a": ', "|\n  t\n", ">\n t\n", ": ", "- ",
)  # fmt: skip

SPECS = (
    "a: b\nc:\n  - d\n  - e: f\n    g: h\ni: {j: k, l: [m, n]}\n",
    "x: &a {p: 1}\ny: *a\nz: [*a, {q: *a}]\n",
    't: |\n  one\n   two\n\n  three\nu: >-\n  a\n  b\nv: "q\n  r"\n',
    "k: 'a'\n\"l\": m # c\n# d\nn: [1,\n  2, {o: p},\n]\n",
    "- a\n- - b\n  - c\n-\n  d: e\n",
    '{"a": {"b": [1, 2.5, "c"], "d": null},\n "e": [{"f": true}]}\n',
    "t:\n  command: |\n    x --y ${inputs.z} > w  # v\n  outputs: [u]\n",
)


@st.composite
def mistyped(draw: st.DrawFn) -> str:
    """A small YAML text in which a few characters are removed, replaced or inserted."""
    letters = list(draw(st.sampled_from(SPECS)))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(letters) - 1))
        piece = draw(st.sampled_from(PIECES))
        match draw(st.sampled_from(["insert", "insert", "replace", "remove"])):
            case "insert":
                letters.insert(at, piece)
            case "replace":
                letters[at] = piece
            case _:
                letters[at] = ""
    return "".join(letters)


TEXTS = mistyped() | st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def sampled(count: int, soaked: int) -> Callable[[Any], Any]:
    """Run a property on `count` texts, or in `make soak` on `soaked`."""
    return pytest.mark.parametrize(
        "examples", [count, pytest.param(soaked, marks=pytest.mark.soak)]
    )


def judge_alike(text: str) -> None:
    """Assert that a text means one thing to all, also to py-yaml12 where it is read."""
    found = readings(text)
    if not any(is_mapping(one) for one in found):
        assert all(one.said or one.value is not None for one in found)
        return
    assert len({(one.value, one.places) for one in found}) == 1
    documents = elsewhere(text)
    assert documents is not None, "what is read here is YAML 1.2"
    if not text.rstrip().endswith(tuple("|>+-2")):  # py-yaml12 ends an empty block in a line break
        assert [as_json(document) for document in documents] == [found[0].value]


@sampled(500, 20_000)
def test_random_texts_mean_the_same_to_all(examples: int) -> None:
    @settings(max_examples=examples)
    @given(TEXTS)
    def judge(text: str) -> None:
        judge_alike(text)

    judge()


@sampled(200, 10_000)
def test_the_pure_parser_answers_any_text_without_an_exception(examples: int) -> None:
    @settings(max_examples=examples)
    @given(st.text(alphabet="ab:-[]{}#&*!|>'\"%@`, \n\t?$<1.\\\r", max_size=40))
    def judge(text: str) -> None:
        found: Reading = reading(text, INSTALLATIONS[-1])
        assert found.value is not None or found.said

    judge()
