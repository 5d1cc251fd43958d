"""Figures, embedded: pictures as they are, pages in a frame that can do nothing."""

from __future__ import annotations

import base64

from ...compiler.point import with_point
from ...runtime.description.description import Artifact, Description, Made
from ..terminal import size
from .markup import Markup, element, join
from .pieces import anchor, code, digest, note, plural, section

_PICTURES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".svg": "image/svg+xml",
}
_PAGES = frozenset({".html", ".htm"})
_MOST = 120


def figures_section(description: Description) -> Markup:
    """Return the section, or nothing where the run has no figures."""
    found = [one for one in description.artifacts if one.kind == "figure" and one.made]
    if not found:
        return Markup("")
    pipeline = description.start.pipeline
    return section("figures", "Figures", *[_artifact(one, pipeline) for one in found])


def _artifact(artifact: Artifact, pipeline: str) -> Markup:
    left = artifact.count - min(len(artifact.made), _MOST)
    return element(
        "div",
        element("h3", artifact.name, id=anchor("artifact", artifact.name)),
        element(
            "div",
            *[_figure(artifact, one, pipeline) for one in artifact.made[:_MOST]],
            class_="figures",
        ),
        note(f"{plural(left, 'more figure')} not shown.") if left > 0 else "",
        class_="artifact",
    )


def _figure(artifact: Artifact, made: Made, pipeline: str) -> Markup:
    name = with_point(artifact.name, made.point)
    version = f"version {made.number}" if made.number is not None else ""
    told = [element("b", name), version, digest(made.digest)]
    if made.content is not None:
        told.append(size(made.content.size))
    caption = element("figcaption", join([one for one in told if one], " · "))
    return element("figure", _shown(name, made, pipeline), caption)


def _shown(name: str, made: Made, pipeline: str) -> Markup:
    suffix = made.content.suffix.lower() if made.content is not None else ""
    if made.picture is None:
        return note(f"Not shown: {made.lacks or 'there is nothing to show'}.")
    if suffix in _PICTURES:
        data = base64.b64encode(made.picture).decode("ascii")
        return element("img", src=f"data:{_PICTURES[suffix]};base64,{data}", alt=name)
    if suffix in _PAGES:
        page = made.picture.decode("utf-8", errors="replace")
        frame = element("iframe", sandbox="", srcdoc=page, title=name)
        get = code(f"reprocc get '{pipeline}/{name}' -o figure{suffix}")
        return join([frame, note("Scripts do not run here; ", get, " copies the page.")])
    get = code(f"reprocc get '{pipeline}/{name}' -o figure{suffix}")
    return note(f"A page cannot show {suffix or 'a file without a suffix'}; ", get, " copies it.")
