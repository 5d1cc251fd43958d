"""`reprocc versions NAME`: the history of an artifact, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ...compiler.point import point_text
from ..options import Json, Profile, Store
from ..places import open_store
from ..status import DONE
from ..terminal import say, say_json, short, size, table

if TYPE_CHECKING:
    from ...runtime.store.backend import Backend
    from ...runtime.store.records import Version

Tagged = dict[tuple[str, int], list[str]]
"""The tags of each version, by its point as text and its number."""


def run(
    name: Annotated[
        str, typer.Argument(metavar="NAME[@V]", help="`pipeline/artifact[axis=value]@version`.")
    ],
    store: Store = None,
    profile: Profile = None,
    json: Json = False,
) -> int:
    """List the versions of an artifact."""
    from ...runtime.store import versions
    from ..reference import find_versions, parse_reference, points_of, with_pipeline

    backend = open_store(store, profile=profile).backend
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
    tagged = _tags(backend, reference.pipeline, reference.artifact)
    if json:
        say_json([_record(one, tagged) for one in found])
    else:
        _print(found, tagged)
    return DONE


def _record(one: Version, tagged: Tagged) -> dict[str, object]:
    return {
        "version": one.number,
        "point": point_text(one.point),
        "digest": one.content.digest,
        "run": one.run,
        "task": one.task,
        "created": one.created,
        "parts": len(one.content.parts),
        "rows": one.content.rows,
        "bytes": one.content.size,
        "tags": tagged.get((point_text(one.point), one.number), []),
        "reused_from": one.reused_from,
    }


def _print(found: list[Version], tagged: Tagged) -> None:
    rows = [
        (
            str(one.number),
            point_text(one.point),
            short(one.content.digest),
            "" if one.content.rows is None else str(one.content.rows),
            size(one.content.size),
            one.run,
            one.task or "(source)",
            ", ".join(tagged.get((point_text(one.point), one.number), [])),
        )
        for one in found
    ]
    head = ("VERSION", "POINT", "DIGEST", "ROWS", "SIZE", "RUN", "TASK", "TAGS")
    say(table(rows, head=head))


def _tags(backend: Backend, pipeline: str, artifact: str) -> Tagged:
    from ...runtime.store.tags import current

    found: Tagged = {}
    for move in current(backend, pipeline, artifact):
        for target in move.targets:
            found.setdefault((point_text(target.point), target.number), []).append(move.tag)
    return found
