"""Pieces that sections share: a section, a table, a state, a digest, something folded."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...runtime.description.description import Artifact
from ..terminal import short
from .markup import Markup, element, join

STATES = {
    "succeeded": ("✓", "succeeded"),
    "reused": ("↺", "reused"),
    "failed": ("✕", "failed"),
    "cancelled": ("■", "cancelled"),
    "skipped": ("–", "skipped"),
    "running": ("…", "running, or killed"),
    "unfinished": ("…", "not finished"),
}
"""The sign and the words of each state; nothing is told by colour alone."""


def section(name: str, title: str, *inner: str) -> Markup:
    """Return a section of the page with its heading."""
    heading = element("h2", title, id=f"{name}-title")
    return element("section", heading, *inner, id=name, aria_labelledby=f"{name}-title")


def state(name: str, words: str = "") -> Markup:
    """Return a state: a sign, coloured, and words."""
    sign, known = STATES.get(name, ("·", name))
    mark = element("span", sign, class_="sign", aria_hidden="true")
    return element("span", mark, " ", words or known, class_=f"state {name}")


def code(value: str) -> Markup:
    """Return something that is written as it stands."""
    return element("code", value)


def quoted(message: str) -> Markup:
    """Return a message in which what stands between backticks is code."""
    pieces = re.split(r"`([^`]*)`", message)
    return join(code(piece) if index % 2 else piece for index, piece in enumerate(pieces))


def digest(value: str) -> Markup:
    """Return a digest shortened, whole on hover."""
    return element("code", short(value), title=value, class_="digest")


def folded(summary: str, *inner: str, is_open: bool = False, id: str | None = None) -> Markup:
    """Return something that opens on click."""
    return element("details", element("summary", summary), *inner, open=is_open, id=id)


def note(*inner: str) -> Markup:
    """Return a remark in small type."""
    return element("p", *inner, class_="note")


def listing(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    caption: str,
    right: Sequence[int] = (),
    class_: str | None = None,
    label: int = 0,
) -> Markup:
    """Return a table that scrolls within its own width.

    `right` are columns of numbers, `label` the column that names the row (-1: none does).
    """
    heads = [
        element("th", title, scope="col", class_="num" if index in right else None)
        for index, title in enumerate(head)
    ]
    body = [
        element("tr", *[_cell(cell, index, right, label) for index, cell in enumerate(row)])
        for row in rows
    ]
    return framed(
        element(
            "table",
            element("caption", caption),
            element("thead", element("tr", *heads)),
            element("tbody", *body),
            class_=class_,
        ),
        caption,
    )


def framed(inner: Markup, label: str, *, is_tall: bool = False) -> Markup:
    """Return something wide in a frame of its own that scrolls, also by the keyboard."""
    shape = "wide tall" if is_tall else "wide"
    return element("div", inner, class_=shape, tabindex=0, role="region", aria_label=label)


def _cell(cell: str, index: int, right: Sequence[int], label: int) -> Markup:
    kind = "num" if index in right else None
    if index == label:
        return element("th", cell, scope="row", class_=kind)
    return element("td", cell, class_=kind)


def plural(count: int, one: str, many: str = "") -> str:
    """Write a number of things: `1 point`, `1,200 points`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def anchor(kind: str, name: str) -> str:
    """Return the name of a place on the page; names of a spec are letters, digits and `-_`."""
    return f"{kind}-{name}"


def has_place(artifact: Artifact) -> bool:
    """Whether some section of the page shows an artifact."""
    return bool(artifact.made and artifact.kind)


def link(kind: str, name: str) -> Markup:
    """Return a link to what a name means."""
    return element("a", name, href=f"#{anchor(kind, name)}", class_="name")
