"""Tags: names for versions that can be moved, each move kept for ever."""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import layout
from .append import append, new_nonce, numbers
from .at_once import each
from .backend import Backend, Damaged, Missing
from .records import TagMove, TagTarget
from .sealed import damaged_record
from .tags_json import decode_move, encode_move

_NAME = re.compile(r"[a-z](?:[a-z0-9._-]{0,62}[a-z0-9])?\Z", re.ASCII)
_LIKE_A_DIGEST = re.compile(r"[0-9a-f]{4,}\Z", re.ASCII)


def refused_name(name: str) -> str | None:
    """Say what to write instead where this can be no tag, or return None where it can be one.

    A tag is never what else may follow an `@`: a number, a run, the beginning of a digest.
    """
    if name.startswith("run:"):
        return "name it otherwise: what begins with `run:` names a run"
    if _NAME.match(name) is None:
        return "write 1 to 64 of a–z, 0–9, `.`, `_`, `-`, from a letter to a letter or digit"
    if _LIKE_A_DIGEST.match(name):
        return "name it otherwise: it could be the beginning of a digest"
    return None


def move(
    backend: Backend,
    *,
    pipeline: str,
    artifact: str,
    tag: str,
    targets: Sequence[TagTarget],
    created: str,
    host: str,
    note: str | None,
) -> tuple[TagMove | None, TagMove | None]:
    """Point a tag at versions, one a point, or at none to remove it.

    Return the move before this one, and this one: None where the tag named just these and there
    is no note. Of racing writers each move gets its own number, without gaps; the last one
    counts. Raises ValueError for a name that is refused, StoreError.
    """
    if (refusal := refused_name(tag)) is not None:
        raise ValueError(refusal)
    nonce = new_nonce()
    found = tuple(targets)
    before: list[TagMove | None] = [None]
    made: list[TagMove] = []

    def seal(last: int) -> bytes | None:
        before[0] = _readable(backend, pipeline, artifact, tag, last)
        named = () if before[0] is None else before[0].targets
        if repr(named) == repr(found) and note is None and (last == 0 or before[0] is not None):
            return None
        made.append(
            TagMove(
                pipeline=pipeline,
                artifact=artifact,
                tag=tag,
                number=last + 1,
                targets=found,
                created=created,
                host=host,
                note=note,
                nonce=nonce,
            )
        )
        return encode_move(made[-1])

    appended = append(backend, _folder(pipeline, artifact, tag), seal)
    return before[0], None if appended is None else made[-1]


def find(backend: Backend, pipeline: str, artifact: str, tag: str) -> TagMove | None:
    """Return a tag's last move, or None where there is no such tag, or where it was removed.

    Raises Damaged where that record is: an older one says what the tag no longer means.
    """
    if refused_name(tag) is not None:
        return None
    last = max(numbers(backend, _folder(pipeline, artifact, tag)), default=0)
    found = _read(backend, pipeline, artifact, tag, last) if last else None
    return found if found is not None and found.targets else None


def history(backend: Backend, pipeline: str, artifact: str, tag: str) -> tuple[TagMove, ...]:
    """Return every move of a tag, the oldest first; empty where there never was one.

    Raises Damaged at the first damaged record.
    """
    if refused_name(tag) is not None:
        return ()
    found = numbers(backend, _folder(pipeline, artifact, tag))
    return tuple(_read(backend, pipeline, artifact, tag, number) for number in found)


def names(backend: Backend, pipeline: str, artifact: str) -> tuple[str, ...]:
    """Return the names of all tags that an artifact ever had, sorted."""
    children = backend.children(layout.tags_of(pipeline, artifact))
    found = (name[:-1] for name in children if name.endswith("/"))
    return tuple(name for name in found if refused_name(name) is None)


def current(backend: Backend, pipeline: str, artifact: str) -> tuple[TagMove, ...]:
    """Return the last move of every tag that an artifact has now, by name. Raises Damaged."""
    known = names(backend, pipeline, artifact)
    found = each(backend, lambda tag: find(backend, pipeline, artifact, tag), known)
    return tuple(one for one in found if one is not None)


def _folder(pipeline: str, artifact: str, tag: str) -> str:
    return f"{layout.tags_of(pipeline, artifact)}{tag}/"


def _readable(
    backend: Backend, pipeline: str, artifact: str, tag: str, number: int
) -> TagMove | None:
    """Return a move to compare with; a damaged one is no reason not to move the tag."""
    try:
        return _read(backend, pipeline, artifact, tag, number) if number else None
    except (Damaged, Missing):
        return None


def _read(backend: Backend, pipeline: str, artifact: str, tag: str, number: int) -> TagMove:
    key = _folder(pipeline, artifact, tag) + layout.numbered(number)
    place = f"{backend.url}/{key}"
    found = decode_move(backend.get(key), place)
    if (found.pipeline, found.artifact, found.tag, found.number) != (
        pipeline,
        artifact,
        tag,
        number,
    ):
        raise damaged_record(place)
    return found
