"""Whether a version that goes could be made again from what stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set

from ..content import Content
from ..store.records import TaskRecord, Version
from .naming import parts_of
from .under_way import RunFile

Inputs = tuple[tuple[str, str, str], ...]


class Remaking:
    """Answers for one collection.

    `kept` and `going` are versions, `objects` the names of the objects that stay, `runs` the runs
    of the store by name. A version can be made again where the code that made it stays, and each
    of its inputs does, or can itself be made again.
    """

    def __init__(
        self,
        *,
        kept: list[Version],
        going: list[Version],
        objects: Set[str],
        runs: Mapping[str, RunFile],
    ) -> None:
        self._objects = objects
        self._runs = runs
        self._tasks: dict[str, dict[str, TaskRecord]] = {}
        self._kept = {
            (one.pipeline, one.content.digest) for one in kept if self._is_there(one.content)
        }
        self._going: defaultdict[tuple[str, str], list[Version]] = defaultdict(list)
        for one in going:
            self._going[one.pipeline, one.content.digest].append(one)
        self._known: dict[tuple[str, str, str], str] = {}

    def obstacle(self, version: Version) -> str:
        """Say what keeps a version from being made again; nothing where it can be."""
        place = (version.pipeline, version.artifact, version.content.digest)
        if place not in self._known:
            self._known[place] = "it would be made from itself"
            self._known[place] = self._found(version)
        return self._known[place]

    def _found(self, version: Version) -> str:
        if not version.task:
            place = version.location
            return f"it came from outside: `{place}`" if place else "it came from outside"
        if not self._has_code(version):
            return "the code that made it is not in the store"
        inputs = self._inputs(version)
        if inputs is None:
            return "nothing tells what it was made from"
        for _, artifact, digest in inputs:
            if (version.pipeline, digest) in self._kept:
                continue
            sources = self._going.get((version.pipeline, digest), ())
            if not any(not self.obstacle(one) for one in sources):
                return (
                    f"it was made from `{artifact}`, which {'goes too' if sources else 'is gone'}"
                )
        return ""

    def _has_code(self, version: Version) -> bool:
        transformation = version.task.partition("[")[0]
        for name in (version.run, version.reused_from):
            run = self._runs.get(name or "")
            if run is not None:
                code = dict(run.start.code).get(transformation)
                if code is not None and self._is_there(code):
                    return True
        return False

    def _inputs(self, version: Version) -> Inputs | None:
        if version.inputs is not None:
            return version.inputs
        if version.run not in self._tasks:
            run = self._runs.get(version.run)
            self._tasks[version.run] = {} if run is None else {t.task: t for t in run.tasks}
        task = self._tasks[version.run].get(version.task)
        return None if task is None else task.inputs

    def _is_there(self, content: Content) -> bool:
        return all(name in self._objects for name, _ in parts_of(content))
