"""`reprocc lineage NAME[@V]`: what a version was made from, and what was made from it."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from ..options import Json, Profile, Store
from ..places import open_store
from ..status import DONE, USAGE
from ..stop import Stop
from ..terminal import say, say_json

if TYPE_CHECKING:
    from ...runtime.lineage.graph import Lineage
    from ...runtime.store.backend import Backend
    from ...runtime.store.records import Version


class Format(StrEnum):
    """How a lineage is written."""

    TEXT = "text"
    MERMAID = "mermaid"
    JSON = "json"


def run(
    name: Annotated[
        str, typer.Argument(metavar="NAME[@V]", help="`pipeline/artifact[axis=value]@version`.")
    ],
    up: Annotated[bool, typer.Option("--up", help="Only what it was made from.")] = False,
    down: Annotated[bool, typer.Option("--down", help="Only what was made from it.")] = False,
    depth: Annotated[
        int | None, typer.Option("--depth", metavar="N", help="How many steps away. Default: all.")
    ] = None,
    format: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.TEXT,
    store: Store = None,
    profile: Profile = None,
    json: Json = False,
) -> int:
    """Show what a version was made from, and what was made from it."""
    from ..reference import find_versions, parse_reference, with_pipeline

    if depth is not None and depth < 1:
        raise Stop(f"`--depth {depth}` shows nothing", status=USAGE, help="write 1 or more")
    backend = open_store(store, profile=profile).backend
    found = find_versions(backend, with_pipeline(backend, parse_reference(name)))
    lineages = _trace(backend, found, up=up or not down, down=down or not up, depth=depth)
    _say(backend, lineages, Format.JSON if json else format)
    return DONE


def _trace(
    backend: Backend, found: list[Version], *, up: bool, down: bool, depth: int | None
) -> dict[str, Lineage]:
    from ...runtime.lineage.archive import Archive
    from ...runtime.lineage.search import trace

    archive = Archive(backend)
    lineages: dict[str, Lineage] = {}
    if up:
        lineages["up"] = trace(archive, found, "up", depth=depth)
    if down:
        lineages["down"] = trace(archive, found, "down", depth=depth)
    return lineages


def _say(backend: Backend, lineages: dict[str, Lineage], format: Format) -> None:
    from ...runtime.lineage.origin import origin_of

    origins = partial(origin_of, backend)
    if format is Format.JSON:
        from ..ancestry.json import lineage_record

        say_json(lineage_record(lineages, origins=origins))
    elif format is Format.MERMAID:
        from ..ancestry.mermaid import draw_mermaid

        say(draw_mermaid(lineages))
    else:
        from ..ancestry.tree import draw_tree

        titles = {"up": "made from", "down": "went into"}
        for number, (side, lineage) in enumerate(lineages.items()):
            if len(lineages) > 1:
                nothing = "" if lineage.edges or lineage.cut or side == "up" else " nothing yet"
                say(f"{'' if number == 0 else chr(10)}{titles[side]}{nothing}")
                if nothing:
                    continue
                say("")
            say(draw_tree(lineage, upward=side == "up", origins=origins))
