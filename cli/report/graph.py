"""The graph: sources and transformations as boxes with what they give, from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass

from ...runtime.description.description import Artifact, Description, Transformed
from ..terminal import duration, size
from .layers import Laid, lay
from .markup import Markup, element, join
from .pieces import STATES, anchor, framed, has_place, plural, section, state

_BOLD, _LETTER, _SMALL = 8.6, 7.0, 6.1
"""Widths of a letter in the three types, generous: fonts differ."""
_LONGEST = 26
_HEAD, _TRAY, _BETWEEN, _EDGE = 46.0, 36.0, 44.0, 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box to be drawn: a transformation, or a source, with the artifacts that it gives."""

    name: str
    target: str
    line: str
    state: str
    about: str
    gives: tuple[Artifact, ...]

    @property
    def parts(self) -> tuple[float, ...]:
        """Widths of what it gives, side by side."""
        return tuple(
            18 + max(len(cut(one.name)) * _LETTER, len(_kind(one)) * _SMALL) for one in self.gives
        )

    @property
    def width(self) -> float:
        """Width of the box."""
        head = 28 + max(18 + len(cut(self.name)) * _BOLD, len(self.line) * _SMALL)
        return max(head, sum(self.parts), 120.0)

    @property
    def height(self) -> float:
        """Height of the box."""
        return (_HEAD if self.line else 0.0) + (_TRAY if self.gives else 0.0)


def graph_section(description: Description) -> Markup:
    """Return the section, or nothing where there is no transformation."""
    boxes = _boxes(description)
    if not description.transformations:
        return Markup("")
    lines = _lines(description)
    laid = lay({name: box.width for name, box in boxes.items()}, sorted(lines))
    tall = [max((boxes[n].height for n in layer if n in boxes), default=0) for layer in laid.layers]
    tops = [_EDGE + sum(tall[:index]) + _BETWEEN * index for index in range(len(tall))]
    height = tops[-1] + tall[-1] + _EDGE
    width = laid.width + 2 * _EDGE
    drawn = [
        *[_line(pair, lines[pair], laid, boxes, tops) for pair in sorted(lines)],
        *[
            _box(boxes[name], laid.middle[name] + _EDGE, tops[level], name)
            for level, layer in enumerate(laid.layers)
            for name in layer
            if name in boxes
        ],
    ]
    title = f"The graph of {description.start.pipeline}"
    said = ", ".join(box.about for box in boxes.values())
    svg = element(
        "svg",
        element("title", title),
        element("desc", said[:4000]),
        *drawn,
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        width=round(width),
        height=round(height),
        role="group",
        class_="graph",
    )
    return section(
        "graph",
        "Graph",
        framed(svg, title),
        element("p", _legend(description), class_="note", id="about", aria_live="polite"),
    )


def cut(name: str) -> str:
    """Shorten a name that is too long for a box."""
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


def overall(states: tuple[tuple[str, int], ...], tasks: int) -> str:
    """Return the one state that colours a transformation: the worst of its tasks'."""
    known = dict(states)
    for name in ("failed", "cancelled"):
        if known.get(name):
            return name
    if sum(known.values()) < tasks:
        return "unfinished"
    for name in ("skipped", "succeeded", "reused"):
        if known.get(name):
            return name
    return "unfinished"


def state_words(transformed: Transformed) -> str:
    """Write the states of a transformation's tasks: `2 succeeded, 1 failed`."""
    known = dict(transformed.states)
    left = transformed.tasks - sum(known.values())
    if left:
        known["unfinished"] = left
    if len(known) == 1 and transformed.tasks == 1:
        return STATES[next(iter(known))][1]
    return ", ".join(f"{known[name]:,} {STATES[name][1]}" for name in STATES if name in known)


def _boxes(description: Description) -> dict[str, Box]:
    by_name = {artifact.name: artifact for artifact in description.artifacts}
    found: dict[str, Box] = {}
    for artifact in description.artifacts:
        if not artifact.producer and artifact.readers:
            found[f"source {artifact.name}"] = Box(
                name=artifact.name,
                target=_place_of(artifact),
                line="",
                state="source",
                about=_about_source(artifact),
                gives=(artifact,),
            )
    for one in description.transformations:
        spent = f" · {duration(one.seconds)}" if one.seconds else ""
        found[one.name] = Box(
            name=one.name,
            target=anchor("transformation", one.name),
            line=state_words(one) + spent,
            state=overall(one.states, one.tasks),
            about=_about(one),
            gives=tuple(by_name[name] for name in one.gives if name in by_name),
        )
    return found


def _lines(description: Description) -> dict[tuple[str, str], list[str]]:
    """Return the artifacts that go from one box to another."""
    makers = {one.name: one.producer or f"source {one.name}" for one in description.artifacts}
    found: dict[tuple[str, str], list[str]] = {}
    for one in description.transformations:
        for read in one.reads:
            if read.artifact in makers and makers[read.artifact] != one.name:
                carried = found.setdefault((makers[read.artifact], one.name), [])
                if read.artifact not in carried:
                    carried.append(read.artifact)
    return found


def _about(one: Transformed) -> str:
    over = f" over {', '.join(one.axes)}" if one.axes else ""
    reads = ", ".join(dict.fromkeys(read.artifact for read in one.reads)) or "nothing"
    memory = f", at most {size(one.peak_memory)}" if one.peak_memory else ""
    return (
        f"{one.name}: {one.calls or one.kind}; {plural(one.tasks, 'task')}{over}: "
        f"{state_words(one)}, {duration(one.seconds)}{memory}; reads {reads}; "
        f"gives {', '.join(one.gives) or 'nothing'}"
    )


def _about_source(artifact: Artifact) -> str:
    return f"{artifact.name}: source, {_kind(artifact)}, from {', '.join(artifact.source[:3])}"


def _kind(artifact: Artifact) -> str:
    if artifact.count > 1:
        return f"{artifact.kind} × {artifact.count:,}"
    numbers = [one.number for one in artifact.made if one.number is not None]
    return f"{artifact.kind} · v{numbers[0]}" if numbers else artifact.kind


def _place_of(artifact: Artifact) -> str:
    if has_place(artifact):
        return anchor("artifact", artifact.name)
    return anchor("transformation", artifact.producer) if artifact.producer else "graph"


def _box(box: Box, middle: float, top: float, key: str) -> Markup:
    left, width = middle - box.width / 2, box.width
    drawn: list[Markup] = []
    if box.line:
        shape = element("rect", x=left, y=top, width=width, height=box.height, rx=6)
        sign = STATES.get(box.state, ("·", ""))[0]
        drawn = [
            shape,
            _text(left + 14, top + 20, cut(box.name), "name"),
            _text(left + width - 12, top + 20, sign, "sign"),
            _text(left + 14, top + 37, box.line, "line"),
        ]
        tray = top + _HEAD
    else:
        drawn = [element("rect", x=left, y=top, width=width, height=box.height, rx=18)]
        tray = top
    head = element(
        "a", element("title", box.about), *drawn, href=f"#{box.target}", data_about=box.about
    )
    gives = [
        _given(artifact, x, width_, tray, is_alone=not box.line)
        for artifact, (x, width_) in zip(box.gives, _spread(box, left), strict=True)
    ]
    return element("g", head, *gives, class_=f"box {box.state}", data_box=key)


def _spread(box: Box, left: float) -> list[tuple[float, float]]:
    """Return where each thing given begins and how wide it is; together they fill the box."""
    extra = (box.width - sum(box.parts)) / max(len(box.parts), 1)
    found: list[tuple[float, float]] = []
    for part in box.parts:
        found.append((left, part + extra))
        left += part + extra
    return found


def _given(artifact: Artifact, x: float, width: float, top: float, *, is_alone: bool) -> Markup:
    about = f"{artifact.name}: {_kind(artifact)}"
    rule = Markup("") if is_alone else element("path", d=f"M{x:.1f} {top}h{width:.1f}")
    return element(
        "a",
        element("title", about),
        element("rect", x=x, y=top, width=width, height=_TRAY, class_="hit"),
        rule,
        _text(x + width / 2, top + 15, cut(artifact.name), "given"),
        _text(x + width / 2, top + 29, _kind(artifact), "kind"),
        href=f"#{_place_of(artifact)}",
        data_about=about,
        class_="gives",
    )


def _text(x: float, y: float, words: str, class_: str) -> Markup:
    return element("text", words, x=x, y=y, class_=class_)


def _line(
    pair: tuple[str, str],
    carried: list[str],
    laid: Laid,
    boxes: dict[str, Box],
    tops: list[float],
) -> Markup:
    source, target = pair
    path = laid.paths[pair]
    level = {name: index for index, layer in enumerate(laid.layers) for name in layer}
    box = boxes[source]
    x, y = laid.middle[source] + _EDGE, tops[level[source]] + box.height
    for artifact, (begin, width) in zip(box.gives, _spread(box, x - box.width / 2), strict=True):
        if artifact.name == carried[0]:
            x = begin + width / 2
    drawn = [f"M{x:.1f} {y:.1f}"]
    for name in path[1:]:
        to_x, to_y = laid.middle[name] + _EDGE, tops[level[name]]
        half = (to_y - y) / 2
        drawn.append(f"C{x:.1f} {y + half:.1f} {to_x:.1f} {to_y - half:.1f} {to_x:.1f} {to_y:.1f}")
        x, y = to_x, to_y
        if name != target:
            # Past the boxes of the layer that the line only crosses.
            y = tops[level[name] + 1] - _BETWEEN
            drawn.append(f"V{y:.1f}")
    return element(
        "path",
        element("title", f"{', '.join(carried)} → {target}"),
        d="".join(drawn),
        class_="line",
        data_from=source,
        data_to=target,
    )


def _legend(description: Description) -> Markup:
    found = {overall(one.states, one.tasks) for one in description.transformations}
    return join([state(name) for name in STATES if name in found], " ")
