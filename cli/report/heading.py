"""The head of the page: which run this is, how it ended, and where it comes from."""

from __future__ import annotations

import shlex
from collections import Counter

from ...runtime.description.description import Description
from ..terminal import duration, moment
from .markup import Markup, element, join
from .pieces import STATES, code, digest, note, state


def heading(description: Description) -> Markup:
    """Return the head of the page."""
    start, end = description.start, description.end
    title = element(
        "h1", start.pipeline, element("span", start.run, class_="run"), aria_label=start.pipeline
    )
    facts: list[tuple[str, str]] = [
        ("Started", moment(start.started)),
        ("Took", "unknown: the run has no end" if end is None else duration(end.seconds)),
        ("Tasks", join(_counts(description), " ") or "none"),
        ("Host", start.host),
        ("Plan", digest(start.plan)),
        ("Seed", "unknown" if description.seed is None else str(description.seed)),
        ("Command", code(command(start.command))),
    ]
    rows = [
        element(
            "div",
            element("dt", name),
            element("dd", value),
            class_="whole" if name == "Command" else None,
        )
        for name, value in facts
    ]
    return element(
        "header",
        title,
        element("p", state(description.state), class_="verdict"),
        element("dl", *rows),
        *[note(line) for line in description.missing],
    )


def command(words: tuple[str, ...]) -> str:
    """Return a command line as a person would type it, the program by its name alone."""
    first = words[0].rpartition("/")[2] if words else ""
    return shlex.join([first, *words[1:]])


def _counts(description: Description) -> list[Markup]:
    counts = Counter(task.state for task in description.tasks)
    if description.unfinished:
        counts["unfinished"] = len(description.unfinished)
    order = [name for name in STATES if name in counts]
    return [state(name, f"{counts[name]:,} {STATES[name][1]}") for name in order]
