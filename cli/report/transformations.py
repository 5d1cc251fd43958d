"""The transformations, a row each: what they call, how they fared, what it cost."""

from __future__ import annotations

from ...runtime.description.description import Description, Transformed
from ..terminal import duration, size
from .graph import overall, state_words
from .markup import Markup, element, join
from .pieces import anchor, code, has_place, link, listing, note, section, state


def transformations_section(description: Description) -> Markup:
    """Return the section, or nothing where there are none."""
    if not description.transformations:
        return Markup("")
    known = {artifact.name for artifact in description.artifacts if has_place(artifact)}
    loose = [one.name for one in description.transformations if not one.deterministic]
    return section(
        "transformations",
        "Transformations",
        listing(
            (
                "transformation",
                "calls",
                "reads",
                "gives",
                "tasks",
                "time in all",
                "longest",
                "CPU time",
                "peak memory",
            ),
            [_row(one, known) for one in description.transformations],
            caption="What each does and what it cost, over all of its tasks",
            right=(5, 6, 7, 8),
            class_="roomy",
        ),
        note("Not deterministic, as declared: ", ", ".join(loose), ".") if loose else "",
    )


def _row(one: Transformed, known: set[str]) -> tuple[str, ...]:
    name = element("span", one.name, id=anchor("transformation", one.name))
    over = element("div", f"over {', '.join(one.axes)}", class_="note") if one.axes else Markup("")
    reads = dict.fromkeys((read.artifact, read.gathered) for read in one.reads)
    ran = one.seconds > 0
    return (
        join([name, over]),
        code(one.calls or one.kind),
        join([_read(artifact, axes, known) for artifact, axes in reads], ", "),
        join([_name(artifact, known) for artifact in one.gives], ", "),
        state(overall(one.states, one.tasks), state_words(one)),
        duration(one.seconds) if ran else "",
        duration(one.longest) if ran and one.tasks > 1 else "",
        duration(one.cpu_seconds) if ran else "",
        size(one.peak_memory) if one.peak_memory else "",
    )


def _read(artifact: str, gathered: tuple[str, ...], known: set[str]) -> Markup:
    name = _name(artifact, known)
    return join([name, f" (all of {', '.join(gathered)})"]) if gathered else name


def _name(artifact: str, known: set[str]) -> Markup:
    return link("artifact", artifact) if artifact in known else element("span", artifact)
