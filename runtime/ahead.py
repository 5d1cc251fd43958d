"""What can be reused, found out for many tasks at once where the store is far away."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

from ..compiler.plan import Task
from .binding import BoundRun, Identity
from .reuse import Reusable, find_reusable
from .store import versions
from .store.at_once import at_once, each
from .store.backend import Backend, Damaged

_WINDOW = 4
"""How many tasks are looked at together, for each call that is worth making at once."""

Upcoming = Callable[[], Iterable[tuple[Task, Identity]]]
"""Gives the tasks whose inputs are known, in the order in which they will be asked for."""


class Ahead:
    """Answers as `find_reusable` does, each answer once; it asks for what comes next as well."""

    def __init__(self, backend: Backend, bound: BoundRun) -> None:
        self._backend = backend
        self._bound = bound
        self._window = _WINDOW * at_once(backend) if at_once(backend) > 1 else 0
        self._known: dict[tuple[str, str], Reusable | None] = {}

    def find(self, task: Task, identity: Identity, upcoming: Upcoming) -> Reusable | None:
        """Return what the task's fingerprint gave before, or None where it must run.

        Raises StoreError.
        """
        key = _key(task, identity)
        if key not in self._known:
            if not self._window:
                return find_reusable(self._backend, self._bound, task, identity)
            wanted = {key: (task, identity)}
            wanted |= {_key(*one): one for one in islice(upcoming(), self._window)}
            found = each(self._backend, lambda one: self._look(*one), wanted.values())
            self._known |= zip(wanted, found, strict=True)
        return self._known.pop(key)

    def _look(self, task: Task, identity: Identity) -> Reusable | None:
        found = find_reusable(self._backend, self._bound, task, identity)
        if found is not None:
            each(self._backend, lambda output: self._warm(task, output.artifact), task.outputs)
        return found

    def _warm(self, task: Task, artifact: str) -> None:
        """Read the manifest that publishing will compare with; a survey keeps it until then."""
        try:
            versions.newest(self._backend, self._bound.plan.pipeline, artifact, task.point)
        except Damaged:
            return


def _key(task: Task, identity: Identity) -> tuple[str, str]:
    return task.id, identity.fingerprint
