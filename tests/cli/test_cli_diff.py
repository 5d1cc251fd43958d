"""`diff` on a store that pipelines have left; outputs are compared whole."""

from __future__ import annotations

import re

from .conftest import run_many
from .history import History


def test_diff_of_metrics_shows_each_point(made_history: History) -> None:
    of_points, of_two, same = made_history(
        "diff chain/scores@1 chain/scores@2",
        "diff chain/scores[width=1]@1 chain/scores[width=1]@2",
        "diff chain/scores@1 chain/scores@3",
    )
    assert of_points == (
        "chain/scores@1 → @2\n\n"
        "POINT    METRIC  OLD   NEW    CHANGE\n"
        "width=1  total   20.5  51.25  +30.75 (+150%)\n"
        "width=2  total   20.5  51.25  +30.75 (+150%)\n"
        "width=3  total   20.5  51.25  +30.75 (+150%)"
    )
    assert of_two == (
        "chain/scores[width=1]@1 → @2\n\n"
        "METRIC  OLD   NEW    CHANGE\n"
        "total   20.5  51.25  +30.75 (+150%)\n"
        "4 more the same"
    )
    assert same.splitlines()[0] == "chain/scores[width=1]@1 → @3: identical"
    (found,) = made_history.json("diff chain/scores[width=1]@1 chain/scores[width=1]@2")
    assert found["metrics"] == [
        {
            "path": "total",
            "change": "changed",
            "old": 20.5,
            "new": 51.25,
            "difference": 30.75,
            "relative": 1.5,
        }
    ]


def test_diff_of_tables_goes_by_the_declared_key_or_by_position(made_history: History) -> None:
    by_key, by_position = made_history(
        "diff chain/cleaned", "diff chain/scaled@1 chain/scaled@2 -n 1"
    )
    assert by_key == (
        "chain/cleaned@1 → @2\n\n"
        "rows 4 → 5, by id: 1 added, 1 changed, 3 the same\n\n"
        "COLUMN  VALUES CHANGED  LARGEST CHANGE  RELATIVE\n"
        "value   1               0.5             33.3%\n\n"
        "changed rows\n"
        "ID  COLUMN  OLD  NEW\n"
        "1   value   1.5  2.0\n\n"
        "added rows\n"
        "ID\n"
        "9"
    )
    assert by_position.endswith(
        "changed rows (first 1 of 4)\nROW  COLUMN  OLD  NEW\n0    value   3.0  7.5"
    )


def test_diff_of_files_shows_their_sizes(made_history: History) -> None:
    report, weights = made_history(
        "diff chain/report@1 chain/report@2", "diff chain/weights[width=1] other/weights[width=2]"
    )
    assert report == (
        "chain/report@1 → @2\n\nFILE        CHANGE   OLD   NEW\n(the file)  changed  37 B  40 B"
    )
    assert weights.splitlines()[0] == "chain/weights[width=1]@4 → other/weights[width=2]@1"


def test_diff_is_done_also_where_something_differs_unless_strict(made_history: History) -> None:
    commands = [
        ["diff", "chain/report@1", "chain/report@2"],
        ["diff", "chain/report@1", "chain/report@2", "--strict"],
        ["diff", "chain/report@1", "other/report", "--strict"],
        ["diff", made_history.runs[0], made_history.runs[1], "--strict"],
        ["diff", made_history.runs[0], made_history.runs[3], "--strict"],
    ]
    assert [rc for rc, _, _ in run_many(commands, made_history.folder)] == [0, 1, 0, 1, 0]


def test_diff_of_runs_shows_what_went_in_and_what_came_out(made_history: History) -> None:
    first, second = made_history.runs[:2]
    text, before = made_history(f"diff {first} {second}", f"diff run:{second}")
    assert text == before, "alone, a run is compared with the one before"
    blocks = [re.sub(" +", " ", block) for block in text.split("\n\n")]
    assert blocks[:3] == [
        "R1 → R2",
        "PARAMETER OLD NEW\nfactor 2 5",
        "ARTIFACT METRIC OLD NEW CHANGE\n"
        "scores[width=1] total 20.5 51.25 +30.75 (+150%)\n"
        "scores[width=2] total 20.5 51.25 +30.75 (+150%)\n"
        "scores[width=3] total 20.5 51.25 +30.75 (+150%)",
    ]
    assert blocks[3].startswith("ARTIFACT OLD NEW\nreport ############ ############\n")
    assert blocks[3].endswith("\n2 more the same")
    found = made_history.json(f"diff {first} {second}")
    assert found["parameters"] == [{"name": "factor", "old": 2, "new": 5}]
    assert [one["name"] for one in found["artifacts"]][:2] == ["report", "scaled"]
