"""Diagnostics as text, in every format, compared whole."""

from __future__ import annotations

import json
import re

import pytest

from reprocc.compiler.diagnostic import Code, Diagnostic, Edit, Fix, Label
from reprocc.compiler.render.concise import render_concise
from reprocc.compiler.render.full import render_full
from reprocc.compiler.render.github import render_github
from reprocc.compiler.render.json import render_json
from reprocc.compiler.render.sarif import render_sarif
from reprocc.compiler.source import Source, Span

UNKNOWN = Code(
    name="unknown-artifact",
    severity="error",
    title="a transformation reads what nothing makes",
    explanation="Every artifact has an origin.",
    example="inputs: [raw]",
    mend="Correct the name.",
)
ODD = Code(
    name="odd-thing",
    severity="warning",
    title="something is odd",
    explanation="It may be meant.",
    example="x: 1",
    mend="Say so.",
)

SPEC = Source(
    path="pipeline.yaml",
    text="\n" * 10
    + "  clean:\n    python: penguins.model:fit\n    # here\n    inputs: [raw_events]\n"
    + "\n" * 90
    + "  raw_event:\n    kind: table\n",
)
MODEL = Source(path="penguins/model.py", text="import x\n\n\ndef fit(train, trees):\n    pass\n")


def at(source: Source, text: str, message: str = "") -> Label:
    start = source.text.index(text)
    return Label(span=Span(source, start, start + len(text)), message=message)


def error(primary: Label, *related: Label, help: str | None = None) -> Diagnostic:
    return Diagnostic(
        code=UNKNOWN,
        message="`clean` reads `raw_events`, which nothing produces",
        primary=primary,
        related=related,
        help=help,
    )


def drawn(text: str, primary: str, *related: str) -> str:
    """Draw labels in a text of its own, without the lines above the snippet."""
    source = Source(path="p.yaml", text=text)
    diagnostic = error(at(source, primary, "this"), *(at(source, word, "that") for word in related))
    return render_full([diagnostic], colour=False).split("\n", 3)[3]


def test_the_full_form_is_that_of_the_style() -> None:
    diagnostic = error(at(SPEC, "raw_events"), help="did you mean `raw_event`?")
    assert render_full([diagnostic], colour=False) == (
        "error[unknown-artifact]: `clean` reads `raw_events`, which nothing produces\n"
        "  --> pipeline.yaml:14:14\n"
        "   |\n"
        "14 |     inputs: [raw_events]\n"
        "   |              ^^^^^^^^^^\n"
        "   = help: did you mean `raw_event`?\n"
    )


def test_labels_in_several_lines_and_files_are_drawn_together() -> None:
    diagnostic = error(
        at(SPEC, "raw_events", "read here"),
        at(MODEL, "trees", "defined here"),
        at(SPEC, "clean"),
        at(SPEC, "raw_event:", "declared here"),
        at(MODEL, "train"),
    )
    assert render_full([diagnostic], colour=False) == (
        "error[unknown-artifact]: `clean` reads `raw_events`, which nothing produces\n"
        "   --> pipeline.yaml:14:14\n"
        "    |\n"
        " 11 |   clean:\n"
        "    |   -----\n"
        "...\n"
        " 14 |     inputs: [raw_events]\n"
        "    |              ^^^^^^^^^^ read here\n"
        "...\n"
        "105 |   raw_event:\n"
        "    |   ---------- declared here\n"
        "    |\n"
        "   ::: penguins/model.py:4:16\n"
        "    |\n"
        "  4 | def fit(train, trees):\n"
        "    |         -----  ----- defined here\n"
    )


def test_a_line_between_two_labels_is_shown() -> None:
    assert drawn("a: 1\nb: 2\nc: 3\n", "c", "a") == (
        "1 | a: 1\n  | - that\n2 | b: 2\n3 | c: 3\n  | ^ this\n"
    )


def test_labels_of_one_line_with_words_are_drawn_below_each_other() -> None:
    assert drawn("a: [bb, cc]\n", "cc", "a", "bb") == (
        "1 | a: [bb, cc]\n  | - that\n  |     -- that\n  |         ^^ this\n"
    )


def test_tabs_and_wide_characters_keep_marks_in_place() -> None:
    assert drawn("\tä: [漢字, \U0001f427, e\u0301, x]\t# \n", "x", "漢字") == (
        "1 |     ä: [漢字, \U0001f427, e\u0301, x]    #\n"
        "  |         ---- that\n"
        "  |                      ^ this\n"
    )


def test_a_label_over_several_lines_marks_each() -> None:
    assert drawn("x:\n  a:\n    b: 1\n\n    c: 2\n\nd: 1\n", "a:\n    b: 1\n\n    c: 2\n\n") == (
        "2 |   a:\n  |   ^^\n3 |     b: 1\n  |     ^^^^\n4 |\n5 |     c: 2\n  |     ^^^^ this\n"
    )


def test_a_label_over_many_lines_shows_its_ends() -> None:
    block = "".join(f"  k{number}: 1\n" for number in range(9))
    assert drawn(f"top:\n{block}end: 1\n", f"top:\n{block}") == (
        " 1 | top:\n   | ^^^^\n...\n10 |   k8: 1\n   |   ^^^^^ this\n"
    )


def test_a_long_line_is_cut_around_the_label() -> None:
    text = "words: " + "word " * 40 + "HERE " + "more " * 40
    lines = drawn(text, "HERE").split("\n")
    assert len(lines[0]) == len("1 | ") + 100
    assert lines[0][4] == lines[0][-1] == "…"
    column = lines[0].index("HERE")
    assert lines[1] == "  |" + " " * (column - 3) + "^^^^ this"


@pytest.mark.parametrize("label", ["s" * 300, "start", "end"])
def test_cut_lines_keep_every_mark_within_them(label: str) -> None:
    text = "start " + "s" * 300 + " end"
    source, marks = drawn(text, label).split("\n")[:2]
    assert len(source) <= 104
    marked = [index for index, character in enumerate(marks) if character == "^"]
    assert marked
    assert marked[-1] < len(source)
    if len(label) < 10:
        assert source[marked[0] : marked[-1] + 1] == label


def test_a_cut_through_wide_characters_keeps_the_width() -> None:
    source, marks = drawn("漢" * 60 + "x" + "字" * 60, "x").split("\n")[:2]
    column = 4 + sum(
        2 if ord(character) > 0x3000 else 1 for character in source[4 : source.index("x")]
    )
    assert marks == "  |" + " " * (column - 3) + "^ this"


def test_places_at_the_ends_of_a_file_are_drawn() -> None:
    empty = Source(path="e.yaml", text="")
    short = Source(path="s.yaml", text="a: 1")
    assert render_full([error(Label(span=Span(empty, 0, 0)))], colour=False).endswith(
        "\n --> e.yaml:1:1\n"
    )
    assert render_full([error(Label(span=Span(short, 4, 4)))], colour=False).endswith(
        "\n --> s.yaml:1:5\n  |\n1 | a: 1\n  |     ^\n"
    )


def test_characters_that_would_deceive_are_made_visible() -> None:
    source = Source(path="p\x1b.yaml", text="a: \x1b[31m\u202ered\x00\n")
    diagnostic = Diagnostic(
        code=ODD, message="`\x1b[2J` is \todd", primary=at(source, "red", "\u2066x")
    )
    text = render_full([diagnostic], colour=False)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e\u2066]", text)
    assert text == (
        "warning[odd-thing]: `␛[2J` is     odd\n"
        " --> p␛.yaml:1:10\n"
        "  |\n"
        "1 | a: ␛[31m\ufffdred␀\n"
        "  |          ^^^ \ufffdx\n"
    )


def test_colour_changes_nothing_but_colour() -> None:
    diagnostics = [
        error(at(SPEC, "raw_events", "read here"), at(MODEL, "trees", "defined here"), help="do"),
        Diagnostic(code=ODD, message="odd", primary=at(SPEC, "clean")),
    ]
    plain = render_full(diagnostics, colour=False)
    coloured = render_full(diagnostics, colour=True)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain
    assert "\x1b[1;31merror[unknown-artifact]\x1b[0m" in coloured
    assert "\x1b[1;33mwarning[odd-thing]\x1b[0m" in coloured


def test_diagnostics_are_parted_by_a_blank_line_and_none_is_empty() -> None:
    one = error(at(SPEC, "clean"))
    text = render_full([one], colour=False)
    assert render_full([one, one], colour=False) == f"{text}\n{text}"
    for render in (render_concise, render_github):
        assert render([]) == ""
    assert render_full([], colour=False) == ""
    assert json.loads(render_json([])) == []


def test_a_fix_without_words_of_help_is_told() -> None:
    label = at(SPEC, "raw_events")
    fix = Fix(title="write `raw_event`", edits=(Edit(span=label.span, text="raw_event"),))
    diagnostic = Diagnostic(code=UNKNOWN, message="m", primary=label, fixes=(fix,))
    assert render_full([diagnostic], colour=False).endswith("   = help: write `raw_event`\n")


def test_the_concise_form_is_one_line_each() -> None:
    warning = Diagnostic(code=ODD, message="`x` is odd", primary=at(MODEL, "fit"))
    assert render_concise([error(at(SPEC, "raw_events"), help="do"), warning]) == (
        "pipeline.yaml:14:14: error[unknown-artifact]: "
        "`clean` reads `raw_events`, which nothing produces\n"
        "penguins/model.py:4:5: warning[odd-thing]: `x` is odd\n"
    )


def test_json_has_the_fields_that_were_promised() -> None:
    label = at(SPEC, "raw_events", "read here")
    diagnostic = Diagnostic(
        code=UNKNOWN,
        message="m",
        primary=label,
        related=(at(MODEL, "fit"),),
        help="do",
        fixes=(Fix(title="t", edits=(Edit(span=label.span, text="raw_event"),)),),
    )
    start = {"line": 14, "column": 14, "offset": SPEC.text.index("raw_events")}
    end = {"line": 14, "column": 24, "offset": SPEC.text.index("raw_events") + 10}
    assert json.loads(render_json([diagnostic])) == [
        {
            "code": "unknown-artifact",
            "severity": "error",
            "message": "m",
            "file": "pipeline.yaml",
            "start": start,
            "end": end,
            "labels": [
                {"file": "pipeline.yaml", "start": start, "end": end, "message": "read here"},
                {
                    "file": "penguins/model.py",
                    "start": {"line": 4, "column": 5, "offset": 15},
                    "end": {"line": 4, "column": 8, "offset": 18},
                    "message": "",
                },
            ],
            "help": "do",
            "fixes": [
                {
                    "title": "t",
                    "certain": False,
                    "edits": [
                        {"file": "pipeline.yaml", "start": start, "end": end, "text": "raw_event"}
                    ],
                }
            ],
        }
    ]


def test_github_commands_escape_what_would_end_them() -> None:
    source = Source(path="a,b:c%.yaml", text="x: 1\ny:\n  z: 1\n")
    one = Diagnostic(code=ODD, message="100% of `x:y,z`", primary=at(source, "x"), help="do it")
    block = error(at(source, "y:\n  z: 1\n"))
    assert render_github([one, block]) == (
        "::warning file=a%2Cb%3Ac%25.yaml,line=1,endLine=1,col=1,endColumn=2,title=odd-thing"
        "::100%25 of `x:y,z`%0Ahelp: do it\n"
        "::error file=a%2Cb%3Ac%25.yaml,line=2,endLine=3,title=unknown-artifact"
        "::`clean` reads `raw_events`, which nothing produces\n"
    )


def sarif_region(line: int, start: int, end: int, offset: int) -> dict[str, int]:
    return {
        "startLine": line,
        "startColumn": start,
        "endLine": line,
        "endColumn": end,
        "charOffset": offset,
        "charLength": end - start,
    }


def test_sarif_tells_rules_places_and_fixes() -> None:
    spec = Source(path="my specs/pipeline.yaml", text="a: raw_events\n")
    label = at(spec, "raw_events", "read here")
    fix = Fix(title="t", edits=(Edit(span=label.span, text="raw_event"),))
    diagnostic = Diagnostic(
        code=UNKNOWN,
        message="m",
        primary=label,
        related=(at(MODEL, "fit"),),
        help="do",
        fixes=(fix,),
    )
    warning = Diagnostic(code=ODD, message="odd", primary=at(MODEL, "train"))
    log = json.loads(render_sarif([diagnostic, warning]))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    rules = run["tool"]["driver"]["rules"]
    assert [(rule["id"], rule["defaultConfiguration"]["level"]) for rule in rules] == [
        ("odd-thing", "warning"),
        ("unknown-artifact", "error"),
    ]
    region = sarif_region(1, 4, 14, 3)
    place = {"artifactLocation": {"uri": "my%20specs/pipeline.yaml"}, "region": region}
    assert run["results"][0] == {
        "ruleId": "unknown-artifact",
        "ruleIndex": 1,
        "level": "error",
        "message": {"text": "m\n\nhelp: do"},
        "locations": [{"physicalLocation": place, "message": {"text": "read here"}}],
        "relatedLocations": [
            {
                "id": 1,
                "physicalLocation": {
                    "artifactLocation": {"uri": "penguins/model.py"},
                    "region": sarif_region(4, 5, 8, 15),
                },
            }
        ],
        "fixes": [
            {
                "properties": {"certain": False},
                "description": {"text": "t"},
                "artifactChanges": [
                    {
                        "artifactLocation": {"uri": "my%20specs/pipeline.yaml"},
                        "replacements": [
                            {"deletedRegion": region, "insertedContent": {"text": "raw_event"}}
                        ],
                    }
                ],
            }
        ],
    }
    assert run["results"][1]["level"] == "warning"
