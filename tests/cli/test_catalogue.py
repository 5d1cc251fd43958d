"""`tag` and `lineage` on a store that pipelines have left; outputs are compared whole."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from reprocc.cli.ancestry.mermaid import escape
from reprocc.runtime.store.records_json import decode_version, encode_version

from .history import History


def first_column(text: str) -> list[str]:
    """Return the trees of a lineage without what stands beside them."""
    return [re.split(r"  +(?=[#0-9(D])", line)[0] for line in text.splitlines()]


def test_lineage_shows_both_directions(made_history: History) -> None:
    up, down = made_history("lineage chain/report@4", "lineage chain/raw@1 --down")
    assert up == (
        "made from\n\n"
        "VERSION                       DIGEST        MADE BY                IN RUN\n"
        'chain/report@4                ############  write(title="Report")  R1\n'
        "└─ scores[width=1,2,3]@3      3 versions    evaluate               R1\n"
        "   ├─ scaled@3                ############  scale(factor=2)        R1\n"
        "   │  └─ cleaned@1            ############  clean                  R1\n"
        "   │     └─ raw@1             ############  data/raw.csv           R1\n"
        "   └─ weights[width=1,2,3]@3  3 versions    fit                    R1\n"
        "      └─ scaled@3             ############  (above)\n"
        "\n"
        "went into nothing yet"
    )
    assert first_column(down) == [
        "VERSION",
        "chain/raw@1",
        "└─ cleaned@1",
        "   └─ scaled@1,2,3",
        "      ├─ scores[width=1,2,3]@1,2,3",
        "      │  └─ report@1–4",
        "      └─ weights[width=1,2,3]@1,2,3",
        "         └─ scores[width=1,2,3]@1,2,3",
    ]
    assert "  4 versions    write         3 runs" in down


def test_lineage_ends_at_its_depth_and_says_so(made_history: History) -> None:
    both, other = made_history(
        "lineage chain/scaled@1 --depth 1", "lineage other/weights[width=2] --up"
    )
    assert first_column(both) == [
        *("made from", "", "VERSION", "chain/scaled@1", "└─ cleaned@1", "   └─ …"),
        *("", "went into", "", "VERSION", "chain/scaled@1", "├─ scores[width=1,2,3]@1"),
        *("│  └─ …", "└─ weights[width=1,2,3]@1", "   └─ …"),
    ]
    # What another pipeline made was taken over; what it was made from is this pipeline's.
    assert other == (
        "VERSION                   DIGEST        MADE BY          IN RUN\n"
        "other/weights[width=2]@1  ############  fit(width=2)     R1\n"
        "└─ scaled@1               ############  scale(factor=2)  R1\n"
        "   └─ cleaned@1           ############  clean            R1\n"
        "      └─ raw@1            ############  data/raw.csv     R5"
    )
    assert made_history.refused("lineage chain/raw --depth 0", 2) == (
        "error: `--depth 0` shows nothing\n  = help: write 1 or more\n"
    )


def test_lineage_as_json_names_every_version_and_how_it_was_made(made_history: History) -> None:
    found = made_history.json("lineage chain/scores[width=2]@2 --up")
    assert found["roots"] == ["chain/scores[width=2]@2"]
    versions = {one["name"]: one for one in found["versions"]}
    assert list(versions) == [
        *("chain/scores[width=2]@2", "chain/scaled@2", "chain/weights[width=2]@2"),
        *("chain/cleaned@1", "chain/raw@1"),
    ]
    assert {(one["from"], one["to"], one["parameter"]) for one in found["edges"]} == {
        ("chain/scaled@2", "chain/scores[width=2]@2", "table"),
        ("chain/weights[width=2]@2", "chain/scores[width=2]@2", "weights"),
        ("chain/scaled@2", "chain/weights[width=2]@2", "table"),
        ("chain/cleaned@1", "chain/scaled@2", "table"),
        ("chain/raw@1", "chain/cleaned@1", "raw"),
    }
    scaled, raw = versions["chain/scaled@2"], versions["chain/raw@1"]
    assert scaled["made"]["call"] == "stages.scale:scale"
    assert scaled["made"]["arguments"] == {"factor": 5}
    assert (scaled["run"], scaled["task"]) == (made_history.runs[1], "scale")
    assert (raw["source"], raw["made"], raw["task"]) == ("data/raw.csv", None, None)
    assert (found["unknown"], found["cut"]) == ([], [])
    down = made_history.json("lineage chain/scores[width=2]@2 --down")
    assert [one["name"] for one in down["versions"]] == [
        *("chain/scores[width=2]@2", "chain/report@2", "chain/report@3"),
    ]


# What Mermaid's flowcharts allow of what we write: boxes, arrows with quoted labels, styles.
_LABEL = r'"(?:[^"#<>&`\\\n]|#\d+;|<br/>)*"'
MERMAID = re.compile(
    r"flowchart LR\n"
    rf"(?:  v\d+(?:\[{_LABEL}\]|\(\[{_LABEL}\]\))\n)+"
    rf"(?:  v\d+ -->(?:\|{_LABEL}\|)? v\d+\n)*"
    r"(?:  style v\d+ stroke-width:3px\n)*\Z"
)


def test_lineage_as_mermaid_is_a_flowchart(made_history: History) -> None:
    text, whole = made_history(
        "lineage chain/report@2 --up --format mermaid", "lineage chain/scaled --format mermaid"
    )
    assert text == (
        "flowchart LR\n"
        '  v0["chain/report@2"]\n'
        '  v1["chain/scores[width=1,2,3]@2"]\n'
        '  v2["chain/scaled@2"]\n'
        '  v3["chain/weights[width=1,2,3]@2"]\n'
        '  v4["chain/cleaned@1"]\n'
        '  v5(["chain/raw@1<br/>data/raw.csv"])\n'
        '  v1 -->|"write"| v0\n'
        '  v2 -->|"evaluate"| v1\n'
        '  v3 -->|"evaluate"| v1\n'
        '  v4 -->|"scale"| v2\n'
        '  v2 -->|"fit"| v3\n'
        '  v5 -->|"clean"| v4\n'
        "  style v0 stroke-width:3px"
    )
    for chart in (text, whole):
        assert MERMAID.match(f"{chart}\n")
        declared = set(re.findall(r"^  (v\d+)[\[(]", chart, re.MULTILINE))
        assert set(re.findall(r"\bv\d+\b", chart)) == declared


@pytest.mark.parametrize("text", ['say "no"', "a<b>&c", "`md`", "#35;", "line\nbreak", "\\", "ü"])
def test_a_label_of_mermaid_holds_any_text(text: str) -> None:
    assert re.fullmatch(_LABEL, f'"{escape(text)}"')


def manifests(history: History, pattern: str) -> list[Path]:
    """Return manifests of `chain` that may be rewritten."""
    found = sorted((history.folder / ".reprocc/pipelines/chain/artifacts").glob(pattern))
    assert found
    for path in found:
        path.chmod(0o644)
    return found


def test_a_store_without_inputs_in_its_manifests_has_a_lineage(history: History) -> None:
    before = history("lineage chain/report", "lineage chain/raw@1 --down")
    for path in manifests(history, "**/*.json"):
        version = decode_version(path.read_bytes(), str(path))
        path.write_bytes(encode_version(replace(version, inputs=None, location=None)))
    after = history("lineage chain/report", "lineage chain/raw@1 --down")
    assert [re.sub(" +", " ", text.replace("a source", "data/raw.csv")) for text in after] == [
        re.sub(" +", " ", text) for text in before
    ]


def test_what_is_gone_or_damaged_is_said_and_stops_nothing(history: History) -> None:
    (cleaned,) = manifests(history, "cleaned/*1.json")
    cleaned.unlink()
    (scaled,) = manifests(history, "scaled/*3.json")
    scaled.write_bytes(scaled.read_bytes()[:-9] + b"\0" * 9)
    (text,) = history("lineage chain/weights[width=1]@3 --up")
    # The same table is version 1 still.
    assert text == (
        "VERSION                              DIGEST        MADE BY                IN RUN\n"
        "chain/weights[width=1]@3             ############  fit(width=1)           R1\n"
        "└─ scaled@1                          ############  scale(factor=2)        R1\n"
        "   └─ cleaned@############           ############  (gone from the store)\n"
        "      └─ (unknown: no record tells)"
    )
    found = history.json("lineage chain/weights[width=1]@3 --up")
    (gone,) = [one for one in found["versions"] if one["version"] is None]
    assert found["unknown"] == [gone["name"]]
    assert gone["name"] == f"chain/cleaned@{gone['digest']}"


def test_a_tag_is_set_moved_listed_and_removed(history: History) -> None:
    run = history.runs[0]
    assert history(
        "tag chain/report@2 prod",
        "tag chain/report@2 prod",
        "tag chain/report@4 prod -m better",
        f"tag chain/scores@run:{run} good",
        "tag chain/scores[width=2]@2 best",
    ) == [
        "prod: chain/report@2",
        "prod: chain/report@2 already",
        "prod: chain/report@4, before chain/report@2",
        "good: chain/scores[width=1,2,3]@1",
        "best: chain/scores[width=2]@2",
    ]
    listed, moves = history("tag chain/scores", "tag chain/report --history")
    assert [re.split("  +", line)[:2] for line in listed.splitlines()] == [
        ["TAG", "NAMES"],
        ["best", "chain/scores[width=2]@2"],
        ["good", "chain/scores[width=1,2,3]@1"],
    ]
    rows = [re.split("  +", line) for line in moves.splitlines()]
    assert [[*row[:2], row[4:]] for row in rows] == [
        ["TAG", "NAMES", ["NOTE"]],
        ["prod", "chain/report@4", ["better"]],
        ["prod", "chain/report@2", []],
    ]
    (prod,) = history.json("tag chain/report")
    assert set(prod) == {
        *("tag", "pipeline", "artifact", "number", "targets", "moved", "host", "note"),
    }
    assert [one["version"] for one in prod["targets"]] == [4]
    assert history("tag chain/report prod -d", "tag chain/report") == [
        "prod: removed from chain/report@4",
        "chain/report has no tags",
    ]
    assert len(history.json("tag chain/report prod --history")) == 3
    assert history.refused("get chain/report@prod").startswith(
        "error: `chain/report` has no version `prod`\n"
    )


def test_a_tag_names_versions_wherever_a_version_is_named(history: History) -> None:
    history("tag chain/report@2 prod", "tag chain/scores@1 good", "tag chain/scores[width=2] best")

    def got(reference: str) -> list[tuple[str, int]]:
        return [(one["point"], one["version"]) for one in history.json(f"get {reference}")]

    assert got("chain/report@prod") == [("", 2)]
    assert got("chain/scores@good") == [("width=1", 1), ("width=2", 1), ("width=3", 1)]
    assert got("chain/scores[width=3]@good") == [("width=3", 1)]
    assert history.refused("get chain/scores[width=1]@best") == (
        "error: `chain/scores@best` names no version at [width=1]\n"
        "  = help: it names versions at [width=2]\n"
    )
    tagged = {one["version"]: one["tags"] for one in history.json("versions chain/report")}
    assert [tagged[2], tagged[1]] == [["prod"], []]
    (listed,) = history("versions chain/report")
    assert [line.split()[-1] for line in listed.splitlines()][:4] == [
        *("TAGS", "write", "write", "write"),
    ]
    diff, up = history("diff chain/report@prod chain/report@1", "lineage chain/report@prod --up")
    assert diff.startswith("chain/report@2 → @1\n")
    assert up.splitlines()[1].startswith("chain/report@2 ")


@pytest.mark.parametrize(
    ("command", "status", "message"),
    [
        ("tag chain/report face", 1, "`face` can be no tag"),
        ("tag chain/report 12", 1, "`12` can be no tag"),
        ("tag chain/report@9 prod", 1, "`chain/report` has no version `9`"),
        ("tag chain/report prod -d", 1, "`chain/report` has no tag `prod`"),
        ("tag chain/report prod --history", 1, "`chain/report` has no tag `prod`"),
        ("tag chain/report -d", 2, "`--delete` needs a tag"),
        ("tag chain/report@2", 2, "`chain/report@2` names a version, where an artifact"),
        ("tag chain/report x -d --history", 2, "`--delete` and `--history` exclude"),
        ("diff chain/report@1", 1, "`chain/report@1` is one version, and a second one is"),
        ("diff other/report", 1, "`other/report` has one version only"),
        ("diff chain/raw chain/scores", 1, "`raw` is of kind table, but `scores` is of kind"),
        ("diff chain/raw 2026", 1, "a run cannot be compared with a version"),
        ("diff chain/scaled@1 chain/scaled@2 --key no", 1, "the key column `no` is not in"),
        ("diff chain/scaled@1 chain/scaled@2 -n -1", 2, "`-n -1` is no number of rows"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    made_history: History, command: str, status: int, message: str
) -> None:
    assert made_history.refused(command, status).startswith(f"error: {message}")
