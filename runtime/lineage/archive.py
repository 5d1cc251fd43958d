"""The versions and runs of a store as a search for lineage reads them: each once, none required."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ...compiler.point import parse_point, point_text
from ..store import layout, versions
from ..store.append import numbers
from ..store.backend import Backend, Damaged, Missing, StoreError
from ..store.records import Version
from ..store.records_json import decode_version
from ..store.runs import read
from ..store.sealed import NewerFormat

Place = tuple[str, str, str]
"""Pipeline, artifact, and point as text."""

_CONTENT = re.compile(rb'"content":\{"digest":"([^"]+)"')
_DIGEST = re.compile(rb'"digest":"([^"]+)"')
_INPUTS = b'"inputs":['
_SOURCE = b'"task":""'

Inputs = tuple[tuple[str, str, str], ...]


class Archive:
    """Reads what is there; what is damaged or gone is None, and no error."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._shelves: dict[Place, _Shelf] = {}
        self._runs: dict[str, dict[str, Inputs]] = {}
        self._readers: dict[str, dict[bytes, list[tuple[_Shelf, int]]]] = {}

    def resolve(self, place: Place, digest: str, run: str) -> Version | None:
        """Return the version with a digest that a run met: the last one that was there by then.

        None where no version with this digest is left.
        """
        found: Version | None = None
        shelf = self._shelf(place)
        for number in shelf.with_digest(digest.encode()):
            version = shelf.version(number)
            if version is not None and version.content.digest == digest:
                found = version
                if version.run <= run:
                    break
        return found

    def inputs(self, version: Version) -> Inputs | None:
        """Return what a version was made from; None where no record tells."""
        if not version.task:
            return ()
        if version.inputs is not None:
            return version.inputs
        return self._inputs_in(version.run).get(version.task)

    def readers(self, pipeline: str, digest: str) -> Iterator[Version]:
        """Yield the versions of a pipeline some input of which has a digest."""
        if pipeline not in self._readers:
            self._readers[pipeline] = self._index(pipeline)
        for shelf, number in self._readers[pipeline].get(digest.encode(), ()):
            version = shelf.version(number)
            if version is not None:
                yield version

    def _index(self, pipeline: str) -> dict[bytes, list[tuple[_Shelf, int]]]:
        """Map every digest that a manifest names as read to the manifest; few are ever parsed."""
        found: dict[bytes, list[tuple[_Shelf, int]]] = {}
        for _, artifact in versions.artifacts(self._backend, pipeline):
            for point in versions.points(self._backend, pipeline, artifact):
                shelf = self._shelf((pipeline, artifact, point_text(point)))
                for number in reversed(shelf.numbers):
                    for digest in self._read_digests(shelf, number):
                        found.setdefault(digest, []).append((shelf, number))
        return found

    def _read_digests(self, shelf: _Shelf, number: int) -> Iterable[bytes]:
        data = shelf.data(number)
        start = data.find(_INPUTS)
        if start >= 0:
            return dict.fromkeys(_DIGEST.findall(data, start))
        if _SOURCE in data or (version := shelf.version(number)) is None:
            return ()
        return dict.fromkeys(digest.encode() for _, _, digest in self.inputs(version) or ())

    def _shelf(self, place: Place) -> _Shelf:
        if place not in self._shelves:
            self._shelves[place] = _Shelf(self._backend, place)
        return self._shelves[place]

    def _inputs_in(self, run: str) -> dict[str, Inputs]:
        if run not in self._runs:
            try:
                _, tasks, _ = read(self._backend, run)
            except StoreError:
                tasks = ()
            # The record of a task that never got so far says nothing about what it reads.
            self._runs[run] = {task.task: task.inputs for task in tasks if task.outputs}
        return self._runs[run]


class _Shelf:
    """The versions of one artifact at one point, as far as they were read; the newest first."""

    def __init__(self, backend: Backend, place: Place) -> None:
        pipeline, artifact, point = place
        self._backend = backend
        self._place = place
        self._folder = layout.versions_of(pipeline, artifact, parse_point(point))
        self._data: dict[int, bytes] = {}
        self._versions: dict[int, Version | None] = {}
        self._by_digest: dict[bytes, list[int]] = {}
        self.numbers = tuple(reversed(numbers(backend, self._folder)))
        self._unread = iter(self.numbers)

    def with_digest(self, digest: bytes) -> Iterator[int]:
        """Yield the versions whose content seems to have a digest; read no further than asked."""
        known = self._by_digest.setdefault(digest, [])
        given = 0
        while True:
            while given < len(known):
                given += 1
                yield known[given - 1]
            number = next(self._unread, None)
            if number is None:
                return
            matched = _CONTENT.search(self.data(number))
            if matched is not None:
                self._by_digest.setdefault(matched[1], []).append(number)

    def version(self, number: int) -> Version | None:
        """Return a version, or None where its manifest is gone or damaged."""
        if number not in self._versions:
            self._versions[number] = self._decoded(number)
        return self._versions[number]

    def data(self, number: int) -> bytes:
        """Return a manifest's bytes, none where it is gone."""
        if number not in self._data:
            try:
                self._data[number] = self._backend.get(self._folder + layout.numbered(number))
            except (Missing, Damaged):
                self._data[number] = b""
        return self._data[number]

    def _decoded(self, number: int) -> Version | None:
        try:
            found = decode_version(self.data(number), self._folder)
        except (Damaged, NewerFormat):
            return None
        place = (found.pipeline, found.artifact, point_text(found.point))
        return found if (place, found.number) == (self._place, number) else None


def place_of(pipeline: str, artifact: str) -> Place | None:
    """Return where an input lies, as a record names it: `fit[depth=4]`, or `other/fit[depth=4]`."""
    name, bracket, rest = artifact.partition("[")
    try:
        point = point_text(parse_point(rest.removesuffix("]"))) if bracket else ""
    except ValueError:
        return None
    other, slash, own = name.partition("/")
    return (other, own, point) if slash else (pipeline, name, point)
