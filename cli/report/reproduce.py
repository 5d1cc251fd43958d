"""How to do it again: the command, what it must give, and how to fetch what was made."""

from __future__ import annotations

import shlex

from ...runtime.description.description import Artifact, Description
from .heading import command
from .markup import Markup, element
from .pieces import code, listing, note, section

_MOST = 40


def reproduce_section(description: Description) -> Markup:
    """Return the section."""
    start = description.start
    final = [one for one in description.artifacts if one.producer and not one.readers and one.made]
    fetches = [_fetch(one, start.pipeline, start.run) for one in final[:_MOST]]
    parts: list[str] = [
        element(
            "p",
            "Run the same again, in the folder where the spec lies; what has not changed is "
            "reused, and an equal plan has the digest ",
            code(start.plan),
            ".",
        ),
        _commands([command(start.command)], "Run again"),
    ]
    if fetches:
        parts += [element("p", "Copy what it made:"), _commands(fetches, "Copy what it made")]
    digests = [(f"{one.name}", one.made[0].digest) for one in final[:_MOST] if one.count == 1]
    if digests:
        parts.append(
            listing(
                ("artifact", "digest"),
                [(name, code(value)) for name, value in digests],
                caption="What an equal run gives, bit for bit",
                class_="long",
            )
        )
    loose = [one.name for one in description.transformations if not one.deterministic]
    if loose:
        parts.append(note("Declared as not deterministic: ", ", ".join(loose), "."))
    return section("reproduce", "Reproduce", *parts)


def _fetch(artifact: Artifact, pipeline: str, run: str) -> str:
    content = artifact.made[0].content
    suffix = "" if content is None or artifact.count > 1 else content.suffix
    if content is not None and content.layout == "table" and artifact.count == 1:
        suffix = ".parquet"
    target = f"{artifact.name}{suffix}"
    return shlex.join(["reprocc", "get", f"{pipeline}/{artifact.name}@run:{run}", "-o", target])


def _commands(lines: list[str], label: str) -> Markup:
    return element("pre", "\n".join(lines), tabindex=0, aria_label=label, class_="commands")
