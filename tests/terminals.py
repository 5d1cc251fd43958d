"""A terminal for tests: a command in a pseudo-terminal, and the screen that a person would see.

A test takes the fixture `terminal` and calls it with the words of a `reprocc` command:

    shown = terminal("submit", "pipeline.yaml", cwd=folder, columns=80, rows=24)
    shown.wait_for("2/9")              # or a pattern, or a function of the screen's lines
    shown.resize(columns=40, rows=24)
    shown.press(CTRL_C)
    assert shown.finish() == 130
    assert plain(shown.lines) == [...]

Nothing sleeps: whatever is waited for is waited for by reading what the command writes. What has
been scrolled off the screen is in `transcript`. Every command is ended with its test.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import termios
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pyte

CTRL_C = "\x03"
CTRL_Z = "\x1a"
ENTER = "\r"

Condition = str | re.Pattern[str] | Callable[[list[str]], bool]
"""What a screen is waited for: a text or a pattern in it, or a claim about its lines."""

_TIMES = re.compile(r" *\b(?:\d+ h \d\d min|\d+ min(?: \d\d s)?|\d+(?:\.\d+)? s)\b")
_RUNS = re.compile(r"\b\d{8}-\d{6}-[0-9a-f]{6}\b")
_PLANS = re.compile(r"\bplan [0-9a-f]{12}\b")
_SIZES = re.compile(r"\b\d+(?:\.\d+)? [KMG]?i?B\b")
_SPINNER = re.compile(r"^  [⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏](?= )")


def plain(lines: Iterable[str]) -> list[str]:
    """Replace what differs from run to run: times (and the blanks before them) by ` T`, sizes by
    `B`, runs by `R`, a plan's digest by `P`, the turning character by `*`."""
    found = []
    for line in lines:
        line = _SIZES.sub("B", _TIMES.sub(" T", line))
        line = _PLANS.sub("plan P", _RUNS.sub("R", line))
        found.append(_SPINNER.sub("  *", line))
    return found


class Terminal:
    """A command that runs in a pseudo-terminal of its own, which is its controlling one.

    `environment` is the command's whole environment. Sizes are in characters.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        environment: Mapping[str, str],
        columns: int = 80,
        rows: int = 24,
    ) -> None:
        self._screen = pyte.HistoryScreen(columns, rows, history=10_000, ratio=0.5)
        self._stream = pyte.ByteStream(self._screen)
        self._master, slave = pty.openpty()
        termios.tcsetwinsize(slave, (rows, columns))
        self.settings = termios.tcgetattr(slave)
        self.process = subprocess.Popen(
            command,
            cwd=cwd,
            env=dict(environment),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        # Kept open, so that the settings can be looked at when the command has ended.
        self._slave = slave
        self._ended = os.pidfd_open(self.process.pid)
        self.written = b""
        """Everything that was written to the terminal, as it came."""

    @property
    def lines(self) -> list[str]:
        """The screen, without blank lines at its end and blanks at the lines' ends."""
        return _stripped(self._screen.display)

    @property
    def transcript(self) -> list[str]:
        """What was scrolled off the screen, then the screen."""
        columns = self._screen.columns
        above = [
            "".join(line[column].data for column in range(columns))
            for line in self._screen.history.top
        ]
        return _stripped([*above, *self._screen.display])

    @property
    def is_cursor_shown(self) -> bool:
        """Whether a person sees the cursor."""
        return not self._screen.cursor.hidden

    @property
    def is_as_it_was(self) -> bool:
        """Whether echo and the other settings of the terminal are what they were at first."""
        return termios.tcgetattr(self._slave) == self.settings

    def colours_of(self, text: str) -> set[str]:
        """Return the colours in which the first line that holds `text` shows it."""
        for row, line in enumerate(self._screen.display):
            column = line.find(text)
            if column >= 0:
                cells = self._screen.buffer[row]
                return {cells[column + offset].fg for offset in range(len(text))}
        raise AssertionError(f"`{text}` is not on the screen\n{self._shown()}")

    def wait_for(self, condition: Condition, *, seconds: float = 30) -> list[str]:
        """Read until the screen is as wanted and return its lines.

        Raises AssertionError, with the screen, where the command ends or time runs out before.
        """
        deadline = time.monotonic() + seconds
        while not _holds(condition, self.lines):
            if not self._read(deadline):
                raise AssertionError(f"the screen never showed {condition}\n{self._shown()}")
        return self.lines

    def press(self, keys: str) -> None:
        """Type; `CTRL_C` and its like act through the terminal, as a person's would."""
        os.write(self._master, keys.encode())

    def resize(self, *, columns: int, rows: int) -> None:
        """Give the window another size; the command gets SIGWINCH. Lines are cut, not wrapped."""
        self._screen.resize(rows, columns)
        termios.tcsetwinsize(self._master, (rows, columns))

    def hang_up(self) -> None:
        """Close the terminal, as closing its window does: SIGHUP, and nothing can be written."""
        for end in (self._master, self._slave):
            os.close(end)
        self._master = self._slave = -1

    def finish(self, *, seconds: float = 60) -> int:
        """Read to the command's end; return its exit status, negative for a signal that killed."""
        deadline = time.monotonic() + seconds
        while self._master >= 0 and self._read(deadline):
            pass
        try:
            return self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the command did not end\n{self._shown()}") from None

    def close(self) -> None:
        """End the command and everything of its session that still runs; safe to call twice."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for end in (self._master, self._slave, self._ended):
            if end >= 0:
                os.close(end)
        self._master = self._slave = self._ended = -1

    def _read(self, deadline: float) -> bool:
        """Read what comes next; False where nothing will come, or not in time."""
        left = max(0.0, deadline - time.monotonic())
        ready = select.select([self._master, self._ended], [], [], left)[0]
        if self._master in ready:
            data = os.read(self._master, 65536)
            self.written += data
            self._stream.feed(data)
            return True
        return False

    def _shown(self) -> str:
        frame = "-" * self._screen.columns
        return "\n".join([frame, *self.lines, frame])


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _holds(condition: Condition, lines: list[str]) -> bool:
    if isinstance(condition, str):
        return any(condition in line for line in lines)
    if isinstance(condition, re.Pattern):
        return condition.search("\n".join(lines)) is not None
    return condition(lines)


def _stripped(lines: Iterable[str]) -> list[str]:
    found = [line.rstrip() for line in lines]
    while found and not found[-1]:
        found.pop()
    return found
