"""References that begin as typed: artifacts, their points, their versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ...compiler.point import with_point

if TYPE_CHECKING:
    from ...runtime.store.backend import Backend

_MOST = 100


def references(backend: Backend, typed: str) -> Iterable[tuple[str, str]]:
    """Return what a reference could become: names first, points and versions as it grows."""
    from ...runtime.store.versions import artifacts

    known = artifacts(backend)
    count = Counter(artifact for _, artifact in known)
    name, at, _ = typed.partition("@")
    bare, bracket, _ = name.partition("[")
    names = {
        shown: (pipeline, artifact)
        for pipeline, artifact in known
        for shown in (artifact, f"{pipeline}/{artifact}")
        if "/" in shown or (count[artifact] == 1 and "/" not in typed)
        if "/" in bare or "/" not in shown or count[artifact] > 1
    }
    if at:
        found = names.get(bare)
        return [] if found is None else _versions(backend, *found, name)
    matching = [shown for shown in names if shown.startswith(bare)]
    if bracket:
        matching = [bare] if bare in names else []
    with_points = len(matching) == 1
    return [
        (word, names[shown][0])
        for shown in matching
        for word in (shown, *(_points(backend, *names[shown], shown) if with_points else ()))
    ]


def _points(backend: Backend, pipeline: str, artifact: str, shown: str) -> list[str]:
    from ...runtime.store.versions import points

    found = points(backend, pipeline, artifact)[:_MOST]
    return [with_point(shown, point) for point in found if point]


def _versions(
    backend: Backend, pipeline: str, artifact: str, name: str
) -> Iterator[tuple[str, str]]:
    """Yield the reference with each version: tags first, then the newest numbers, then runs."""
    from ...runtime.store import tags, versions
    from ..reference import parse_reference

    for tag in tags.names(backend, pipeline, artifact):
        yield f"{name}@{tag}", "tag"
    wanted = parse_reference(name).point
    found = versions.points(backend, pipeline, artifact) if wanted is None else (wanted,)
    history = versions.history(backend, pipeline, artifact, found[0]) if found else ()
    for version in reversed(history[-_MOST:]):
        yield f"{name}@{version.number}", version.created
    for run in dict.fromkeys(version.run for version in reversed(history[-_MOST:])):
        yield f"{name}@run:{run}", "run"
