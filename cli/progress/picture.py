"""The picture of a run: a head, then one line for each transformation, cut to the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from ...runtime.events import TaskState
from ..terminal import duration
from .choice import choose
from .glyphs import Glyphs
from .tally import Row, Tally

_MANY = 5
"""Tasks from which on a transformation has a bar."""

_TIME = 6
"""Columns of a time at least, so that what follows it stays where it is."""

_NARROW = 36
"""Columns below which a line has no time."""

_FRAMES_PER_SECOND = 10

_MOST_POINTS = 3
"""Points named of those that run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a picture is drawn for: a terminal's size, the time in seconds, what is happening.

    `left` is how many seconds the rest will take, where that is known.
    """

    width: int
    height: int
    now: float
    left: float | None = None
    is_stopping: bool = False


_BAR: tuple[tuple[TaskState, str], ...] = (
    ("reused", "dim green"),
    ("succeeded", "green"),
    ("failed", "red"),
)
_NOTED: tuple[tuple[TaskState, str], ...] = (
    ("cancelled", "yellow"),
    ("skipped", "dim"),
    ("reused", "dim"),
)


class Painter:
    """Draws a tally with some characters; no line is wider than the terminal.

    `starting` is said while the executor is being started; empty where that takes no time.
    """

    def __init__(self, glyphs: Glyphs, *, starting: str) -> None:
        self._glyphs = glyphs
        self._starting = starting

    def draw(self, tally: Tally, frame: Frame) -> list[Text]:
        """Return the lines: fewer than the terminal has, all of one where the run is over."""
        running: dict[str, list[str]] = {}
        for task, _ in () if tally.is_over else tally.running():
            running.setdefault(task.transformation, []).append(_point(task.id))
        active = sum(len(points) for points in running.values())
        head = [] if tally.is_over else [self._head(tally, active, frame)]
        shown, folded = choose(tally, running, frame.height - 1 - len(head))
        lines = [*head, *self._table(shown, running, frame)]
        if folded:
            lines.append(Text(f"  {self._glyphs.cut} {folded}", style="dim"))
        lines = lines[: max(1, frame.height - 1)]
        for line in lines:
            self._cut(line, frame.width - 1)
        return lines

    def _head(self, tally: Tally, active: int, frame: Frame) -> Text:
        elapsed = clock(frame.now - tally.started)
        done = f"{tally.settled}/{tally.total}"
        if frame.is_stopping:
            said = [("stopping: what runs is being ended", "yellow")]
        elif tally.starting is not None and self._starting:
            since = clock(frame.now - tally.starting)
            said = [(done, ""), (f"{self._starting}, {since}", "cyan")]
        else:
            said = [(done, ""), (f"{active} running", "")]
            if frame.left is not None:
                said.append((f"about {clock(frame.left)} left", ""))
        parts = [(tally.pipeline, "bold"), (elapsed, ""), *said]
        if sum(len(text) + 2 for text, _ in parts) + len(tally.run) < frame.width:
            parts.insert(1, (tally.run, "dim"))
        return Text("  ").join(Text(clean(text), style=style) for text, style in parts)

    def _table(
        self, rows: Sequence[Row], running: dict[str, list[str]], frame: Frame
    ) -> list[Text]:
        widest = max((len(row.name) for row in rows), default=0)
        name = min(widest, max(12, frame.width * 2 // 5))
        counts = {row.name: _count(row) for row in rows}
        has_room = frame.width >= _NARROW
        times = {row.name: _time(row, frame.now) if has_room else "" for row in rows}
        count = max((2 * len(str(row.total)) + 1 for row in rows if row.total > 1), default=0)
        time = max(_TIME, *(len(text) for text in times.values())) if any(times.values()) else 0
        bar = _bar_width(frame.width) if any(row.total >= _MANY for row in rows) else 0
        lines = []
        for row in rows:
            glyph, style = self._state(row, row.name in running, frame.now)
            cells = [self._padded(row.name, name)]
            if count:
                cells.append(Text(counts[row.name].rjust(count)))
            if bar:
                cells.append(self._bar(row, bar) if row.total >= _MANY else Text(" " * bar))
            if time:
                cells.append(Text(times[row.name].rjust(time), style="dim"))
            cells.append(self._note(row, running.get(row.name, [])))
            line = Text("  ").append(glyph, style=style).append(" ")
            lines.append(line.append_text(Text("  ").join(cells)))
        return lines

    def _state(self, row: Row, is_running: bool, now: float) -> tuple[str, str]:
        glyphs = self._glyphs
        if row.states["failed"]:
            return glyphs.failed, "bold red"
        if row.is_over:
            if row.states["cancelled"]:
                return glyphs.skipped, "yellow"
            if row.states["skipped"]:
                return glyphs.skipped, "dim"
            return (glyphs.done, "green") if row.states["succeeded"] else (glyphs.reused, "dim")
        if is_running:
            frame = int(now * _FRAMES_PER_SECOND) % len(glyphs.running)
            return glyphs.running[frame], "cyan"
        return (glyphs.retrying, "yellow") if row.retrying else (glyphs.waiting, "dim")

    def _bar(self, row: Row, width: int) -> Text:
        line = Text()
        reached = drawn = 0
        for state, style in _BAR:
            reached += row.states[state]
            until = reached * width // row.total
            line.append(self._glyphs.full * (until - drawn), style=style)
            drawn = until
        return line.append(self._glyphs.empty * (width - drawn), style="dim")

    def _note(self, row: Row, points: list[str]) -> Text:
        parts: list[tuple[str, str]] = []
        if row.states["failed"]:
            many = f"{row.states['failed']} failed" if row.total > 1 else "failed"
            parts.append((many, "red"))
        for state, style in _NOTED:
            if row.states[state]:
                is_all = row.states[state] == row.total
                parts.append((state if is_all else f"{row.states[state]} {state}", style))
        if row.retrying:
            parts.append((f"{row.retrying} to be tried again", "yellow"))
        named = [point for point in points if point]
        if named:
            parts.append((f"now {', '.join(named[:_MOST_POINTS])}", "cyan"))
            if len(named) > _MOST_POINTS:
                parts.append((f"{len(named) - _MOST_POINTS} more", "cyan"))
        return Text(", ").join(Text(clean(text), style=style) for text, style in parts)

    def _padded(self, name: str, width: int) -> Text:
        text = Text(name)
        self._cut(text, width)
        text.pad_right(width - text.cell_len)
        return text

    def _cut(self, line: Text, width: int) -> None:
        line.rstrip()
        if line.cell_len > width:
            line.truncate(max(0, width - 1))
            line.append(self._glyphs.cut, style="dim")


def clock(seconds: float) -> str:
    """Write a time that goes on: `12 s`, `1 min 05 s`, `2 h 03 min`."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def clean(text: str) -> str:
    """Return text without what would move the cursor."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _point(task: str) -> str:
    return task.partition("[")[2].removesuffix("]")


def _count(row: Row) -> str:
    done = sum(row.states[state] for state, _ in _BAR)
    return f"{done}/{row.total}" if row.total > 1 else ""


def _time(row: Row, now: float) -> str:
    seconds = row.seconds(now)
    if seconds is None:
        return ""
    return duration(seconds) if row.is_over else clock(seconds)


def _bar_width(width: int) -> int:
    return 20 if width >= 100 else 12 if width >= 72 else 0
