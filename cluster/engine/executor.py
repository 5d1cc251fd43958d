"""Ray as an executor: short attempts travel together in one Ray task, others have one each.

What is to be tried again, and when, is decided by us, not by Ray.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from ...compiler.plan import Resources, TaskId
from ...runtime.events import Failure, FailureReason
from ...runtime.executor import Assignment, Outcome
from ...runtime.worker.server_key import ServerKey
from .attempt import NURSERY, run_packed
from .batches import Batches
from .feasibility import ClusterNode, live_nodes, why_infeasible
from .packing import pack, unpack
from .session import EmbeddedSession, Machine, others_alive
from .slots import slots_folder

SMALLEST_WINDOW = 16
WINDOW_PER_CPU = 4


class RayExecutor:
    """Hands attempts to a Ray that is already connected.

    `folder` is where workers keep their files on their node; `slots`, where set, is the folder
    through which the machine's CPUs are shared with other embedded sessions. Attempts that are
    `in_order` each travel alone, so that none starts before an earlier one.
    """

    def __init__(
        self,
        ray: ModuleType,
        *,
        folder: str,
        slots: str | None,
        close: Callable[[], None],
        in_order: bool = False,
    ) -> None:
        self._ray = ray
        self._folder = folder
        self._slots = slots
        self._close = close
        self._nodes: tuple[ClusterNode, ...] = live_nodes(ray.nodes())
        self._cpus = int(sum(node.cpus for node in self._nodes))
        self._window = max(SMALLEST_WINDOW, WINDOW_PER_CPU * self._cpus)
        self._running: dict[Any, tuple[Assignment, ...]] = {}
        self._batched: set[Any] = set()
        self._batches = Batches(self._cpus)
        self._in_order = in_order
        self._run = ray.remote(max_retries=0)(run_packed)
        self._known: dict[Resources, str | None] = {}

    @property
    def cpus(self) -> int:
        """The CPUs of all nodes."""
        return self._cpus

    @property
    def room(self) -> int:
        """How many more attempts it takes; more where they have turned out to be short."""
        alone = max(0, self._window - len(self._running))
        return alone if self._in_order else alone + self._batches.room

    def infeasible(self, resources: Resources) -> str | None:
        if resources not in self._known:
            self._known[resources] = why_infeasible(resources, self._nodes)
        return self._known[resources]

    def start(self, assignment: Assignment) -> None:
        if self._in_order or not self._batches.take(assignment):
            self._send((assignment,))

    def wait(self, timeout: float | None) -> list[Outcome]:
        self._send_batches()
        if not self._running:
            return []
        waiting = list(self._running)
        done, rest = self._ray.wait(waiting, num_returns=1, timeout=timeout)
        if done and rest:
            done += self._ray.wait(rest, num_returns=len(rest), timeout=0)[0]
        return [outcome for reference in done for outcome in self._outcomes(reference)]

    def close(self) -> None:
        self._running.clear()
        self._close()

    def _send_batches(self) -> None:
        while batch := self._batches.next(len(self._batched)):
            self._batched.add(self._send(batch))

    def _send(self, assignments: tuple[Assignment, ...]) -> Any:
        first, count = assignments[0], len(assignments)
        name = str(first.task) if count == 1 else f"{first.task} and {count - 1} more"
        options = ray_options(first.resources) | {"name": name}
        reference = self._run.options(**options).remote(
            pack((assignments, self._folder, self._slots, self._cpus))
        )
        self._running[reference] = assignments
        return reference

    def _outcomes(self, reference: Any) -> list[Outcome]:
        assignments = self._running.pop(reference)
        self._batched.discard(reference)
        try:
            outcomes: list[Outcome] = unpack(self._ray.get(reference))
        except self._ray.exceptions.RayError as error:
            return self._lost(assignments, failure_of(self._ray, error))
        for assignment, outcome in zip(assignments, outcomes, strict=False):
            self._batches.learn(assignment, outcome)
        self._batches.put_back(assignments[len(outcomes) :])
        return outcomes

    def _lost(self, assignments: tuple[Assignment, ...], failure: Failure) -> list[Outcome]:
        """Say that an attempt is lost. One of several may be to blame: each starts anew, alone."""
        if len(assignments) == 1:
            return [lost(assignments[0].task, assignments[0].attempt, failure)]
        for assignment in assignments:
            self._send((assignment,))
        return []


def embedded_executor(
    machine: Machine,
    notify: Callable[[str], None],
    wanted: Sequence[ServerKey] = (),
    *,
    in_order: bool = False,
) -> RayExecutor:
    """Start an embedded Ray and return the executor that owns it; `notify` takes lines of talk.

    What the servers `wanted` have to import is imported meanwhile.
    """
    session = EmbeddedSession(machine, NURSERY, wanted)
    others = others_alive(session.folder)
    if others:
        notify(
            f"{others} other reprocc {'run uses' if others == 1 else 'runs use'} this machine; "
            f"its {os.cpu_count()} CPUs are shared"
        )
    return RayExecutor(
        session.ray,
        folder=str(session.folder / "work"),
        slots=str(slots_folder()) if machine.cpus is None else None,
        close=session.close,
        in_order=in_order,
    )


def ray_options(resources: Resources) -> dict[str, Any]:
    """Translate a request into the options of a Ray task."""
    options: dict[str, Any] = {
        "num_cpus": _counted(resources.cpus),
        "num_gpus": _counted(resources.gpus),
    }
    if resources.memory is not None:
        options["memory"] = resources.memory
    if resources.gpu_type is not None:
        options["accelerator_type"] = resources.gpu_type
    if resources.labels:
        options["label_selector"] = dict(resources.labels)
    if resources.custom:
        options["resources"] = {name: _counted(amount) for name, amount in resources.custom}
    return options


def _counted(amount: float) -> float:
    """Return an amount in the ten-thousandths that Ray counts in; what is asked for stays some."""
    return max(round(amount, 4), 0.0001) if amount else 0.0


def failure_of(ray: ModuleType, error: Exception) -> Failure:
    """Put what Ray says of a lost attempt into our own classes and words."""
    errors = ray.exceptions
    reason: FailureReason
    if isinstance(error, errors.OutOfMemoryError):
        reason, message = "out-of-memory", "the node ran out of memory and the worker was killed"
    elif isinstance(error, errors.TaskUnschedulableError):
        reason, message = "infeasible", "no node can hold it"
    elif isinstance(error, errors.RayTaskError):
        return Failure(
            reason="internal",
            message="the worker itself failed; this is a defect of reprocc",
            detail=str(error),
            help=None,
        )
    else:
        reason, message = "worker-lost", "the worker that ran it is gone"
    return Failure(reason=reason, message=message, detail="", help=None)


def lost(task: TaskId, attempt: int, failure: Failure) -> Outcome:
    """Return the outcome of an attempt that no worker could report on."""
    return Outcome(
        task=task,
        attempt=attempt,
        state="failed",
        contents=(),
        outputs=(),
        failure=failure,
        warnings=(),
        log=None,
        host="",
        seconds=0.0,
        cpu_seconds=0.0,
        peak_memory=0,
        unreadable=(),
    )
