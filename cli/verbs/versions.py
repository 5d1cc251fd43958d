"""`reprocc versions NAME`: the history of an artifact, the newest first."""

from __future__ import annotations

from typing import Annotated

import typer

from ...compiler.point import point_text
from ..options import Json, Store
from ..places import open_store
from ..status import DONE
from ..terminal import say, say_json, short, size, table


def run(
    name: Annotated[
        str, typer.Argument(metavar="NAME[@V]", help="`pipeline/artifact[axis=value]@version`.")
    ],
    store: Store = None,
    json: Json = False,
) -> int:
    """List the versions of an artifact."""
    from ...runtime.store import versions
    from ..reference import find_versions, parse_reference, points_of, with_pipeline

    backend = open_store(store).backend
    reference = with_pipeline(backend, parse_reference(name))
    assert reference.pipeline is not None, "the pipeline was found"
    if reference.version is not None:
        found = find_versions(backend, reference)
    else:
        found = [
            version
            for point in points_of(backend, reference)
            for version in reversed(
                versions.history(backend, reference.pipeline, reference.artifact, point)
            )
        ]
    if json:
        say_json(
            [
                {
                    "version": one.number,
                    "point": point_text(one.point),
                    "digest": one.content.digest,
                    "run": one.run,
                    "task": one.task,
                    "created": one.created,
                    "parts": len(one.content.parts),
                    "rows": one.content.rows,
                    "bytes": one.content.size,
                    "tags": [],
                    "reused_from": one.reused_from,
                }
                for one in found
            ]
        )
        return DONE
    rows = [
        (
            str(one.number),
            point_text(one.point),
            short(one.content.digest),
            "" if one.content.rows is None else str(one.content.rows),
            size(one.content.size),
            one.run,
            one.task or "(source)",
        )
        for one in found
    ]
    say(table(rows, head=("VERSION", "POINT", "DIGEST", "ROWS", "SIZE", "RUN", "TASK")))
    return DONE
