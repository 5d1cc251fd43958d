"""What a person sees of a run on a terminal: whole screens, in a real pseudo-terminal."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ..terminals import CTRL_C, Terminal, plain

INLINE = ("submit", "pipeline.yaml", "--executor", "inline")
SPEC = """
reprocc: 1
name: held
artifacts:
  numbers: {kind: table, source: data.csv}
  first: {kind: metrics}
  part: {kind: metrics}
  total: {kind: metrics}
transformations:
  begin: {python: "work:begin", inputs: [numbers], outputs: [first]}
  measure:
    python: "work:measure"
    inputs: [first]
    outputs: [part]
    arguments: {piece: "${matrix.piece}"}
    matrix: {piece: [1, 2, 3, 4, 5, 6]}
  add: {python: "work:add", gather: {parts: part}, outputs: [total]}
"""
# At its third piece it waits for a letter: `g` to go on, anything else to fail.
CODE = """
def begin(numbers):
    return {{"value": numbers.num_rows}}

def measure(first, piece):
    if piece == 3:
        with open({gate!r}) as file:  # reprocc: allow undeclared-file
            if file.read(1) != "g":
                raise ValueError("the third is bad")
    return {{"value": piece}}

def add(parts):
    return {{"accuracy": 0.97123, "count": parts.num_rows, "name": "x"}}
"""
HEAD = ["  numbers: data.csv, 2 rows, new version 1"]


class Held:
    """A pipeline whose `measure[piece=3]` waits; `gate` is the pipe that it reads."""

    def __init__(self, folder: Path, gate: Path) -> None:
        self.folder = folder
        self._gate = os.open(gate, os.O_RDWR | os.O_NONBLOCK)

    def let(self, letter: str) -> None:
        """Let it go on (`g`), or fail."""
        os.write(self._gate, letter.encode())

    def close(self) -> None:
        os.close(self._gate)


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    folder = tmp_path / "held"
    folder.mkdir()
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    (folder / "pipeline.yaml").write_text(SPEC)
    (folder / "work.py").write_text(CODE.format(gate=str(gate)))
    (folder / "data.csv").write_text("a\n1\n2\n")
    made = Held(folder, gate)
    yield made
    made.close()


@pytest.fixture
def show(terminal: Callable[..., Terminal], held: Held) -> Callable[..., Terminal]:
    """Submit it inline in a terminal and wait until the third piece runs."""

    def run(*options: str, **keywords: Any) -> Terminal:
        shown = terminal(*INLINE, *options, cwd=held.folder, **keywords)
        shown.wait_for(lambda lines: any("2/6" in line and "piece=3" in line for line in lines))
        return shown

    return run


def test_a_run_is_one_line_for_each_transformation_and_ends_in_a_summary(
    show: Callable[..., Terminal], held: Held
) -> None:
    shown = show()
    assert plain(shown.lines) == [
        *HEAD,
        "held  R T  3/8  1 running",
        "  ✓ begin T",
        "  * measure  2/6  ━━━━──────── T  now piece=3",
        "  · add",
    ]
    held.let("g")
    assert shown.finish() == 0
    assert shown.is_as_it_was
    assert told(shown) == [
        *HEAD,
        "  ✓ begin T",
        "  ✓ measure  6/6  ━━━━━━━━━━━━ T",
        "  ✓ add T",
        "succeeded in T: 8 ran",
        "  run      R of held, plan P",
        "  metrics  total: accuracy 0.9712, count 6",
        "  total    reprocc get held/total -o total.json",
    ]
    assert shown.colours_of("✓") == {"green"}


def told(shown: Terminal) -> list[str]:
    """Return everything shown, but for what a summary says only where the machine is slow."""
    return [line for line in plain(shown.transcript) if not re.match("  (slowest|used) ", line)]


def test_a_narrow_terminal_cuts_and_a_wide_one_gives_room(
    show: Callable[..., Terminal], held: Held
) -> None:
    shown = show(columns=40)
    assert plain(shown.lines)[-4:] == [
        "held T  3/8  1 running",
        "  ✓ begin T",
        "  * measure  2/6 T  now piece=3",
        "  · add",
    ]
    held.let("g")
    assert shown.finish() == 0


def test_a_wide_terminal_gives_room(show: Callable[..., Terminal], held: Held) -> None:
    shown = show(columns=200)
    assert plain(shown.lines)[-2] == "  * measure  2/6  ━━━━━━────────────── T  now piece=3"
    held.let("g")
    assert shown.finish() == 0


def test_a_window_that_changes_its_size_shows_no_more_than_it_holds(
    show: Callable[..., Terminal], held: Held
) -> None:
    shown = show(columns=120)
    shown.resize(columns=24, rows=12)
    shown.wait_for(lambda lines: any(re.fullmatch("held  .*…", line) for line in lines))
    assert plain(shown.lines)[-3:] == ["  ✓ begin", "  * measure  2/6  now …", "  · add"]
    shown.resize(columns=100, rows=30)
    shown.wait_for("now piece=3")
    held.let("g")
    assert shown.finish() == 0


def test_other_encodings_get_other_characters(show: Callable[..., Terminal], held: Held) -> None:
    shown = show(env={"PYTHONIOENCODING": "ascii"})
    lines = plain(shown.lines)
    assert lines[2] == "  + begin T"
    assert re.fullmatch(r"  [-|/\\] measure  2/6  ####-------- T  now piece=3", lines[3])
    assert lines[4] == "  . add"
    held.let("g")
    assert shown.finish() == 0
    assert shown.written.isascii()


def test_a_failure_stays_above_the_picture_and_is_explained_at_the_end(
    show: Callable[..., Terminal], held: Held
) -> None:
    shown = show("--keep-going")
    held.let("x")
    assert shown.finish() == 1
    assert told(shown) == [
        *HEAD,
        "  failed: measure[piece=3] raised ValueError: the third is bad",
        "  ✓ begin T",
        "  ✗ measure  6/6  ━━━━━━━━━━━━ T  1 failed",
        "  - add                                 skipped",
        "",
        "error[task-failed]: `measure[piece=3]` raised ValueError: the third is bad",
        "  --> pipeline.yaml:11:3",
        "   |",
        "11 |   measure:",
        "   |   ^^^^^^^",
        "    Traceback (most recent call last):",
        '      File "work.py", line 9, in measure',
        '        raise ValueError("the third is bad")',
        "    ValueError: the third is bad",
        "",
        "failed in T: 6 ran, 1 failed, 1 skipped",
        "  run      R of held, plan P",
        "  failed   measure[piece=3] raised ValueError: the third is bad",
        "  again    reprocc submit pipeline.yaml --executor inline --keep-going",
        "           what succeeded is reused",
    ]
    assert shown.colours_of("failed: measure") == {"red"}
    assert shown.colours_of("✗") == {"red"}


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_an_interrupted_run_leaves_its_last_state_once_and_the_terminal_as_it_was(
    number: int, status: int, show: Callable[..., Terminal]
) -> None:
    shown = show()
    os.kill(shown.process.pid, number)
    assert_cancelled(shown, status)


def test_ctrl_c_does_the_same(show: Callable[..., Terminal]) -> None:
    shown = show()
    shown.press(CTRL_C)
    assert_cancelled(shown, 130)


def assert_cancelled(shown: Terminal, status: int) -> None:
    assert shown.finish() == status
    assert shown.is_cursor_shown
    assert shown.is_as_it_was
    assert told(shown) == [
        *HEAD,
        "  ✓ begin T",
        "  - measure  2/6  ━━━━──────── T  4 cancelled",
        "  - add                                 cancelled",
        "cancelled in T: 3 ran, 5 cancelled",
        "  run      R of held, plan P",
        "  again    reprocc submit pipeline.yaml --executor inline",
        "           what succeeded is reused",
    ]


def test_a_terminal_that_goes_away_ends_the_run_in_order(
    show: Callable[..., Terminal], held: Held, reprocc: Callable[..., Any]
) -> None:
    shown = show()
    shown.hang_up()
    assert shown.finish() == 129
    (run,) = reprocc("runs", "--json", cwd=held.folder).json
    assert run["state"] == "cancelled"


def test_a_run_that_was_stopped_and_goes_on_is_drawn_below_what_came_between(
    show: Callable[..., Terminal], held: Held
) -> None:
    shown = show()
    os.kill(shown.process.pid, signal.SIGSTOP)
    os.waitpid(shown.process.pid, os.WUNTRACED)
    before = [line for line in shown.lines if "measure" in line]
    os.kill(shown.process.pid, signal.SIGCONT)
    shown.wait_for(lambda lines: sum("measure" in line for line in lines) == 2)
    assert len(before) == 1
    held.let("g")
    assert shown.finish() == 0
    assert sum("✓ measure" in line for line in shown.transcript) == 1


def test_where_all_is_reused_there_is_one_line_and_no_rich(
    terminal: Callable[..., Terminal], held: Held
) -> None:
    held.let("g")
    assert terminal(*INLINE, cwd=held.folder).finish() == 0
    code = (
        "import atexit, sys\n"
        "from reprocc.cli.__main__ import main\n"
        "atexit.register(lambda: print(*({'rich.console', 'ray'} & set(sys.modules))))\n"
        "main()"
    )
    again = terminal(*INLINE, cwd=held.folder, command=[sys.executable, "-c", code])
    assert again.finish() == 0
    assert plain(again.transcript) == ["succeeded in T: nothing to do, all 8 reused"]


def test_reused_points_are_told_apart(terminal: Callable[..., Terminal], held: Held) -> None:
    held.let("g")
    assert terminal(*INLINE, cwd=held.folder).finish() == 0
    spec = held.folder / "pipeline.yaml"
    spec.write_text(spec.read_text().replace("5, 6]", "5, 7]"))
    shown = terminal(*INLINE, cwd=held.folder)
    assert shown.finish() == 0
    assert plain(shown.transcript)[:4] == [
        "  = begin                               reused",
        "  ✓ measure  6/6  ━━━━━━━━━━━━ T  5 reused",
        "  ✓ add T",
        "succeeded in T: 2 ran, 6 reused",
    ]


@pytest.mark.parametrize("options", [{"env": {"TERM": "dumb"}}, {"env": {"TERM": None}}])
def test_a_terminal_that_can_do_no_more_gets_lines(
    options: dict[str, Any], terminal: Callable[..., Terminal], held: Held
) -> None:
    held.let("g")
    shown = terminal(*INLINE, cwd=held.folder, **options)
    assert shown.finish() == 0
    assert b"\x1b" not in shown.written
    assert plain(shown.transcript)[:4] == [
        "held: 8 tasks, plan P, run R",
        *HEAD,
        "  begin: done in T",
        "  measure[piece=1]: done in T",
    ]


def test_quiet_shows_nothing(terminal: Callable[..., Terminal], held: Held) -> None:
    held.let("g")
    shown = terminal(*INLINE, "-q", cwd=held.folder)
    assert shown.finish() == 0
    assert shown.written == b""


def test_no_color_leaves_the_picture_and_takes_its_colours(
    show: Callable[..., Terminal], held: Held
) -> None:
    shown = show(env={"NO_COLOR": "1"})
    assert plain(shown.lines)[-1] == "  · add"
    held.let("x")
    assert shown.finish() == 1
    assert re.search(rb"\x1b\[[0-9;]*m", shown.written) is None


@pytest.mark.parametrize("name", ["FORCE_COLOR", "CLICOLOR_FORCE"])
def test_colour_can_be_asked_for_where_there_is_no_terminal(
    name: str, held: Held, reprocc: Callable[..., Any]
) -> None:
    held.let("x")
    without = reprocc(*INLINE, cwd=held.folder, env={name: "0"})
    assert "\x1b[" not in without.stderr
    held.let("x")
    coloured = reprocc(*INLINE, cwd=held.folder, env={name: "1"})
    assert "\x1b[" in coloured.stderr
    held.let("x")
    both = reprocc(*INLINE, cwd=held.folder, env={name: "1", "NO_COLOR": "1"})
    assert "\x1b[" not in both.stderr


@pytest.mark.ray
def test_a_person_sees_that_ray_is_being_started(
    terminal: Callable[..., Terminal], held: Held
) -> None:
    shown = terminal("submit", "pipeline.yaml", cwd=held.folder)
    lines = shown.wait_for(re.compile(r"starting Ray on this machine, [1-9]"))
    assert plain(lines) == [
        *HEAD,
        "held  R T  0/8  starting Ray on this machine, T",
        "  · begin",
        "  · measure  0/6  ────────────",
        "  · add",
    ]
    shown.wait_for("now piece=3")
    shown.press(CTRL_C)
    shown.wait_for("stopping: what runs is being ended")
    assert shown.finish() == 130
    assert shown.is_as_it_was
    assert sum("measure" in line for line in shown.transcript) == 1


STRAY = """
import sys
from reprocc.cli.progress.screen import Screen
from reprocc.cli.progress.tally import Tally
import threading

screen = Screen(
    Tally(()), threading.Lock(), (), former=dict, starting="", stream=sys.stderr
)
print("from here")
sys.stdout.write("in two ")
sys.stdout.write("parts\\nand ")
print("warned", file=sys.stderr)
threading.Thread(target=lambda: print("from a thread"), daemon=True).start()
input()
screen.close()
print("after")
"""


def test_what_others_print_comes_above_the_picture(terminal: Callable[..., Terminal]) -> None:
    shown = terminal(command=[sys.executable, "-c", STRAY])
    shown.wait_for("from a thread")
    shown.press("\r")
    assert shown.finish() == 0
    lines = [line for line in shown.transcript if line]
    assert sorted(lines[:4]) == ["and from a thread", "from here", "in two parts", "warned"]
    assert lines[-1] == "after"
