"""Which mends are certain, and how texts are edited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprocc.compiler.bind import bind
from reprocc.compiler.codes.shape import UNKNOWN_KEY
from reprocc.compiler.diagnostic import Diagnostic, Edit, Fix, Label
from reprocc.compiler.driver import Compiled
from reprocc.compiler.fixing.amounts import spelt_amount
from reprocc.compiler.fixing.apply import apply_fixes
from reprocc.compiler.fixing.slip import slip_of
from reprocc.compiler.reading import decode, read
from reprocc.compiler.source import Source, Span

from .test_language import CASES

KEYS = (
    "jsonl",
    "kind",
    "source",
    "columns",
    "minimum",
    "maximum",
    "inputs",
    "outputs",
    "key",
    "values",
)
HEAD = "reprocc: 1\nname: a\n"
REST = "artifacts: {raw: {kind: file, source: raw}, out: {kind: file}}\ntransformations:\n  t: "

CompilePipeline = Callable[..., Compiled]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("knd", "kind"), ("kidn", "kind"), ("kindd", "kind"), ("Kind", "kind"), ("kond", None),
        ("colunms", "columns"), ("min", "minimum"), ("mi", None), ("output", "outputs"),
        ("source_", "source"), ("sauce", None), ("value", "values"), ("kind", None), ("ky", None),
        ("put", None), ("inputss", "inputs"), ("m", None), ("json", None),
    ],
)  # fmt: skip
def test_a_word_of_the_language_is_meant_where_nothing_else_can_be(
    word: str, meant: str | None
) -> None:
    assert slip_of(word, KEYS, of_language=True) == meant


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("measuremnts", "measurements"), ("measurement", None), ("tarin", "train"),
        ("model_2", None), ("model_1", None), ("moddel_1", "model_1"), ("tset", None),
        ("Train", "train"), ("rwa_events", "raw_events"), ("raw_evnt", None),
    ],
)  # fmt: skip
def test_a_name_that_people_give_is_meant_only_by_a_slip_in_a_long_word(
    word: str, meant: str | None
) -> None:
    known = ("measurements", "train", "model_1", "model_3", "test", "raw_events")
    assert slip_of(word, [one for one in known if one != word], of_language=False) == meant


def test_between_two_words_that_are_as_near_none_is_certain() -> None:
    assert slip_of("fold_a", ["fold_b", "fold_c"], of_language=False) is None
    assert slip_of("m", ["minimum", "maximum"], of_language=True) is None


@given(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=5), st.booleans())
def test_what_is_meant_is_one_of_the_known_words_and_another(
    word: str, known: list[str], of_language: bool
) -> None:
    assert slip_of(word, known, of_language=of_language) in {None, *known} - {word}


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("4gb", "4GB"), ("4 GB", "4GB"), ("4Gi", "4GiB"), ("4gib", "4GiB"), ("4g", None),
        ("4G", None), ("4m", "4m"), ("10 min", "10m"), ("10M", None), ("2 Hours", "2h"),
        ("30sec", "30s"), ("1d", "1d"), ("1.5h", None), ("soon", None), ("-3s", None),
    ],
)  # fmt: skip
def test_amounts_are_respelt_where_their_unit_means_one_thing_everywhere(
    text: str, spelt: str | None
) -> None:
    assert spelt_amount(text) == spelt


def edited(source: Source, *edits: tuple[int, int, str], is_certain: bool = True) -> Diagnostic:
    made = tuple(Edit(span=Span(source, start, end), text=text) for start, end, text in edits)
    label = Label(span=Span(source, edits[0][0], edits[0][1]))
    fix = Fix(title="t", edits=made, is_certain=is_certain)
    return Diagnostic(code=UNKNOWN_KEY, message="m", primary=label, fixes=(fix,))


def test_of_edits_that_overlap_the_first_is_made() -> None:
    source = Source(path="p", text="0123456789")
    found = [
        edited(source, (2, 4, "AB"), (8, 9, "X")),
        edited(source, (3, 5, "no")),
        edited(source, (4, 6, "")),
        edited(source, (0, 0, "+")),
        edited(source, (0, 0, "-")),
        edited(source, (6, 7, "no"), is_certain=False),
        edited(Source(path="q", text="abc"), (0, 1, "no")),
    ]
    text, applied = apply_fixes(source, found)
    assert text == "+01AB67X9"
    assert [one.diagnostic for one in applied] == [found[0], found[2], found[3]]


def fixes_of(text: str) -> list[tuple[str, bool]]:
    """Return the text after each fix of what the shape has wrong, and whether it is certain."""
    source = decode("p.yaml", text.encode())
    assert isinstance(source, Source)
    document, unread = read(source)
    found = (*unread, *(bind(document)[1] if document is not None else ()))
    made: list[tuple[str, bool]] = []
    for diagnostic in found:
        for fix in diagnostic.fixes:
            changed = source.text
            for edit in sorted(fix.edits, key=lambda edit: -edit.span.start):
                changed = changed[: edit.span.start] + edit.text + changed[edit.span.end :]
            made.append((changed, fix.is_certain))
    return made


@pytest.mark.parametrize(
    ("wrong", "right", "is_certain"),
    [
        ("{comand: ls, outputs: [out]}", "{command: ls, outputs: [out]}", True),
        ('{"comand": ls, outputs: [out]}', '{"command": ls, outputs: [out]}', True),
        ("{cmd: ls, outputs: [out]}", "{command: ls, outputs: [out]}", True),
        ("{command: ls, outputs: [out], cod: 3}", "{command: ls, outputs: [out], code: 3}", False),
        ("{command: ls, outputs: out}", "{command: ls, outputs: [out]}", True),
        ("{command: ls, outputs: 'out'}", "{command: ls, outputs: ['out']}", True),
        ("{command: ls, outputs: [out], threads: '2'}",
         "{command: ls, outputs: [out], threads: 2}", True),
        ("{command: ls, outputs: [out], deterministic: Off}",
         "{command: ls, outputs: [out], deterministic: false}", True),
        ("{command: ls, outputs: [out], deterministic: 'true'}",
         "{command: ls, outputs: [out], deterministic: true}", True),
        ("{command: ls, outputs: [out], numerics: fst}",
         "{command: ls, outputs: [out], numerics: fast}", True),
        ("{command: ls, outputs: [out], inputs: [raw, raw]}",
         "{command: ls, outputs: [out], inputs: [raw]}", True),
        ("{command: ls, outputs: [out], matrix: {k: {1: a}}}",
         '{command: ls, outputs: [out], matrix: {k: {"1": a}}}', True),
        ("{python: src/m.py:f, outputs: [out]}", "{python: src.m:f, outputs: [out]}", True),
        ("{command: ls, outputs: [{artifact: out, as: json}]}",
         "{command: ls, outputs: [{artifact: out, as: jsonl}]}", False),
        ("{python: m.f, outputs: [out]}", "{python: m:f, outputs: [out]}", False),
        ("{command: ls, outputs: [a ${x} b]}", '{command: ls, outputs: ["a ${x} b"]}', True),
        ("{command: ls, outputs: [out], arguments: {g: *.csv}}",
         '{command: ls, outputs: [out], arguments: {g: "*.csv"}}', True),
        ("{command: ls, outputs: [out], arguments: {g: *nota}}",
         '{command: ls, outputs: [out], arguments: {g: "*nota"}}', False),
        ("{command: ls, command: ls, outputs: [out]}", "{command: ls, outputs: [out]}", True),
    ],
)  # fmt: skip
def test_mistakes_of_shape_are_mended_in_place(wrong: str, right: str, is_certain: bool) -> None:
    assert fixes_of(HEAD + REST + wrong + "\n") == [(HEAD + REST + right + "\n", is_certain)]


@pytest.mark.parametrize(
    "wrong",
    [
        "{command: ls, outputs: [out, out]}",
        "{command: ls, command: ls -l, outputs: [out]}",
        "{command: ls, outputs: [out], timeout: 10}",
        "{command: ls, outputs: [out], resources: {memory: 4g}}",
        "{command: ls, outputs: [out], code: 'a'b}",
        "{command: ls, outputs: ['${\"x\"}', ${x}y: 1]}",
    ],
)
def test_what_may_be_meant_otherwise_is_not_mended(wrong: str) -> None:
    assert [certain for _, certain in fixes_of(HEAD + REST + wrong + "\n") if certain] == []


def test_two_keys_that_may_be_meant_for_one_are_offers() -> None:
    both = fixes_of(HEAD + REST + "{comand: ls, commnd: ls, outputs: [out]}\n")
    body = fixes_of(HEAD + REST + "{python: m:f, comand: ls, outputs: [out]}\n")
    assert [certain for _, certain in (*both, *body)] == [False, False, False]


def test_what_an_alias_repeats_is_an_offer(compile_pipeline: CompilePipeline) -> None:
    text = (
        HEAD + "x-v: &v 3.10\n"
        "artifacts: {raw: {kind: file, source: raw, description: *v}, out: {kind: file}}\n"
        "transformations:\n"
        "  t: {command: cp $IN $OUT, inputs: [raw], outputs: [out]}\n"
    )
    shared = compile_pipeline(text, {"raw": ""}).diagnostics
    alone = compile_pipeline(text.replace("*v", "3.10"), {"raw": ""}).diagnostics
    certain = [[f.is_certain for d in found for f in d.fixes] for found in (shared, alone)]
    assert certain == [[False], [True]]


def test_mends_of_the_chapters_come_to_an_end(compile_pipeline: CompilePipeline) -> None:
    mended = 0
    for case in CASES:
        compiled = compile_pipeline(case.spec, dict(case.files))
        for _ in range(5):
            if compiled.source is None:
                break
            text, applied = apply_fixes(compiled.source, compiled.diagnostics)
            if not applied:
                break
            before = Counter(one.message for one in compiled.diagnostics)
            compiled = compile_pipeline(text, dict(case.files))
            left = Counter(one.message for one in compiled.diagnostics)
            said = Counter(one.diagnostic.message for one in applied)
            again = {message for message in said if left[message] > before[message] - said[message]}
            assert again == set(), f"{case.name}: mended and said again"
            mended += len(applied)
        else:
            pytest.fail(f"{case.name}: there is always something to mend")
    assert mended >= 30


def test_a_name_is_corrected_wherever_it_stands(compile_pipeline: CompilePipeline) -> None:
    text = (
        HEAD + "artifacts: {events: {kind: file, source: raw}, a: {kind: file}, b: {kind: file},\n"
        "  c: {kind: file}}\n"
        "transformations:\n"
        "  one: {command: [cp, '${inputs.x}', '${outputs.a}'], inputs: {x: evnets}, outputs: [a]}\n"
        "  two: {command: [cp, '${inputs.x}', '${outputs.b}'], inputs: {x: evnets}, outputs: [b]}\n"
    )
    right = (
        "  c: {command: [cp, '${inputs.x}', '${outputs.c}'], inputs: {x: events}, outputs: [c]}\n"
    )
    compiled = compile_pipeline(text + right, {"raw": ""})
    assert compiled.source is not None
    mended, applied = apply_fixes(compiled.source, compiled.diagnostics)
    assert mended == (text + right).replace("evnets", "events")
    assert len(applied) == 1
    # Where nothing else names the artifact, its declaration may be what is misspelt.
    alone = compile_pipeline(text.replace(",\n  c: {kind: file}", ""), {"raw": ""})
    assert alone.source is not None
    assert apply_fixes(alone.source, alone.diagnostics) == (alone.source.text, ())
