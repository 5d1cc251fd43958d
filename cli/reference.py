"""References to versions: `pipeline/artifact[depth=4]@V`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..compiler.point import Point, parse_point, point_text, with_point
from .newest import run_named
from .status import REFUSED
from .stop import Stop

if TYPE_CHECKING:
    from ..runtime.store.backend import Backend
    from ..runtime.store.records import TagMove, Version

_REFERENCE = re.compile(
    r"(?:(?P<pipeline>[a-z][a-z0-9-]*)/)?(?P<artifact>[a-z][a-z0-9_]*)"
    r"(?:\[(?P<point>.*)\])?(?:@(?P<version>[^@]+))?\Z"
)
_NUMBER = re.compile(r"[1-9][0-9]{0,9}\Z", re.ASCII)
_SHORTEST_DIGEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A reference as written; what was left out is None."""

    pipeline: str | None
    artifact: str
    point: Point | None
    version: str | None

    @property
    def name(self) -> str:
        """The artifact with its pipeline, where known."""
        return f"{self.pipeline}/{self.artifact}" if self.pipeline else self.artifact


def parse_reference(text: str) -> Reference:
    """Read a reference, or stop."""
    help = "write `pipeline/artifact[axis=value]@version`"
    match = _REFERENCE.match(text)
    if match is None:
        raise Stop(f"`{text}` names no artifact", status=REFUSED, help=help)
    raw = match["point"]
    try:
        point = None if raw is None else parse_point(raw)
    except ValueError as error:
        raise Stop(f"`[{raw}]` is no point", status=REFUSED, help=help) from error
    return Reference(
        pipeline=match["pipeline"],
        artifact=match["artifact"],
        point=point,
        version=match["version"],
    )


def with_pipeline(backend: Backend, reference: Reference) -> Reference:
    """Find the pipeline where the reference leaves it out: the one that has such an artifact."""
    from ..runtime.store.versions import artifacts

    known = artifacts(backend)
    pipelines = sorted(
        name
        for name, artifact in known
        if artifact == reference.artifact and reference.pipeline in (None, name)
    )
    if len(pipelines) == 1:
        return replace(reference, pipeline=pipelines[0])
    if not pipelines:
        from ..compiler.suggest import closest

        whole = [f"{name}/{artifact}" for name, artifact in known]
        names = whole if reference.pipeline else sorted({artifact for _, artifact in known})
        near = closest(reference.name, names)
        raise Stop(
            f"the store has no artifact `{reference.name}`",
            status=REFUSED,
            help=f"did you mean `{near}`?" if near else "`reprocc artifacts` lists what there is",
        )
    raise Stop(
        f"several pipelines have an artifact `{reference.artifact}`",
        status=REFUSED,
        help="name one: " + ", ".join(f"`{name}/{reference.artifact}`" for name in pipelines),
    )


def points_of(backend: Backend, reference: Reference) -> tuple[Point, ...]:
    """Return the points that a reference covers: the one it names, or all there are."""
    from ..runtime.store.versions import points

    assert reference.pipeline is not None, "the pipeline is found first"
    known = points(backend, reference.pipeline, reference.artifact)
    if not known:  # a folder alone: all that was in it is lost, or set aside
        raise Stop(
            f"`{reference.name}` has no version left",
            status=REFUSED,
            help="submit a pipeline that makes it; `reprocc fsck` says what else is amiss",
        )
    if reference.point is None:
        return known
    if reference.point not in known:
        named = ", ".join(f"[{point_text(point)}]" for point in known[:8])
        raise Stop(
            f"`{reference.name}` has no point [{point_text(reference.point)}]",
            status=REFUSED,
            help=f"it has {named}" if any(known) else "it has no axes",
        )
    return (reference.point,)


def find_versions(backend: Backend, reference: Reference) -> list[Version]:
    """Return the versions that a reference names, one a point: the newest where it names none.

    Of an artifact with axes, a run or a tag names the points that it has. What follows the `@` is
    a run, else a number, else a tag, else the beginning of a digest.
    """
    from ..runtime.store import tags

    assert reference.pipeline is not None, "the pipeline is found first"
    wanted = reference.version
    if wanted is not None and wanted.startswith("run:"):
        return _of_run(backend, reference, run_named(backend, wanted.removeprefix("run:")))
    if wanted is not None:
        move = tags.find(backend, reference.pipeline, reference.artifact, wanted)
        if move is not None:
            return _of_tag(backend, reference, move)
    found: list[Version] = []
    for point in points_of(backend, reference):
        one = _at(backend, reference, point)
        if one is None:
            raise _no_version(reference, point)
        found.append(one)
    return found


def _at(backend: Backend, reference: Reference, point: Point) -> Version | None:
    """Return the version that a reference names at one point by number or digest."""
    from ..runtime.store import versions

    assert reference.pipeline is not None, "the pipeline is found first"
    place = (reference.pipeline, reference.artifact, point)
    wanted = reference.version
    if wanted is None:
        return versions.newest(backend, *place)
    if _NUMBER.match(wanted) and (one := versions.find(backend, *place, int(wanted))) is not None:
        return one
    if len(wanted) < _SHORTEST_DIGEST:
        return None
    return _search(versions.history(backend, *place), wanted, with_point(reference.name, point))


def _of_tag(backend: Backend, reference: Reference, move: TagMove) -> list[Version]:
    """Return what a tag names at the points that a reference covers."""
    from ..runtime.store import versions

    name = f"{reference.name}@{move.tag}"
    wanted = None if reference.point is None else point_text(reference.point)
    targets = [one for one in move.targets if wanted in (None, point_text(one.point))]
    if not targets:
        assert reference.point is not None, "a tag that is there names some version"
        points_of(backend, reference)
        named = ", ".join(f"[{point_text(one.point)}]" for one in move.targets[:8])
        raise Stop(
            f"`{name}` names no version at [{point_text(reference.point)}]",
            status=REFUSED,
            help=f"it names versions at {named}",
        )
    found: list[Version] = []
    for target in targets:
        one = versions.find(backend, move.pipeline, move.artifact, target.point, target.number)
        if one is None:
            raise Stop(
                f"`{name}` names version {target.number}, which is gone",
                status=REFUSED,
                help=f"`reprocc tag {reference.name}@VERSION {move.tag}` moves it",
            )
        found.append(one)
    return found


def _of_run(backend: Backend, reference: Reference, run: str) -> list[Version]:
    """Return what a run made, reused, or took in of an artifact."""
    from ..runtime.store import runs, versions

    assert reference.pipeline is not None, "the pipeline is found first"
    start, tasks, _ = runs.read(backend, run)
    digests = {
        with_point(artifact, ()) + task.task[len(task.task.partition("[")[0]) :]: digest
        for task in tasks
        for _, artifact, _, digest in task.outputs
    }
    digests |= {artifact: digest for task in tasks for _, artifact, digest in task.inputs}
    found: list[Version] = []
    for point in points_of(backend, reference) if start.pipeline == reference.pipeline else ():
        wanted = digests.get(with_point(reference.artifact, point))
        history = versions.history(backend, reference.pipeline, reference.artifact, point)
        same = [one for one in history if one.run == run or one.content.digest == wanted]
        # The run's own first, else the last that was there when it reused one.
        before = [one for one in same if one.run <= run]
        if before:
            found.append(before[-1])
    if not found:
        raise _no_version(reference, reference.point or ())
    return found


def _no_version(reference: Reference, point: Point) -> Stop:
    return Stop(
        f"`{with_point(reference.name, point)}` has no version `{reference.version}`",
        status=REFUSED,
        help=f"`reprocc versions {reference.name}` lists them",
    )


def _search(history: tuple[Version, ...], wanted: str, name: str) -> Version | None:
    """Find a version by the beginning of its digest."""
    found = [
        version
        for version in history
        if version.content.digest.startswith(wanted)
        or version.content.digest.rpartition(":")[2].startswith(wanted)
    ]
    if len({version.content.digest for version in found}) > 1:
        raise Stop(
            f"several versions of `{name}` have digests that begin with `{wanted}`",
            status=REFUSED,
            help="give more of the digest",
        )
    return found[-1] if found else None
