"""The timeline: when each task ran, on which host."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ...runtime.description.description import Description
from ...runtime.store.records import TaskRecord
from ..terminal import duration
from .markup import Markup, element, text
from .pieces import STATES, folded, framed, note, plural, section

_MOST_ROWS = 60
"""Tasks that have a line and a name of their own; more share lines."""
_MOST_OPEN = 200
_MOST_LANES = 64
_WIDTH, _ROW, _LANE, _HEAD = 1000.0, 20.0, 9.0, 26.0
_LETTER, _LONGEST = 6.3, 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A stretch of time, in seconds from the first task's start."""

    begin: float
    end: float
    state: str
    about: str
    host: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """From seconds to the drawing: `total` seconds from `left` on."""

    total: float
    left: float

    def at(self, seconds: float) -> float:
        """Return how far right a moment lies."""
        return self.left + seconds * (_WIDTH - self.left - 30) / (self.total or 1)


def timeline_section(description: Description) -> Markup:
    """Return the section, or nothing where no task ran."""
    bars = _bars(description.tasks)
    if not bars:
        return Markup("")
    hosts = sorted({bar.host for bar in bars})
    has_rows = len(bars) <= _MOST_ROWS
    labels = [_cut(bar.label) for bar in bars] if has_rows else [_cut(host) for host in hosts]
    left = 20 + _LETTER * max(len(label) for label in labels)
    scale = Scale(total=max(bar.end for bar in bars), left=max(left, 50.0))
    drawn = _rows(bars, scale) if has_rows else _lanes(bars, scale, hosts)
    where = f"on {', '.join(hosts[:5])}" if len(hosts) <= 5 else f"on {len(hosts)} hosts"
    said = f"{plural(len(bars), 'task')} ran within {duration(scale.total)} {where}."
    reused = sum(task.state == "reused" for task in description.tasks)
    inner = [framed(drawn, "The timeline of the run")]
    if reused:
        inner.append(note(f"{plural(reused, 'reused task')} took no time and are not drawn."))
    body = folded("Timeline", *inner) if len(bars) > _MOST_OPEN else element("div", *inner)
    return section("timeline", "Timeline", element("p", said), body)


def _bars(tasks: Iterable[TaskRecord]) -> list[Bar]:
    found: list[tuple[float, TaskRecord]] = []
    for task in tasks:
        if task.attempts and task.seconds > 0:
            try:
                found.append((datetime.fromisoformat(task.started).timestamp(), task))
            except ValueError:
                continue
    first = min((at for at, _ in found), default=0.0)
    bars = [
        Bar(
            begin=at - first,
            end=at - first + task.seconds,
            state=task.state,
            about=f"{task.task}: {STATES.get(task.state, ('', task.state))[1]}, "
            f"{duration(task.seconds)}, from {duration(at - first)}",
            host=task.host,
            label=task.task,
        )
        for at, task in found
    ]
    return sorted(bars, key=lambda bar: (bar.begin, bar.end, bar.label))


def _cut(label: str) -> str:
    return label if len(label) <= _LONGEST else label[: _LONGEST - 1] + "…"


def _rows(bars: list[Bar], scale: Scale) -> Markup:
    """Draw a line with a name for each task."""
    drawn = [_axis(scale, _HEAD + _ROW * len(bars))]
    for index, bar in enumerate(bars):
        top = _HEAD + _ROW * index
        drawn.append(_label(_cut(bar.label), scale.left - 10, top + 14))
        drawn.append(_bar(bar, scale, top + 4, _ROW - 8))
    return _svg(drawn, _HEAD + _ROW * len(bars) + 6)


def _lanes(bars: list[Bar], scale: Scale, hosts: list[str]) -> Markup:
    """Draw tasks in as many lines a host as ran there at once; bars too near to tell are one."""
    drawn: list[Markup] = []
    top = _HEAD
    for host in hosts:
        lanes = _packed([bar for bar in bars if bar.host == host])
        drawn.append(_label(_cut(host), scale.left - 10, top + 9))
        for lane in lanes[:_MOST_LANES]:
            drawn += [_bar(bar, scale, top, _LANE - 2) for bar in _merged(lane, scale)]
            top += _LANE
        if len(lanes) > _MOST_LANES:
            words = f"and {len(lanes) - _MOST_LANES:,} more at once"
            drawn.append(element("text", words, x=scale.left, y=top + 12))
            top += 2 * _LANE
        top = max(top + _LANE, top - len(lanes) * _LANE + _ROW)
    return _svg([_axis(scale, top), *drawn], top)


def _packed(bars: list[Bar]) -> list[list[Bar]]:
    """Put each bar into the first line that is free."""
    lanes: list[list[Bar]] = []
    for bar in bars:
        for lane in lanes:
            if lane[-1].end <= bar.begin + 0.002:
                lane.append(bar)
                break
        else:
            lanes.append([bar])
    return lanes


def _merged(lane: list[Bar], scale: Scale) -> list[Bar]:
    """Join what is less than a point wide on paper with what follows, within one state."""
    point = scale.total / (_WIDTH - scale.left)
    found: list[Bar] = []
    count = 1
    for bar in lane:
        last = found[-1] if found else None
        if last is None or last.state != bar.state or bar.end - last.begin > 2 * point:
            found.append(bar)
            count = 1
            continue
        count += 1
        found[-1] = Bar(
            begin=last.begin,
            end=bar.end,
            state=bar.state,
            about=f"{count} tasks, {STATES.get(bar.state, ('', bar.state))[1]}",
            host=bar.host,
            label="",
        )
    return found


def _bar(bar: Bar, scale: Scale, top: float, height: float) -> Markup:
    x = scale.at(bar.begin)
    width = max(scale.at(bar.end) - x, 1.5)
    return Markup(
        f'<rect x="{x:.1f}" y="{top:.0f}" width="{width:.1f}" height="{height:.0f}" '
        f'class="bar {text(bar.state)}"><title>{text(bar.about)}</title></rect>'
    )


def _label(words: str, x: float, y: float) -> Markup:
    return element("text", words, x=x, y=y, text_anchor="end")


def _axis(scale: Scale, bottom: float) -> Markup:
    marks: list[Markup] = []
    for index in range(5):
        at = scale.total * index / 4
        x = scale.at(at)
        marks.append(element("path", d=f"M{x:.1f} {_HEAD - 6}V{bottom:.1f}"))
        marks.append(element("text", duration(at), x=x, y=14, text_anchor="middle"))
    return element("g", *marks, class_="ticks")


def _svg(drawn: list[Markup], height: float) -> Markup:
    return element(
        "svg",
        element("title", "When each task ran"),
        *drawn,
        viewBox=f"0 0 {_WIDTH:g} {height:.0f}",
        width=round(_WIDTH),
        height=round(height),
        role="img",
        class_="timeline",
    )
