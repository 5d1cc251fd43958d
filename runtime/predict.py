"""What a run would do, without doing it: which tasks run, are reused, or depend on what comes."""

from __future__ import annotations

import json
from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ..compiler.canonical import Digest, encode_text
from ..compiler.plan import Task, TaskId
from .ahead import Ahead
from .binding import ArtifactPoint, BoundRun, Identity, identify
from .content import Content
from .estimate import expected_seconds
from .history import Former, History
from .reuse import adopt
from .scope import Scope
from .store import reuse
from .store.backend import Backend

_FARTHEST = 1000
"""How many tasks of a plan are looked over for what can be decided together."""

Reason = Literal[
    "reused", "refused", "forced", "changed", "never-ran", "failed", "missing", "upstream"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A component of an identity that is not what it was; canonical JSON, None where absent."""

    component: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What would happen to a task.

    `run`: it surely runs; `reuse`: it surely does not; `depends`: something above it runs first
    and may give what was there before. `reason` says why in a word: `refused`, since a contract
    of today refuses what it gave, in the words of `refusal`; `missing`, since what it gave is no
    longer whole in the store; `failed`, as it was, in the run `failed_in`. `because` compares with
    what it was in `run`, the run that made what is reused or that last knew it otherwise.
    `upstream` names what it depends on; inputs from there are not compared. `seconds` is what it
    will take, or would if it ran; None where nothing is known.
    """

    task: TaskId
    decision: Literal["run", "reuse", "depends"]
    reason: Reason
    because: tuple[Change, ...]
    upstream: tuple[TaskId, ...]
    refusal: str | None
    run: str | None
    failed_in: str | None
    seconds: float | None


def predict(
    bound: BoundRun, backend: Backend, *, scope: Scope, history: History | None
) -> tuple[Decision, ...]:
    """Decide for every task in plan order; nothing runs.

    What is reused is published as in a run: give an overlay where nothing may be written.
    `history` is that of the store as it is, None where there is none yet. Raises StoreError.
    """
    oracle = _Oracle(bound, backend, scope, history)
    found = [oracle.decide(task) for task in bound.plan.tasks]
    known = {one.task: one.seconds for one in found if one.seconds is not None}
    expected = expected_seconds(bound.plan.tasks, known)
    return tuple(replace(one, seconds=expected[one.task]) for one in found)


class _Oracle:
    """What is known of a run's contents so far, and what is not."""

    def __init__(
        self, bound: BoundRun, backend: Backend, scope: Scope, history: History | None
    ) -> None:
        self._bound = bound
        self._backend = backend
        self._forced = scope.forced
        self._history = history
        self._ahead = Ahead(backend, bound)
        self._next = 0
        self._contents: dict[ArtifactPoint, Content] = {**bound.sources, **scope.given}
        self._unknown: dict[ArtifactPoint, TaskId] = {}

    def decide(self, task: Task) -> Decision:
        """Decide for a task; those before it have been decided."""
        self._next += 1
        decision = self._decided(task)
        if decision.decision != "reuse" or decision.refusal is not None:
            self._unknown.update(
                {(output.artifact, task.point): task.id for output in task.outputs}
            )
        return decision

    def _decided(self, task: Task) -> Decision:
        wanted = [(one.artifact, point) for one in task.inputs for point in one.points]
        upstream = tuple(
            dict.fromkeys(self._unknown[key] for key in wanted if key in self._unknown)
        )
        if upstream:
            return self._dependent(task, upstream)
        identity = identify(self._bound, task, self._contents)
        is_forced = task.id in self._forced
        found = None if is_forced else self._ahead.find(task, identity, self._upcoming)
        reused = None if found is None else adopt(self._backend, self._bound, task, found)
        if reused is None:
            return self._stale(task, identity)
        outputs = dict(reused.record.outputs)
        for output in task.outputs:
            self._contents[output.artifact, task.point] = outputs[output.name]
        return Decision(
            task=task.id,
            decision="reuse",
            reason="reused" if reused.failure is None else "refused",
            because=(),
            upstream=(),
            refusal=None if reused.failure is None else reused.failure.message,
            run=reused.record.run,
            failed_in=None,
            seconds=reused.record.seconds,
        )

    def _upcoming(self) -> Iterator[tuple[Task, Identity]]:
        """Yield what comes later and can be decided already."""
        for task in self._bound.plan.tasks[self._next : self._next + _FARTHEST]:
            wanted = ((one.artifact, point) for one in task.inputs for point in one.points)
            if task.id not in self._forced and all(key in self._contents for key in wanted):
                yield task, identify(self._bound, task, self._contents)

    def _dependent(self, task: Task, upstream: tuple[TaskId, ...]) -> Decision:
        """Decide for a task some of whose inputs are not known; the rest is compared."""
        former = self._former(task)
        changes: tuple[Change, ...] = ()
        if former is not None:
            unknown = {
                f"input.{one.parameter}"
                for one in task.inputs
                if any((one.artifact, point) in self._unknown for point in one.points)
            }
            identity = identify(self._bound, task, ChainMap(self._contents, _Unknown()))
            changes = tuple(
                one
                for one in changes_between(former.record.identity, identity.components)
                if one.component not in unknown
            )
        # Where nothing was ever recorded, whatever comes from above is new.
        is_new = self._history is None or self._history.is_new
        is_run = is_new or task.id in self._forced
        return Decision(
            task=task.id,
            decision="run" if is_run else "depends",
            reason="forced"
            if task.id in self._forced
            else "never-ran"
            if former is None
            else "upstream",
            because=changes,
            upstream=upstream,
            refusal=None,
            run=None if former is None else former.run,
            failed_in=None,
            seconds=None if former is None else former.record.seconds,
        )

    def _stale(self, task: Task, identity: Identity) -> Decision:
        former = self._former(task)
        because = (
            () if former is None else changes_between(former.record.identity, identity.components)
        )
        failed = None if self._history is None else self._history.failed(task, identity.fingerprint)
        return Decision(
            task=task.id,
            decision="run",
            reason=self._reason(task, identity, because, failed, former),
            because=because,
            upstream=(),
            refusal=None,
            run=None if former is None else former.run,
            failed_in=failed,
            seconds=None if former is None else former.record.seconds,
        )

    def _reason(
        self,
        task: Task,
        identity: Identity,
        because: tuple[Change, ...],
        failed: str | None,
        former: Former | None,
    ) -> Reason:
        if task.id in self._forced:
            return "forced"
        if failed is not None:
            return "failed"
        if reuse.latest(self._backend, identity.fingerprint) is not None:
            return "missing"
        if former is None:
            return "never-ran"
        assert because, "another fingerprint has another component"
        return "changed"

    def _former(self, task: Task) -> Former | None:
        return None if self._history is None else self._history.former(task)


class _Unknown(dict[ArtifactPoint, Content]):
    """Stands in for contents that are not there yet; what is made of it is never compared."""

    def __missing__(self, key: ArtifactPoint) -> Content:
        return Content(
            kind="file",
            layout="file",
            digest=Digest("unknown:"),
            parts=(),
            rows=None,
            schema=None,
            suffix="",
        )


def changes_between(old: str, new: str) -> tuple[Change, ...]:
    """Compare two identities, canonical JSON; return the components that differ, by name."""
    was, now = json.loads(old), json.loads(new)
    return tuple(
        Change(component=name, old=_shown(was, name), new=_shown(now, name))
        for name in sorted({*was, *now})
        if was.get(name) != now.get(name)
    )


def _shown(parts: Mapping[str, object], name: str) -> str | None:
    if name not in parts:
        return None
    return encode_text(parts[name])  # type: ignore[arg-type]
