"""From the value of a text back to where each character is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprocc.compiler.document import Mapping, Scalar
from reprocc.compiler.reading import decode, read
from reprocc.compiler.reading.places import place_of
from reprocc.compiler.source import Source


def scalar(text: str) -> Scalar:
    source = decode("a.yaml", text.encode())
    assert isinstance(source, Source)
    document, found = read(source)
    assert document is not None, found
    assert isinstance(document.root, Mapping)
    node = document.root.get("k")
    assert isinstance(node, Scalar)
    return node


@pytest.mark.parametrize(
    "text",
    [
        "k: one WORD two\n",
        "k: one\n   WORD two\n",
        "k: |\n  one\n\n    WORD\n  two\n",
        "k: |2-\n    one\n  WORD\n",
        "k: >\n  one\n  WORD\n\n\n  two\n",
        "k: 'it''s WORD'\n",
        "k: 'it\n  WORD '''\n",
        'k: "a\\tb\\"\\u00e9\\x41 WORD"\n',
        'k: "a\\\n   b WORD"\n',
        'k: "a \\  b\n  WORD"\n',
        "k: &a one WORD\n",
        "k: |\r\n  one\r\n  WORD\r\n",
    ],
)
def test_a_word_is_found_where_it_is_written(text: str) -> None:
    node = scalar(text)
    assert isinstance(node.value, str)
    at = node.value.index("WORD")
    span = place_of(node, at, at + 4)
    assert span.text == "WORD"


def test_an_escaped_character_is_at_its_escape() -> None:
    node = scalar('k: "a\\u00e9b"\n')
    assert place_of(node, 1, 2).start == 5
    assert place_of(node, 2, 3).text == "b"


def test_a_place_past_the_end_is_the_whole_text() -> None:
    node = scalar("k: one\n")
    assert place_of(node, 9, 10) == node.span
    assert place_of(node, 1, 99).text == "ne"


LINES = st.lists(st.text(st.sampled_from("ab'\"\\ #é:"), max_size=8), min_size=1, max_size=5)


@given(LINES, st.sampled_from(["|", "'", '"']))
def test_every_visible_character_is_found(lines: list[str], style: str) -> None:
    value = "\n".join(lines).strip() or "x"
    if style == "|":
        body = "\n".join(f"  {line}" for line in value.split("\n"))
        text = f"k: |2\n{body}\n"
    elif style == "'":
        value = " ".join(value.split())
        text = "k: '" + value.replace("'", "''") + "'\n"
    else:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        text = f'k: "{escaped}"\n'
    node = scalar(text)
    assert isinstance(node.value, str)
    for at, character in enumerate(node.value):
        if not character.isspace():
            found = place_of(node, at, at + 1)
            written = node.span.source.text[found.start : found.start + 2]
            assert written[0] == character or written == f"\\{character}"
