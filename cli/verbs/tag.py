"""`reprocc tag NAME[@V] [TAG]`: name a version, move the name, list names and their history."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...compiler.point import point_text
from ..fold import fold_versions
from ..options import Json, Profile, Quiet, Store
from ..places import open_store
from ..status import DONE, REFUSED, USAGE
from ..stop import Stop
from ..terminal import moment, say, say_json, table, tell

if TYPE_CHECKING:
    from ...runtime.store.backend import Backend
    from ...runtime.store.records import TagMove, TagTarget
    from ..reference import Reference


def run(
    name: Annotated[
        str, typer.Argument(metavar="NAME[@V]", help="`pipeline/artifact[axis=value]@version`.")
    ],
    tag: Annotated[
        str, typer.Argument(metavar="[TAG]", help="The tag to set. Default: list all tags.")
    ] = "",
    note: Annotated[str, typer.Option("-m", metavar="NOTE", help="Say why.")] = "",
    delete: Annotated[
        bool, typer.Option("--delete", "-d", help="Remove the tag; its history stays.")
    ] = False,
    history: Annotated[
        bool, typer.Option("--history", help="List every move, the newest first.")
    ] = False,
    store: Store = None,
    profile: Profile = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Name a version with a tag, or list the tags of an artifact."""
    from ..reference import parse_reference, with_pipeline

    _check_usage(name, tag, note=note, delete=delete, history=history)
    backend = open_store(store, profile=profile).backend
    reference = with_pipeline(backend, parse_reference(name))
    if history:
        _say_history(backend, reference, tag, json=json)
    elif not tag:
        _say_current(backend, reference, json=json)
    else:
        before, after = _move(backend, reference, tag, note=note, delete=delete)
        if json:
            say_json(_record(after or before))
        elif not quiet:
            tell(_moved(reference.name, tag, before, after))
    return DONE


def _check_usage(name: str, tag: str, *, note: str, delete: bool, history: bool) -> None:
    if delete and history:
        raise Stop("`--delete` and `--history` exclude each other", status=USAGE)
    if (delete or note) and not tag:
        option = "--delete" if delete else "-m"
        raise Stop(f"`{option}` needs a tag", status=USAGE, help=f"write `reprocc tag {name} TAG`")
    if note and history:
        raise Stop("`-m` says why a tag moves, but nothing moves here", status=USAGE)
    if "@" in name and (delete or history or not tag):
        raise Stop(
            f"`{name}` names a version, where an artifact is asked for",
            status=USAGE,
            help=f"write `{name.partition('@')[0]}`",
        )


def _move(
    backend: Backend, reference: Reference, tag: str, *, note: str, delete: bool
) -> tuple[TagMove | None, TagMove | None]:
    from ...runtime.clock import now_text
    from ...runtime.store import tags
    from ...runtime.store.versions import are_there

    assert reference.pipeline is not None, "the pipeline was found"
    if (refusal := tags.refused_name(tag)) is not None:
        raise Stop(f"`{tag}` can be no tag", status=REFUSED, help=refusal)
    if delete and tags.find(backend, reference.pipeline, reference.artifact, tag) is None:
        raise _no_tag(reference, tag)
    targets = () if delete else _targets(backend, reference)

    def move(
        targets: tuple[TagTarget, ...], note: str | None
    ) -> tuple[TagMove | None, TagMove | None]:
        assert reference.pipeline is not None, "the pipeline was found"
        return tags.move(
            backend,
            pipeline=reference.pipeline,
            artifact=reference.artifact,
            tag=tag,
            targets=targets,
            created=now_text(),
            host=socket.gethostname(),
            note=note,
        )

    before, after = move(targets, note or None)
    # Whoever collects versions looks at tags once more; so one of both notices the other.
    if not are_there(backend, reference.pipeline, reference.artifact, targets):
        move(() if before is None else before.targets, "the version was removed meanwhile")
        raise Stop(
            f"the version was removed while `{tag}` was moved to it",
            status=REFUSED,
            help=f"`reprocc versions {reference.name}` lists what is there",
        )
    return before, after


def _targets(backend: Backend, reference: Reference) -> tuple[TagTarget, ...]:
    from ...runtime.store.records import TagTarget
    from ..reference import find_versions

    return tuple(
        TagTarget(point=one.point, number=one.number, digest=one.content.digest)
        for one in find_versions(backend, reference)
    )


def _moved(name: str, tag: str, before: TagMove | None, after: TagMove | None) -> str:
    if after is None:
        assert before is not None, "what did not move was there"
        return f"{tag}: {_named(name, before)} already"
    was = _named(name, before) if before is not None and before.targets else ""
    if not after.targets:
        return f"{tag}: removed from {was}" if was else f"{tag}: removed"
    return f"{tag}: {_named(name, after)}{f', before {was}' if was else ''}"


def _say_current(backend: Backend, reference: Reference, *, json: bool) -> None:
    from ...runtime.store import tags

    assert reference.pipeline is not None, "the pipeline was found"
    moves = tags.current(backend, reference.pipeline, reference.artifact)
    if reference.point is not None:
        moves = tuple(
            move for move in moves if any(one.point == reference.point for one in move.targets)
        )
    if json:
        say_json([_record(move) for move in moves])
    elif not moves:
        tell(f"{reference.name} has no tags")
    else:
        _say_table(reference.name, moves)


def _say_history(backend: Backend, reference: Reference, tag: str, *, json: bool) -> None:
    from ...runtime.store import tags

    assert reference.pipeline is not None, "the pipeline was found"
    place = (backend, reference.pipeline, reference.artifact)
    names = [tag] if tag else tags.names(*place)
    moves = [move for name in names for move in tags.history(*place, name)]
    if tag and not moves:
        raise _no_tag(reference, tag)
    moves.sort(key=lambda move: (move.created, move.number), reverse=True)
    if json:
        say_json([_record(move) for move in moves])
    elif not moves:
        tell(f"{reference.name} never had a tag")
    else:
        _say_table(reference.name, moves)


def _say_table(name: str, moves: list[TagMove] | tuple[TagMove, ...]) -> None:
    rows = [
        (move.tag, _named(name, move), moment(move.created), move.host, move.note or "")
        for move in moves
    ]
    say(table(rows, head=("TAG", "NAMES", "MOVED", "ON", "NOTE")))


def _named(name: str, move: TagMove) -> str:
    if not move.targets:
        return "(removed)"
    return fold_versions(name, [(one.point, one.number) for one in move.targets])


def _record(move: TagMove | None) -> dict[str, Any]:
    assert move is not None, "a tag that is set has a last move"
    return {
        "tag": move.tag,
        "pipeline": move.pipeline,
        "artifact": move.artifact,
        "number": move.number,
        "targets": [
            {"point": point_text(one.point), "version": one.number, "digest": one.digest}
            for one in move.targets
        ],
        "moved": move.created,
        "host": move.host,
        "note": move.note,
    }


def _no_tag(reference: Reference, tag: str) -> Stop:
    return Stop(
        f"`{reference.name}` has no tag `{tag}`",
        status=REFUSED,
        help=f"`reprocc tag {reference.name}` lists its tags",
    )
