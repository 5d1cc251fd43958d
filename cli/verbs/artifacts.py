"""`reprocc artifacts`: what there is, with its newest versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ...compiler.point import point_text, with_point
from ..options import Json, Profile, Store
from ..places import open_store
from ..status import DONE, REFUSED
from ..stop import Stop
from ..terminal import say, say_json, short, size, table

if TYPE_CHECKING:
    from ...runtime.store.backend import Backend


def run(
    pipeline: Annotated[
        str, typer.Argument(metavar="[PIPELINE]", help="Only this pipeline's.")
    ] = "",
    store: Store = None,
    profile: Profile = None,
    json: Json = False,
) -> int:
    """List artifacts and their newest versions."""
    from ...runtime.store import versions

    backend = open_store(store, profile=profile).backend
    if pipeline:
        _insist_on(backend, pipeline)
    newest = versions.newest_of_all(backend, pipeline or None)
    if json:
        say_json(
            [
                {
                    "pipeline": one.pipeline,
                    "artifact": one.artifact,
                    "point": point_text(one.point),
                    "kind": one.content.kind,
                    "version": one.number,
                    "digest": one.content.digest,
                    "rows": one.content.rows,
                    "bytes": one.content.size,
                    "run": one.run,
                    "created": one.created,
                }
                for one in newest
            ]
        )
        return DONE
    rows = [
        (
            with_point(f"{one.pipeline}/{one.artifact}", one.point),
            one.content.kind,
            str(one.number),
            short(one.content.digest),
            "" if one.content.rows is None else str(one.content.rows),
            size(one.content.size),
        )
        for one in newest
    ]
    say(table(rows, head=("ARTIFACT", "KIND", "VERSION", "DIGEST", "ROWS", "SIZE")))
    return DONE


def _insist_on(backend: Backend, pipeline: str) -> None:
    """Stop where the store has nothing of a pipeline."""
    from ...compiler.suggest import closest
    from ...runtime.store.versions import artifacts

    known = {name for name, _ in artifacts(backend)}
    if pipeline in known:
        return
    near = closest(pipeline, known)
    raise Stop(
        f"the store has no pipeline `{pipeline}`",
        status=REFUSED,
        help=f"did you mean `{near}`?" if near else "`reprocc artifacts` lists what there is",
    )
