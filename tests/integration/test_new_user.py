"""What a new user sees: each screen compared whole with those in `screens`.

With REPROCC_WRITE_GOLDEN=1 the screens are written instead. Whatever differs from run to run is
replaced by as many characters, so that columns stay where they are.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ..terminals import CTRL_C, Terminal

SCREENS = Path(__file__).resolve().parent / "screens"
COLUMNS, ROWS = 100, 30
PATH = {
    "1-init": "init demand",
    "2-submit": "submit pipeline.yaml",
    "3-plan": "plan pipeline.yaml",
    "4-why": "why pipeline.yaml",
    "5-submit": "submit pipeline.yaml",
    "6-diff": "diff scores",
    "7-lineage": "lineage curve",
    "8-report": "show --html -o run.html",
    "9-show": "show",
    "10-runs": "runs",
}
"""The screens of the path and what is typed for each; before the third one the user edits."""

WRONG = {
    "plan-of-no-file": "plan pipelines.yaml",
    "no-such-option": "submit pipeline.yaml --exector inline",
    "no-such-parameter-value": "submit pipeline.yaml -p test_fraction=0.9",
    "why-of-a-typo": "why pipeline.yaml evalute",
    "get-of-a-typo": "get scors",
    "get-of-a-missing-version": "get scores@9",
    "get-of-a-missing-point": "get 'scores[degree=5]'",
    "show-of-a-missing-run": "show 2019",
    "init-twice": "init",
}
_PASSING = re.compile(r"  (?:note: \d+ other reprocc run|slowest  |used  )")
_SAME_WIDTH = (
    (re.compile(r"\b\d{8}-\d{6}-[0-9a-f]{6}\b"), "########-######-######"),
    (re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC on \S+"), "####-##-## ##:##:## UTC on HOST"),
    (re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{12}\b"), "############"),
    (re.compile(r"\b\d+\.\d+ KiB$"), "##.# KiB"),
    (re.compile(r"(?<=; )(?:about |up to )?\d.* s(?: of work\))?$"), "SO LONG"),
    (re.compile(r"\b(?:\d\.\d\d|\d\d\.\d) s\b"), "#.## s"),
)


def steady(text: str) -> str:
    """Replace what differs from run to run."""
    for pattern, word in _SAME_WIDTH:
        text = pattern.sub(word, text)
    return text.rstrip()


def agree(name: str, command: str, lines: list[str], *, rc: int) -> str:
    """Compare a screen with the one that is kept, or keep it; return what is not as it was."""
    kept = [steady(line) for line in lines if not _PASSING.match(line)]
    shown = "".join(f"{line}\n" for line in [f"$ reprocc {command}", *kept, f"[{rc}]"])
    path = SCREENS / f"{name}.txt"
    if os.environ.get("REPROCC_WRITE_GOLDEN"):
        SCREENS.mkdir(exist_ok=True)
        path.write_text(shown, encoding="utf-8")
    wanted = path.read_text(encoding="utf-8")
    return "" if shown == wanted else f"{name}\n--- wanted\n{wanted}--- shown\n{shown}"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1, f"`{old}` stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new))


def edit_as_a_user(folder: Path) -> None:
    """Compute one score more, and fit one degree more."""
    edit(
        folder / "stages" / "scores.py",
        '        "r2": 1 - left',
        '        "worst_error_mwh": max(abs(error) for error in errors),\n        "r2": 1 - left',
    )
    edit(folder / "pipeline.yaml", "{degree: [1, 2, 4]}", "{degree: [1, 2, 4, 6]}")


@pytest.mark.ray
def test_every_screen_of_a_new_user_is_as_it_was(
    terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    folder = tmp_path / "demand"
    wrong = []
    for name, command in PATH.items():
        cwd = folder if folder.exists() else tmp_path
        if name.endswith("-plan"):
            edit_as_a_user(folder)
        shown = terminal(*shlex.split(command), cwd=cwd, columns=COLUMNS, rows=ROWS)
        rc = shown.finish(seconds=300)
        assert rc == 0, "\n".join(shown.transcript)
        assert max(map(len, shown.transcript)) < COLUMNS, f"{name} is too wide"
        wrong.append(agree(name, command, shown.transcript, rc=rc))
    assert not any(wrong), "\n".join(filter(None, wrong))


@pytest.fixture
def made(tmp_path: Path, reprocc: Callable[..., Any]) -> Path:
    """The pipeline of `init`, that has run."""
    folder = tmp_path / "demand"
    assert reprocc("init", "demand", "-q").rc == 0
    assert reprocc("submit", "pipeline.yaml", "-q", "--executor", "inline", cwd=folder).rc == 0
    return folder


def test_what_a_new_user_reads_after_a_wrong_turn(made: Path, reprocc: Callable[..., Any]) -> None:
    wrong = []

    def turn(name: str, command: str) -> None:
        done = reprocc(*shlex.split(command), cwd=made)
        assert (done.rc in (1, 2), done.stdout) == (True, "")
        wrong.append(agree(f"wrong-{name}", command, done.stderr.splitlines(), rc=done.rc))

    for name, command in WRONG.items():
        turn(name, command)
    scores, spec = made / "stages" / "scores.py", made / "pipeline.yaml"
    edit(scores, "len(true)\n    left", "len(tru)\n    left")
    turn("a-function-that-fails", "submit pipeline.yaml --executor inline --keep-going")
    edit(spec, "inputs: [model, test]", "inputs: [modell, test]")
    edit(spec, "outputs: [best]", "output: [best]")
    turn("a-spec-with-typos", "submit pipeline.yaml --executor inline")
    assert not any(wrong), "\n".join(filter(None, wrong))


def test_ctrl_c_leaves_a_screen_that_says_how_to_go_on(
    made: Path, terminal: Callable[..., Terminal]
) -> None:
    model = made / "stages" / "model.py"
    edit(
        model,
        "    temperatures = train",
        "    __import__('time').sleep(600)\n    temperatures = train",
    )
    command = "submit pipeline.yaml --executor inline"
    shown = terminal(*command.split(), cwd=made, columns=COLUMNS, rows=ROWS)
    shown.wait_for("now degree=1")
    shown.press(CTRL_C)
    rc = shown.finish()
    assert (rc, shown.is_cursor_shown, shown.is_as_it_was) == (130, True, True)
    assert not (wrong := agree("wrong-ctrl-c", command, shown.transcript, rc=rc)), wrong
