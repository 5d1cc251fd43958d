"""The walk over a plan: every task is settled once, by reuse, by running, or by never running."""

from __future__ import annotations

import heapq
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ..compiler.plan import Resources, Task, TaskId
from .ahead import Ahead
from .binding import ArtifactPoint, BoundRun, Identity, assign, identify
from .content import Content
from .events import (
    Event,
    ExecutorStarting,
    Failure,
    Notice,
    RunState,
    TaskEnded,
    TaskRetried,
    TaskStarted,
    TaskState,
)
from .executor import Executor, OpenExecutor, Outcome
from .record import Recorder
from .retry import next_attempt
from .reuse import Reused, adopt
from .schedule import Schedule
from .scope import Scope
from .store import reuse
from .store.backend import Backend
from .store.records import ReuseRecord
from .task_record import record_of
from .worker.server_key import ServerKey

MOST_REPAIRS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt that is about to start, runs, or waits for its time."""

    task: Task
    identity: Identity
    number: int
    resources: Resources
    repair: bool


class Walk:
    """The state of a run: what is known, what runs, what waits."""

    def __init__(
        self,
        bound: BoundRun,
        *,
        backend: Backend,
        scope: Scope,
        recorder: Recorder,
        open_executor: OpenExecutor,
        restore_source: Callable[[ArtifactPoint], Content],
        emit: Callable[[Event], None],
        keep_going: bool,
        in_order: bool,
    ) -> None:
        self._bound = bound
        self._backend = backend
        self._ahead = Ahead(backend, bound)
        self._recorder = recorder
        self._open_executor = open_executor
        self._restore_source = restore_source
        self._emit = emit
        self._keep_going = keep_going
        self._in_order = in_order
        self._schedule = Schedule(bound.plan, in_order=in_order)
        self._contents: dict[ArtifactPoint, Content] = {**bound.sources, **scope.given}
        self._forced = set(scope.forced)
        self._former: dict[TaskId, ReuseRecord] = {}
        self._states: dict[TaskId, TaskState] = {}
        self._executor: Executor | None = None
        self._running: dict[TaskId, Attempt] = {}
        self._held: Attempt | None = None
        self._delayed: list[tuple[float, int, Attempt]] = []
        self._numbers = itertools.count()
        self._repairs: Counter[TaskId] = Counter()
        self._setbacks: Counter[TaskId] = Counter()
        self._stopping: TaskState | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing runs and nothing more will start."""
        if self._stopping is not None:
            return not self._running
        return self._schedule.is_over

    def advance(self) -> None:
        """Settle or start every task that can be, in plan order."""
        while self._stopping is None:
            attempt = self._held or self._due()
            if attempt is None:
                task = self._schedule.next()
                if task is None:
                    return
                attempt = self._settle(task)
                if attempt is None:
                    continue
            if not self._start(attempt):
                return

    def collect(self) -> None:
        """Wait until something has ended, is due, or is to be written; settle what ended."""
        # What is held waits for room, so until then nothing more can start, due or not.
        is_waiting = bool(self._delayed) and self._held is None and self._stopping is None
        waits = [max(0.0, self._delayed[0][0] - time.monotonic())] if is_waiting else []
        waits.append(self._recorder.patience)
        if self._running and self._executor is not None:
            for outcome in self._executor.wait(min(waits)):
                self._finish(outcome)
        elif is_waiting:
            time.sleep(min(waits))
        else:
            assert self.is_over, "whatever is not settled is running, due, or ready"
        self._recorder.flush_overdue()

    def interrupt(self) -> None:
        """Give up what runs; everything unsettled ends as cancelled."""
        self._stopping = "cancelled"

    def close(self) -> None:
        """End the executor, if there is one."""
        executor, self._executor = self._executor, None
        if executor is not None:
            executor.close()

    def end(self) -> RunState:
        """Settle what was never reached; return how the run ended."""
        for task in self._bound.plan.tasks:
            if task.id not in self._states:
                self._settled(task, self._stopping or "skipped", identity=None)
        if self._stopping == "cancelled":
            return "cancelled"
        return "failed" if "failed" in self._states.values() else "succeeded"

    def _settle(self, task: Task) -> Attempt | None:
        identity = identify(self._bound, task, self._contents)
        repair = self._repairs[task.id] > 0
        reused = None if repair else self._reuse(task, identity)
        if reused is None:
            return Attempt(
                task=task, identity=identity, number=1, resources=task.resources, repair=repair
            )
        self._adopt(task, identity, reused)
        return None

    def _reuse(self, task: Task, identity: Identity) -> Reused | None:
        if task.id in self._forced:
            self._forced.discard(task.id)
            former = reuse.find(self._backend, identity.fingerprint)
            if former is not None:
                self._former[task.id] = former
            return None
        found = self._ahead.find(task, identity, self._ready)
        if found is None:
            return None
        return adopt(self._backend, self._bound, task, found, self._contents)

    def _ready(self) -> Iterator[tuple[Task, Identity]]:
        """Yield what is ready now and may be reused."""
        for task in self._schedule.ready():
            if task.id not in self._forced and self._repairs[task.id] == 0:
                yield task, identify(self._bound, task, self._contents)

    def _adopt(self, task: Task, identity: Identity, reused: Reused) -> None:
        if reused.failure is not None:
            self._fail(task, identity, reused.failure, None)
            return
        self._learn(task, dict(reused.record.outputs))
        self._settled(task, "reused", identity=identity, reused=reused)
        self._schedule.done(task)

    def _start(self, attempt: Attempt) -> bool:
        if self._executor is None:
            self._emit(ExecutorStarting())
            self._executor = self._open_executor(self._upcoming())
            self._foretell(self._executor)
        refusal = self._executor.infeasible(attempt.resources)
        if refusal is not None:
            failure = Failure(reason="infeasible", message=refusal, detail="", help=None)
            self._held = None
            self._fail(attempt.task, attempt.identity, failure, None)
            return True
        if self._executor.room <= 0 or self._would_overtake(attempt):
            self._held = attempt
            return False
        self._held = None
        self._running[attempt.task.id] = attempt
        self._executor.start(
            assign(
                self._bound,
                attempt.task,
                attempt.identity,
                self._contents,
                attempt=attempt.number,
                resources=attempt.resources,
                repair=attempt.repair,
            )
        )
        self._emit(
            TaskStarted(
                task=attempt.task.id,
                attempt=attempt.number,
                fingerprint=attempt.identity.fingerprint,
            )
        )
        return True

    def _upcoming(self) -> tuple[ServerKey, ...]:
        from .worker.upcoming import upcoming_servers

        unsettled = (task for task in self._bound.plan.tasks if task.id not in self._states)
        return upcoming_servers(self._bound, unsettled)

    def _would_overtake(self, attempt: Attempt) -> bool:
        """Whether an executor could start this before what was handed to it earlier.

        Where all ask for the same it starts them in their order; else what asks for less may find
        room first.
        """
        return self._in_order and any(
            other.resources != attempt.resources for other in self._running.values()
        )

    def _foretell(self, executor: Executor) -> None:
        """Say at once which later tasks can never run here, not when their turn comes."""
        said: set[str] = set()
        for task in self._bound.plan.tasks:
            refusal = executor.infeasible(task.resources)
            if refusal is not None and task.id not in self._states and refusal not in said:
                said.add(refusal)
                self._emit(Notice(message=f"`{task.id}` cannot run here: {refusal}"))

    def _finish(self, outcome: Outcome) -> None:
        attempt = self._running.pop(outcome.task)
        task = attempt.task
        if outcome.state == "succeeded":
            outcome = replace(outcome, warnings=(*outcome.warnings, *self._differing(outcome)))
            self._learn(task, dict(outcome.contents))
            self._settled(task, "succeeded", identity=attempt.identity, outcome=outcome)
            self._schedule.done(task)
            return
        failure = outcome.failure
        assert failure is not None, "a failed outcome says why"
        if outcome.unreadable and self._repair(attempt, outcome):
            return
        retry = next_attempt(
            failure=failure,
            attempt=attempt.number,
            resources=attempt.resources,
            retries=self._bound.definitions[task.transformation].retries,
            escalation=self._bound.definitions[task.transformation].on_out_of_memory,
        )
        if retry is None or self._stopping is not None:
            self._fail(task, attempt.identity, failure, outcome)
            return
        again = Attempt(
            task=task,
            identity=attempt.identity,
            number=attempt.number + 1,
            resources=retry.resources,
            repair=attempt.repair,
        )
        due = time.monotonic() + retry.delay
        heapq.heappush(self._delayed, (due, next(self._numbers), again))
        self._emit(
            TaskRetried(task=task.id, attempt=attempt.number, failure=failure, delay=retry.delay)
        )

    def _repair(self, attempt: Attempt, outcome: Outcome) -> bool:
        """Have what the store lost made again, then the task that wanted it."""
        # One attempt finds the losses of one of its inputs.
        self._setbacks[attempt.task.id] += 1
        if self._setbacks[attempt.task.id] > MOST_REPAIRS * len(attempt.task.inputs):
            return False
        plan = self._bound.plan
        producers: dict[int, None] = {}
        for lost in outcome.unreadable:
            index = self._schedule.producer.get(lost)
            is_outside = index is None and lost not in self._bound.sources
            more = ", and what makes it is not selected" if is_outside else ""
            self._emit(Notice(message=f"`{lost[0]}` is no longer whole in the store{more}"))
            if is_outside:
                return False
            if index is None:
                self._contents[lost] = self._restore_source(lost)
            else:
                producers[index] = None
        if not producers:
            self._schedule.offer_again(attempt.task)
        elif not self._schedule.reopen(tuple(producers), attempt.task):
            return False
        for index in producers:
            self._repairs[plan.tasks[index].id] += 1
        return True

    def _due(self) -> Attempt | None:
        if self._delayed and self._delayed[0][0] <= time.monotonic():
            return heapq.heappop(self._delayed)[2]
        return None

    def _learn(self, task: Task, contents: dict[str, Content]) -> None:
        for output in task.outputs:
            key = (output.artifact, task.point)
            former = self._contents.get(key)
            self._contents[key] = contents[output.name]
            if former is not None and former.digest != contents[output.name].digest:
                self._emit(
                    Notice(
                        message=f"`{task.id}` gave another `{output.artifact}` when it was made "
                        "again: it is not deterministic"
                    )
                )

    def _differing(self, outcome: Outcome) -> tuple[str, ...]:
        """Say where a forced task gave something else than its fingerprint had given before."""
        former = self._former.pop(outcome.task, None)
        if former is None or not self._claims_determinism(outcome.task):
            return ()
        before = dict(former.outputs)
        now = dict(outcome.contents)
        return tuple(
            f"`{outcome.task}` gave another `{output.artifact}` than before: it is not "
            f"deterministic ({_short(before[output.name])} → {_short(now[output.name])})"
            for output in outcome.outputs
            if output.name in before and before[output.name].digest != now[output.name].digest
        )

    def _claims_determinism(self, task: TaskId) -> bool:
        return self._bound.definitions[task.partition("[")[0]].deterministic

    def _fail(
        self, task: Task, identity: Identity, failure: Failure, outcome: Outcome | None
    ) -> None:
        self._settled(task, "failed", identity=identity, outcome=outcome, failure=failure)
        for skipped in self._schedule.lost(task):
            self._settled(skipped, "skipped", identity=None)
        if not self._keep_going:
            self._stopping = self._stopping or "skipped"

    def _settled(
        self,
        task: Task,
        state: TaskState,
        *,
        identity: Identity | None,
        reused: Reused | None = None,
        outcome: Outcome | None = None,
        failure: Failure | None = None,
    ) -> None:
        self._states[task.id] = state
        record = record_of(
            task,
            state,
            identity=identity,
            contents=self._contents,
            reused=reused,
            outcome=outcome,
            failure=failure,
        )
        self._recorder.task(record)
        known = reused or outcome
        self._emit(
            TaskEnded(
                task=task.id,
                state=state,
                fingerprint=None if identity is None else identity.fingerprint,
                attempts=record.attempts,
                seconds=record.seconds,
                cpu_seconds=record.cpu_seconds,
                peak_memory=record.peak_memory,
                outputs=() if known is None else known.outputs,
                failure=failure,
                log=record.log,
                warnings=record.warnings,
            )
        )


def _short(content: Content) -> str:
    scheme, _, hexadecimal = content.digest.rpartition(":")
    return f"{scheme}:{hexadecimal[:12]}"
