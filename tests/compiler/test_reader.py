"""Bytes to nodes: places, YAML 1.2 scalars, and everything that a file must not hold."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprocc.compiler.diagnostic import Diagnostic
from reprocc.compiler.document import Document, Mapping, Node, Scalar, Sequence, plain_value
from reprocc.compiler.reading import decode, read
from reprocc.compiler.reading.builder import DEEPEST, Builder
from reprocc.compiler.reading.events import EventSource, event_sources
from reprocc.compiler.source import Source


def source(text: str) -> Source:
    found = decode("pipeline.yaml", text.encode())
    assert isinstance(found, Source)
    return found


def document(text: str) -> Document:
    found, diagnostics = read(source(text))
    assert diagnostics == ()
    assert found is not None
    return found


def value(text: str) -> Any:
    return plain_value(document(text).root)


def complaints(text: str) -> list[tuple[str, str]]:
    """Return code and marked text of everything that is wrong."""
    return [(d.code.name, d.primary.span.text) for d in read(source(text))[1]]


def nodes(node: Node) -> list[Node]:
    match node:
        case Scalar():
            return [node]
        case Sequence():
            return [node, *(inner for item in node.items for inner in nodes(item))]
        case Mapping():
            return [node, *(inner for entry in node.entries for inner in nodes(entry.value))]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"), ("on", "on"), ("y", "y"), ("yes", "yes"), ("True", True), ("false", False),
        ("tRue", "tRue"), ("~", None), ("null", None), ("", None), ("nULL", "nULL"),
        ("010", 10), ("0", 0), ("-0", 0), ("+12", 12), ("0x1F", 31), ("0o17", 15), ("0b1", "0b1"),
        ("-0x1F", "-0x1F"), ("1_000", "1_000"), ("1:30", "1:30"), ("2026-01-01", "2026-01-01"),
        ("2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"),
        ("3.10", 3.1), ("1.", 1.0), (".5", 0.5), ("1e3", 1000.0), ("-1.5E-2", -0.015), (".", "."),
        ("+", "+"), ("-", "-"), ("1e", "1e"), ("0x", "0x"), ("=", "="), ("'010'", "010"),
        ('"no"', "no"), ("'1'", "1"), ("gs://b/c", "gs://b/c"),
    ],
)  # fmt: skip
def test_scalars_follow_the_core_schema(written: str, meant: object) -> None:
    if written == "-":
        written = "'-'"
    found = value(f"a: {written}")["a"]
    assert found == meant
    assert type(found) is type(meant)


def test_a_scalar_span_covers_what_is_written() -> None:
    text = "a: 'it''s'\nb: \"x\\ty\"  # c\né: plain text\nc: |\n  one\n  two\n\n# end\nd: &x 5\n"
    root = document(text).root
    assert isinstance(root, Mapping)
    written = [entry.value.span.text for entry in root.entries]
    assert written == ["'it''s'", '"x\\ty"', "plain text", "|\n  one\n  two", "5"]
    assert [entry.key_span.text for entry in root.entries] == ["a", "b", "é", "c", "d"]


def test_a_block_ends_with_its_last_child() -> None:
    root = document("a:\n  - 1\n  - b: 2\n\n\n# comment\nc: {x: [1, 2]}\n").root
    assert isinstance(root, Mapping)
    assert root.entries[0].value.span.text == "- 1\n  - b: 2"
    assert root.entries[1].value.span.text == "{x: [1, 2]}"


def test_plain_says_how_a_scalar_was_written() -> None:
    root = document("a: x\nb: 'x'\nc: >\n  x\n").root
    assert isinstance(root, Mapping)
    assert [getattr(entry.value, "plain", None) for entry in root.entries] == [True, False, False]


def test_an_alias_repeats_a_value() -> None:
    assert value("x-a: &a {b: [1, 2]}\nc: *a\nd: *a\n")["d"] == {"b": [1, 2]}


def test_a_byte_order_mark_is_dropped_and_line_breaks_are_counted_as_written() -> None:
    found = decode("p.yaml", b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert isinstance(found, Source)
    parsed, diagnostics = read(found)
    assert diagnostics == ()
    assert parsed is not None
    assert isinstance(parsed.root, Mapping)
    assert parsed.root.entries[1].key_span.start == 6


@pytest.mark.parametrize(
    ("data", "code", "offset"),
    [
        (b"a: \xff", "not-utf8", 3),
        ("é: ".encode() + b"\xe9", "not-utf8", 3),
        ("a: b".encode("utf-16"), "not-utf8", 0),
        (b"a: \x00", "unprintable-character", 3),
        (b"a: \x1b[0m", "unprintable-character", 3),
        ("é\u2028".encode(), "unprintable-character", 1),
        ("a\u0085".encode(), "unprintable-character", 1),
        ("a\ufeff".encode(), "unprintable-character", 1),
    ],
)
def test_bytes_that_are_no_text_are_refused_at_their_place(
    data: bytes, code: str, offset: int
) -> None:
    found = decode("p.yaml", data)
    assert isinstance(found, Diagnostic)
    assert (found.code.name, found.primary.span.start) == (code, offset)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("empty-file", "")]),
        ("# only a comment\n", [("empty-file", "")]),
        ("---\n", [("empty-file", "")]),
        ("a: 1\nb: 2\na: 3\n", [("duplicate-key", "a")]),
        ("1: x\n", [("non-string-key", "1")]),
        ("true: x\n", [("non-string-key", "true")]),
        ("? [a]\n: 1\n", [("non-string-key", "[a]")]),
        ("a: !!int 3\n", [("yaml-tag", "!!int")]),
        ("a: &x !t {b: 1}\n", [("yaml-tag", "!t")]),
        ("a: !!python/object:os.system x\n", [("yaml-tag", "!!python/object:os.system")]),
        ("a: {<<: {b: 1}}\n", [("merge-key", "<<")]),
        ("a: 1\n---\nb: 2\n", [("second-document", "---")]),
        ("a: .nan\nb: -.INF\n", [("non-finite-number", ".nan"), ("non-finite-number", "-.INF")]),
        ("a: 1e999\n", [("non-finite-number", "1e999")]),
        ("a: " + "9" * 5_000, [("number-too-long", "9" * 5_000)]),
        ("a: *.csv\n", [("unknown-alias", "*.csv")]),
        ("a: *csv\n", [("unknown-alias", "*csv")]),
        ("a: **/*.csv\n", [("unknown-alias", "**/*.csv")]),
        ("a: [x, *.csv]\n", [("unknown-alias", "*.csv")]),
        ("a: &a [*a]\n", [("self-alias", "*a")]),
        ("a: [${x}]\n", [("unquoted-expression", "${x}")]),
        ('a: {b: "${y}", c: ${x.y}}\n', [("unquoted-expression", "${x.y}")]),
        ("a:\n\tb: 1\n", [("tab-indentation", "\t")]),
        ("a: 'x\n", [("yaml-syntax", "'")]),
        ("a: b: c\n", [("yaml-syntax", ":")]),
        ("a: [1, 2\n", [("yaml-syntax", "")]),
        ("a: @x\n", [("yaml-syntax", "@")]),
    ],
)  # fmt: skip
def test_what_a_file_must_not_hold_is_refused_once_at_its_place(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert complaints(text) == expected


def test_a_duplicate_key_is_refused_with_both_places() -> None:
    found, (diagnostic,) = read(source("a: 1\nb: 2\na: 3\n"))
    assert diagnostic.primary.span.start == 10
    assert [label.span.start for label in diagnostic.related] == [0]
    assert found is not None, "the rest of the file can still be judged"
    assert plain_value(found.root) == {"a": 1, "b": 2}


def test_mistakes_before_a_syntax_error_are_reported_with_it() -> None:
    assert [code for code, _ in complaints("a: 1\na: 2\nb: [\n")] == [
        "duplicate-key",
        "yaml-syntax",
    ]


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("a: [${x}]\n", {"a": ["${x}"]}),
        ("a: {b: ${x.y}, c: 1}\n", {"a": {"b": "${x.y}", "c": 1}}),
        ("a: *.csv\n", {"a": "*.csv"}),
        ("1: x\n", {"1": "x"}),
        ("a:\tb\n", {"a": "b"}),
        ("a: b\t# c\n", {"a": "b"}),
        ('a: "b"# c\n', {"a": "b"}),
        ("a: [-]\n", {"a": ["-"]}),
    ],
)
def test_the_fix_of_a_trap_mends_it(text: str, mended: object) -> None:
    _, (diagnostic,) = read(source(text))
    (fix,) = diagnostic.fixes
    (edit,) = fix.edits
    assert value(text[: edit.span.start] + edit.text + text[edit.span.end :]) == mended


@pytest.mark.parametrize("unit", ["[", "{a: ", "- ", "? ", "[[", "&a ["])
def test_a_hundred_thousand_levels_give_one_diagnostic(unit: str) -> None:
    assert [code for code, _ in complaints(unit * 100_000)] == ["too-deep"]


def test_depth_is_counted_through_aliases() -> None:
    deep = "[" * (DEEPEST - 4) + "]" * (DEEPEST - 4)
    assert complaints(f"a: &a {deep}\nb: [[*a]]\n") == []
    assert [code for code, _ in complaints(f"a: &a {deep}\nb: [[[[*a]]]]\n")] == ["too-deep"]


def test_an_alias_bomb_gives_one_diagnostic() -> None:
    lines = ["a0: &a0 [" + ",".join("x" * 10) + "]"]
    lines += [f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    assert [code for code, _ in complaints("\n".join(lines))] == ["alias-expansion"]


_SOURCES = list(event_sources())
_CASES = [
    "a: é1\nb: |\n  x\n  y\n\n\n# c\nc: [1, 2]\n",
    "a:\nb: &q\n  - 1\r\n  - 2\r\nc: *q\n",
    "a: &x !!str b\n? c\n: d\n'e': >-\n  f\n  g\n",
    '# c\n\nkey: # d\n  - {a: 1, b: , c}\n  -\n  - "x\\u00e9\\ny"\n',
    "a: b\n c\nd: [e,\n f g\n  h]\n",
]


def _built(events: EventSource, text: str) -> tuple[object, list[tuple[int, int]]]:
    builder = Builder(source(text))
    builder.run(events)
    assert builder.root is not None
    spans = [(node.span.start, node.span.end) for node in nodes(builder.root)]
    return (plain_value(builder.root), len(builder.diagnostics)), spans


@pytest.mark.parametrize("text", _CASES)
@pytest.mark.parametrize("events", _SOURCES, ids=lambda events: events.name)
def test_every_event_source_gives_the_same_tree(events: EventSource, text: str) -> None:
    assert _built(events, text) == _built(_SOURCES[-1], text)


def test_what_one_parser_refuses_another_may_read() -> None:
    assert value("a: {path: s3://b}\n") == {"a": {"path": "s3://b"}}


_REFUSED = "\u2028\u2029\ufeff\ufffe\uffff"
_LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=_REFUSED)
_TEXT = st.text(_LETTERS, max_size=12)
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(_TEXT, _JSON, min_size=1, max_size=4), st.sampled_from([None, 2]))
def test_json_reads_back_equal(content: dict[str, object], indent: int | None) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=indent)
    assert json.dumps(value(text)) == json.dumps(content)


@given(st.dictionaries(_TEXT, _JSON, min_size=1, max_size=4))
def test_children_lie_inside_their_parents(content: dict[str, object]) -> None:
    found = document(json.dumps(content, ensure_ascii=False, indent=1))
    for node in nodes(found.root):
        inner = (
            [entry.value for entry in node.entries]
            if isinstance(node, Mapping)
            else list(node.items)
            if isinstance(node, Sequence)
            else []
        )
        assert all(node.span.start < i.span.start and i.span.end < node.span.end for i in inner)


@given(st.text(alphabet="ab:-[]{}#&*!|>'\"%@`, \n\t?$<1.", max_size=40))
def test_any_text_is_answered_without_an_exception(text: str) -> None:
    found, diagnostics = read(source(text))
    assert found is not None or diagnostics
    for diagnostic in diagnostics:
        span = diagnostic.primary.span
        assert 0 <= span.start <= span.end <= len(text)
        assert len(diagnostic.message) <= 80 or "`" in diagnostic.message


@pytest.mark.parametrize("missing", [["yaml"], ["yaml", "ruamel.yaml.cyaml"]])
def test_what_is_read_does_not_depend_on_which_parsers_are_there(missing: list[str]) -> None:
    script = (
        "import sys\n"
        f"sys.modules.update(dict.fromkeys({missing!r}))\n"
        "from reprocc.compiler.reading import decode, read\n"
        "from reprocc.compiler.document import plain_value\n"
        "document, _ = read(decode('p.yaml', b'a: {path: s3://b, c: 010}'))\n"
        "_, found = read(decode('p.yaml', b'a: *.csv'))\n"
        "print(plain_value(document.root), [d.code.name for d in found])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "{'a': {'path': 's3://b', 'c': 10}} ['unknown-alias']\n"
