"""A view of a store for one run, which knows from one listing what versions a pipeline has."""

from __future__ import annotations

from collections import defaultdict
from threading import Lock

from . import layout
from .at_once import at_once
from .backend import Backend
from .view import View


def surveyed(backend: Backend, pipeline: str) -> Backend:
    """Return a survey of a store that is far away; one that is at hand is asked itself."""
    return Survey(backend, pipeline) if at_once(backend) > 1 else backend


class Survey(View):
    """Lists the manifests of a pipeline's versions once, when the first is asked for.

    From then on it knows of those that it creates itself; where it learns that another writer
    was faster (a create fails), it asks the store about that folder from then on. A manifest that
    was read is kept for the next reading, since none ever changes. So a run sees the versions as
    they were at one moment of it, for the price of a request for each thousand instead of one for
    each artifact and point.
    """

    def __init__(self, below: Backend, pipeline: str) -> None:
        super().__init__(below)
        self._area = layout.artifacts_of(pipeline)
        self._names: defaultdict[str, set[str]] | None = None
        self._outdated: set[str] = set()
        self._read: dict[str, bytes] = {}
        self._lock = Lock()

    def children(self, prefix: str) -> tuple[str, ...]:
        """Return the names directly under `prefix`."""
        if not prefix.startswith(self._area) or prefix in self._outdated:
            return super().children(prefix)
        with self._lock:
            if self._names is None:
                self._names = self._listed()
            return tuple(sorted(self._names[prefix]))

    def get(self, key: str) -> bytes:
        """Return all bytes; those of a manifest are read once and given twice."""
        if not key.startswith(self._area):
            return super().get(key)
        known = self._read.pop(key, None)
        if known is None:
            known = self._read[key] = super().get(key)
        return known

    def create(self, key: str, data: bytes) -> bool:
        """Write `data` under a key that holds nothing; say whether this call did."""
        is_ours = super().create(key, data)
        if key.startswith(self._area):
            with self._lock:
                if not is_ours:
                    self._outdated.add(key[: key.rindex("/") + 1])
                elif self._names is not None:
                    self._note(self._names, key)
        return is_ours

    def _listed(self) -> defaultdict[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for stat in self._below.list(self._area):
            self._note(found, stat.key)
        return found

    def _note(self, names: defaultdict[str, set[str]], key: str) -> None:
        """Add a key to what is known, and each folder that it lies in to the one above."""
        folder = self._area
        for part in key.removeprefix(self._area).split("/")[:-1]:
            names[folder].add(f"{part}/")
            folder += f"{part}/"
        names[folder].add(key.removeprefix(folder))
